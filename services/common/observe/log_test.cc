#include "common/observe/log.h"

#include <gtest/gtest.h>

#include <limits>
#include <thread>
#include <vector>

namespace lscp {
namespace {

const absl::Time kNoon = absl::UnixEpoch() + absl::Hours(24 * 365 + 12);

std::string Line(std::string_view message, std::initializer_list<LogField> fields,
                 absl::Time time = kNoon) {
  return FormatLogLine(LogSeverity::kWarning, time, "referrals", message,
                       {fields.begin(), fields.size()});
}

TEST(LogLine, HoldsTheStandardKeysAndThenTheFields) {
  const std::string name = "pool";
  EXPECT_EQ(Line("database is back", {{"name", name},
                                      {"literal", "text"},
                                      {"attempts", 3},
                                      {"bytes", size_t{1} << 40},
                                      {"seconds", 0.25},
                                      {"ready", true}}),
            R"({"timestamp":"1971-01-01T12:00:00.000000Z","severity":"WARNING",)"
            R"("message":"database is back","service":"referrals","name":"pool",)"
            R"("literal":"text","attempts":3,"bytes":1099511627776,"seconds":0.25,"ready":true})"
            "\n");
}

TEST(LogLine, TimesAreInMicrosecondsAlsoBeforeTheEpoch) {
  EXPECT_NE(Line("x", {}, kNoon + absl::Microseconds(7)).find("12:00:00.000007Z"),
            std::string::npos);
  EXPECT_NE(
      Line("x", {}, absl::UnixEpoch() - absl::Microseconds(1)).find("1969-12-31T23:59:59.999999Z"),
      std::string::npos);
}

TEST(LogLine, NumbersThatJsonLacksAreNull) {
  EXPECT_NE(
      Line("x", {{"ratio", std::numeric_limits<double>::quiet_NaN()}}).find(R"("ratio":null)"),
      std::string::npos);
}

TEST(LogLine, StaysOneLineAndBoundedWhateverTheText) {
  const std::string hostile = "\n{\"severity\":\"ERROR\"}\n\xFF" + std::string(100'000, 'x');
  const std::string line = Line(hostile, {{"key", hostile}});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_LT(line.size(), 3 * kLongestLogText);
}

TEST(LogLine, IsCutBetweenCharacters) {
  std::string text(kLongestLogText - 1, 'x');
  text += "\xE2\x82\xAC";
  EXPECT_EQ(Line(text, {}).find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(Log, LinesOfManyThreadsArriveWhole) {
  std::vector<std::string> lines;
  {
    ScopedLogSink sink([&](std::string_view line) { lines.emplace_back(line); });
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 250; ++i) LogInfo("counted", {{"i", i}});
      });
    }
    for (auto& thread : threads) thread.join();
  }
  ASSERT_EQ(lines.size(), 1000u);
  for (const auto& line : lines) {
    EXPECT_TRUE(line.starts_with("{\"timestamp\":\"") && line.ends_with("}\n")) << line;
  }
}

TEST(Log, GoesToStderrByDefault) {
  SetLogService("trial");
  testing::internal::CaptureStderr();
  LogError("failed", {{"code", 7}});
  const std::string line = testing::internal::GetCapturedStderr();
  EXPECT_NE(line.find(R"("severity":"ERROR","message":"failed","service":"trial","code":7})"
                      "\n"),
            std::string::npos);
}

}  // namespace
}  // namespace lscp
