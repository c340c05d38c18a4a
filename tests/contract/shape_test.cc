// The shape of the repository: what the layers may know of each other, that who knows one service
// knows all, and what lies where.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "re2/re2.h"

namespace lscp::tests {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const fs::path kRoot = LSCP_SOURCE_DIR;

std::string ContentOf(const fs::path& file) {
  std::ifstream in(file);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::vector<std::string> LinesOf(const std::string& text) { return absl::StrSplit(text, '\n'); }

// Files below a folder whose names end so, sorted.
std::vector<fs::path> FilesIn(const fs::path& folder, const std::set<std::string>& endings) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && endings.contains(entry.path().extension())) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> FoldersIn(const fs::path& folder, const std::set<std::string>& but) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (entry.is_directory() && !but.contains(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> Services() {
  return FoldersIn(kRoot / "services", {"common", "domain", "adr"});
}

const std::set<std::string> kCode = {".h", ".cc", ".inl"};

// Lines of the files below a folder that match, as "path:line: text".
std::vector<std::string> Grep(const fs::path& folder, const std::set<std::string>& endings,
                              const RE2& pattern,
                              const std::function<std::string(std::string)>& prepare) {
  std::vector<std::string> found;
  for (const fs::path& file : FilesIn(folder, endings)) {
    int number = 0;
    for (const std::string& line : LinesOf(prepare(ContentOf(file)))) {
      ++number;
      if (!RE2::PartialMatch(line, pattern)) continue;
      found.push_back(absl::StrCat(fs::relative(file, kRoot).string(), ":", number, ": ", line));
    }
  }
  return found;
}

// Takes out what matches, but for its line ends.
void Blank(std::string& text, const RE2& pattern) {
  re2::StringPiece found;
  size_t from = 0;
  while (pattern.Match(text, from, text.size(), RE2::UNANCHORED, &found, 1)) {
    from = static_cast<size_t>(found.data() - text.data());
    const auto lines = static_cast<size_t>(std::count(found.begin(), found.end(), '\n'));
    text.replace(from, found.size(), std::string(lines, '\n'));
  }
}

// Takes out what is quoted, "…" and `…`: data and examples, which may be of any domain; and the
// names of protos.
std::string Unquoted(std::string text) {
  static const RE2 quoted[] = {
      RE2(R"re((?s)R"\(.*?\)")re"),
      RE2(R"re("(\\.|[^"\\\n])*")re"),
      RE2(R"(`[^`\n]*(\n *//[^`\n]*)?`)"),
      RE2(R"(safeguarding(::|/)\w+)"),
  };
  for (const RE2& pattern : quoted) Blank(text, pattern);
  return text;
}

// "child" alone is not among the words: processes and spans of a trace have children too.
TEST(Common, KnowsNoWordOfTheDomain) {
  const RE2 words(
      R"((?i)(school|pupil|teacher|social.?work|social.?care|police|\bmash|nhs|referral|contact|)"
      R"(conference|guardian|foster|ambulance|probation|safeguard|early.?help|enquir|children|)"
      R"(carer|hospital|assessment|\bdsl\b|\bcdop\b|\bicpc\b))");
  EXPECT_THAT(Grep(kRoot / "services/common", {".h", ".cc", ".inl", ".sql"}, words, Unquoted),
              IsEmpty());
}

TEST(Common, IncludesNoService) {
  const RE2 messages(
      R"(^\s*#include "safeguarding/(options|errors|timescales|indicators|audit|events|internal|)"
      R"(config)/)");
  const RE2 any_messages(R"(^\s*#include "safeguarding/)");
  std::vector<std::string> wrong;
  const auto as_it_is = [](std::string text) { return text; };
  for (const std::string& line : Grep(kRoot / "services/common", kCode, any_messages, as_it_is)) {
    const std::string include = line.substr(line.find("#include"));
    if (!RE2::PartialMatch(include, messages)) wrong.push_back(line);
  }
  EXPECT_THAT(wrong, IsEmpty());
  for (const std::string& service : Services()) {
    const RE2 header(absl::StrCat("^\\s*#include \"", service, "/"));
    EXPECT_THAT(Grep(kRoot / "services/common", kCode, header, as_it_is), IsEmpty());
    EXPECT_THAT(Grep(kRoot / "gateway", kCode, header, as_it_is), IsEmpty());
  }
}

TEST(Domain, IncludesNoServiceAndNoServicesMessages) {
  const RE2 messages(R"(^\s*#include "safeguarding/)");
  const auto as_it_is = [](std::string text) { return text; };
  EXPECT_THAT(Grep(kRoot / "services/domain", kCode, messages, as_it_is), IsEmpty());
  for (const std::string& service : Services()) {
    const RE2 header(absl::StrCat("^\\s*#include \"", service, "/"));
    EXPECT_THAT(Grep(kRoot / "services/domain", kCode, header, as_it_is), IsEmpty());
  }
}

TEST(EveryService, IncludesNoOther) {
  const auto as_it_is = [](std::string text) { return text; };
  for (const std::string& service : Services()) {
    for (const std::string& other : Services()) {
      if (service == other) continue;
      const RE2 header(absl::StrCat("^\\s*#include \"", other, "/"));
      EXPECT_THAT(Grep(kRoot / "services" / service, kCode, header, as_it_is), IsEmpty());
    }
  }
}

TEST(EveryService, SpeaksNoGrpc) {
  const RE2 grpc(R"(^\s*#include [<"]grpc)");
  for (const std::string& service : Services()) {
    EXPECT_THAT(
        Grep(kRoot / "services" / service, kCode, grpc, [](std::string text) { return text; }),
        IsEmpty());
  }
}

std::vector<std::string> HeadingsOf(const fs::path& file) {
  std::vector<std::string> headings;
  for (const std::string& line : LinesOf(ContentOf(file))) {
    if (absl::StartsWith(line, "## ")) headings.push_back(line.substr(3));
  }
  return headings;
}

TEST(EveryService, HasTheSameShape) {
  ASSERT_FALSE(Services().empty());
  for (const std::string& service : Services()) {
    SCOPED_TRACE(service);
    const fs::path folder = kRoot / "services" / service;
    EXPECT_THAT(HeadingsOf(folder / "README.md"),
                ElementsAre("Owns", "States", "RPCs", "Rules", "Config", "Metrics", "Runbook"));
    EXPECT_TRUE(fs::exists(folder / "CMakeLists.txt"));
    EXPECT_TRUE(fs::exists(folder / "main.cc"));
    EXPECT_FALSE(FilesIn(folder / "migrations", {".sql"}).empty());
    EXPECT_TRUE(fs::exists(kRoot / "protos/safeguarding" / service / "v1"));
  }
}

TEST(EveryMain, IsShort) {
  std::vector<fs::path> mains = {kRoot / "gateway/main.cc"};
  for (const std::string& service : Services()) {
    mains.push_back(kRoot / "services" / service / "main.cc");
  }
  for (const fs::path& file : mains) {
    const std::string content = ContentOf(file);
    EXPECT_FALSE(content.empty()) << file;
    EXPECT_LE(std::count(content.begin(), content.end(), '\n'), 30) << file;
  }
}

TEST(EveryMigration, HasItsNumber) {
  for (const fs::path& file : FilesIn(kRoot / "services", {".sql"})) {
    if (file.parent_path().filename() != "migrations") continue;
    EXPECT_TRUE(RE2::FullMatch(file.filename().string(), "[0-9]{4}_[a-z0-9_]+\\.sql")) << file;
  }
}

TEST(TheTopLevel, HoldsWhatItMayAndWhatItMust) {
  const std::set<std::string> must = {"CMakeLists.txt", "README.md", "gateway", "k8s",
                                      "protos",         "services",  "tests"};
  const std::set<std::string> may = {"CHANGELOG.md", "CMakePresets.json", "CONTRIBUTING.md",
                                     "LICENSE",      "SECURITY.md",       "lscp",
                                     "build"};  // made by CMake, ignored by git
  std::set<std::string> missing = must;
  std::vector<std::string> unexpected;
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    const std::string name = entry.path().filename();
    missing.erase(name);
    if (name.front() != '.' && !must.contains(name) && !may.contains(name)) {
      unexpected.push_back(name);
    }
  }
  EXPECT_THAT(missing, IsEmpty());
  EXPECT_THAT(unexpected, IsEmpty());
}

}  // namespace
}  // namespace lscp::tests
