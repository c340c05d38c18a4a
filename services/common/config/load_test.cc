#include "common/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "common/observe/log.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp {
namespace {

using safeguarding::config::v1::ServiceConfig;
using ::testing::HasSubstr;
using ::testing::TempDir;

// A file that is gone with the test.
class TempFile {
 public:
  explicit TempFile(std::string_view content) {
    path_ = TempDir() + "lscp_load_XXXXXX";
    close(mkstemp(path_.data()));
    std::ofstream(path_) << content;
  }
  ~TempFile() { unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(LoadTextProto, ReadsAMessage) {
  const TempFile file("# a comment\nserver { address: \"127.0.0.1:0\" }\nboroughs: \"barnet\"\n");
  const auto config = LoadTextProto<ServiceConfig>(file.path());
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->server().address(), "127.0.0.1:0");
}

TEST(LoadTextProto, EveryMistakeIsNamedWithItsPlace) {
  const struct {
    const char* text;
    const char* place;
  } kCases[] = {
      {"workers: 4\nworkerz: 5\n", ":2:8: "},
      {"server {\n  adress: \"x\"\n}\n", ":2:9: "},
      {"workers: \"four\"\n", ":1:10: "},
      {"workers: 4 workers: 5\n", ":1:"},
      {"server {\n", ":2:1: "},
  };
  for (const auto& c : kCases) {
    const TempFile file(c.text);
    const auto config = LoadTextProto<ServiceConfig>(file.path());
    EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument) << c.text;
    EXPECT_THAT(std::string(config.status().message()), HasSubstr(file.path() + c.place)) << c.text;
  }
}

TEST(LoadTextProto, AFileThatCannotBeReadIsNamed) {
  const auto missing = LoadTextProto<ServiceConfig>("/nonexistent/lscp.textproto");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("/nonexistent/lscp.textproto"));
  EXPECT_EQ(LoadTextProto<ServiceConfig>(TempDir()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ReadSecretFile, OneNewlineAtTheEndIsNotPartOfTheSecret) {
  const struct {
    const char* content;
    const char* secret;
  } kCases[] = {{"s3cret\n", "s3cret"}, {"s3cret", "s3cret"}, {" a \n\n", " a \n"}, {"", ""}};
  for (const auto& c : kCases)
    EXPECT_EQ(ReadSecretFile(TempFile(c.content).path()).value(), c.secret);
}

TEST(ReadSecretFile, AFileThatEverybodyMayReadIsWarnedOf) {
  const TempFile file("s3cret");
  std::string logged;
  ScopedLogSink sink([&](std::string_view line) { logged += line; });
  ASSERT_EQ(chmod(file.path().c_str(), 0640), 0);
  EXPECT_TRUE(ReadSecretFile(file.path()).ok());
  EXPECT_EQ(logged, "");
  ASSERT_EQ(chmod(file.path().c_str(), 0644), 0);
  EXPECT_TRUE(ReadSecretFile(file.path()).ok());
  EXPECT_THAT(logged, HasSubstr(file.path()));
  EXPECT_THAT(logged, testing::Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace lscp
