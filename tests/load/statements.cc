#include "tests/load/statements.h"

#include <cctype>
#include <charconv>
#include <map>
#include <optional>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace lscp::tests {
namespace {

// A line of the log: `[time]<tab>[tab]   <thread> <command><tab><text>`.
struct Entry {
  int thread = 0;
  std::string_view command;
  std::string_view text;
};

bool Starts(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

std::optional<Entry> ParseLine(std::string_view line) {
  const size_t digits = line.find_first_not_of("\t ", line.find('\t'));
  if (digits == std::string_view::npos) return std::nullopt;
  Entry entry;
  const auto [end, error] =
      std::from_chars(line.data() + digits, line.data() + line.size(), entry.thread);
  if (error != std::errc() || end == line.data() + line.size() || *end != ' ') return std::nullopt;
  line.remove_prefix(end + 1 - line.data());
  const size_t tab = line.find('\t');
  if (tab == std::string_view::npos) return std::nullopt;
  entry.command = line.substr(0, tab);
  entry.text = line.substr(tab + 1);
  return entry;
}

// The log's entries. A statement's own newlines make lines that continue the entry before; values
// have theirs escaped.
std::vector<Entry> ParseLog(std::string_view log) {
  std::vector<Entry> entries;
  for (size_t begin = 0; begin < log.size();) {
    const size_t end = std::min(log.find('\n', begin), log.size());
    const std::string_view line = log.substr(begin, end - begin);
    if (const auto entry = ParseLine(line)) {
      entries.push_back(*entry);
    } else if (!entries.empty()) {
      std::string_view& text = entries.back().text;
      text = {text.data(), static_cast<size_t>(line.data() + line.size() - text.data())};
    }
    begin = end + 1;
  }
  return entries;
}

// Reads one literal off the front of `text`.
std::optional<db::Value> TakeLiteral(std::string_view& text) {
  if (Starts(text, "NULL")) {
    text.remove_prefix(4);
    return db::Value(nullptr);
  }
  if (Starts(text, "_binary")) text.remove_prefix(7);
  if (text.empty()) return std::nullopt;
  if (text[0] != '\'') {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(end - text.data());
    return db::Value(number);
  }
  std::string value;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\'') {
      text.remove_prefix(i + 1);
      return db::Value(std::move(value));
    }
    if (text[i] != '\\' || i + 1 == text.size()) {
      value += text[i];
      continue;
    }
    const char escaped = text[++i];
    value += escaped == '0'   ? '\0'
             : escaped == 'n' ? '\n'
             : escaped == 'r' ? '\r'
             : escaped == 'Z' ? '\x1a'
                              : escaped;
  }
  return std::nullopt;
}

// The values that stand in `executed` where `prepared` has placeholders.
std::optional<db::Args> ValuesOf(std::string_view prepared, std::string_view executed) {
  db::Args args;
  while (!prepared.empty()) {
    const size_t placeholder = std::min(prepared.find('?'), prepared.size());
    if (!Starts(executed, prepared.substr(0, placeholder))) return std::nullopt;
    executed.remove_prefix(placeholder);
    prepared.remove_prefix(placeholder);
    if (prepared.empty()) break;
    const auto value = TakeLiteral(executed);
    if (!value) return std::nullopt;
    args.push_back(*value);
    prepared.remove_prefix(1);
  }
  if (!executed.empty()) return std::nullopt;
  return args;
}

bool Holds(const db::Args& args, std::string_view marker) {
  for (const db::Value& arg : args) {
    const auto* text = std::get_if<std::string>(&arg.variant());
    if (text != nullptr && text->find(marker) != std::string::npos) return true;
  }
  return false;
}

absl::StatusOr<StatementsOfCall> CallOf(const std::vector<Entry>& entries, int thread) {
  StatementsOfCall call;
  std::string_view prepared;
  for (const Entry& entry : entries) {
    if (entry.thread != thread) continue;
    if (entry.command == "Prepare") prepared = entry.text;
    if (entry.command == "Query" && entry.text == "COMMIT") call.commits = true;
    if (entry.command != "Execute") continue;
    auto args = ValuesOf(prepared, entry.text);
    if (!args) {
      return absl::InvalidArgumentError(
          absl::StrCat("cannot read the values of '", std::string(prepared), "' in the log"));
    }
    call.statements.push_back(
        {std::string(prepared), *std::move(args), Starts(prepared, "SELECT")});
  }
  return call;
}

}  // namespace

absl::StatusOr<StatementsOfCall> FindCall(const std::string& log, std::string_view marker) {
  const std::vector<Entry> entries = ParseLog(log);
  std::map<int, std::string_view> prepared;
  for (const Entry& entry : entries) {
    if (entry.command == "Prepare") prepared[entry.thread] = entry.text;
    if (entry.command != "Execute" || Starts(entry.text, "INSERT INTO disclosures")) continue;
    const auto args = ValuesOf(prepared[entry.thread], entry.text);
    if (args && Holds(*args, marker)) return CallOf(entries, entry.thread);
  }
  return absl::NotFoundError("the call is not in the server's log");
}

db::Args Replaced(const db::Args& args, const Changes& changes) {
  db::Args replaced;
  replaced.reserve(args.size());
  for (const db::Value& arg : args) {
    const auto* text = std::get_if<std::string>(&arg.variant());
    if (text == nullptr) {
      replaced.push_back(arg);
      continue;
    }
    std::string value = *text;
    for (const auto& [from, to] : changes) {
      for (size_t at = value.find(from); at != std::string::npos; at = value.find(from, at)) {
        value.replace(at, from.size(), to);
        at += to.size();
      }
    }
    replaced.emplace_back(std::move(value));
  }
  return replaced;
}

}  // namespace lscp::tests
