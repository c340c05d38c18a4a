#include "common/timescales/rule.h"

#include <gtest/gtest.h>

namespace lscp {
namespace {

const WorkingDayCalendar kCalendar;

absl::Time Utc(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

struct Clock {
  const char* sentence;
  const char* start;
  Span span;
  const char* due;
};

class DueAtTest : public ::testing::TestWithParam<Clock> {};

TEST_P(DueAtTest, IsTheExpectedInstant) {
  SCOPED_TRACE(GetParam().sentence);
  EXPECT_EQ(DueAt(Utc(GetParam().start), GetParam().span, kCalendar), Utc(GetParam().due));
}

INSTANTIATE_TEST_SUITE_P(
    , DueAtTest,
    ::testing::Values(Clock{"15 working days over a bank holiday", "2025-05-20T14:00:00Z",
                            WorkingDays(15), "2025-06-11T23:00:00Z"},
                      Clock{"10 working days over Christmas", "2022-12-23T09:00:00Z",
                            WorkingDays(10), "2023-01-12T00:00:00Z"},
                      Clock{"the hour of the start does not matter to days", "2022-05-31T22:59:59Z",
                            WorkingDays(3), "2022-06-07T23:00:00Z"},
                      Clock{"in summer London's day begins before UTC's", "2022-05-31T23:00:00Z",
                            WorkingDays(3), "2022-06-08T23:00:00Z"},
                      Clock{"an event on a Saturday counts from the next working day",
                            "2025-05-24T12:00:00Z", WorkingDays(1), "2025-05-27T23:00:00Z"},
                      Clock{"72 hours are elapsed hours, over a weekend too",
                            "2025-05-23T16:30:00Z", Hours(72), "2025-05-26T16:30:00Z"},
                      Clock{"hours elapse when the clocks change", "2025-03-29T12:00:00Z",
                            Hours(24), "2025-03-30T12:00:00Z"},
                      Clock{"7 days end with the day", "2025-03-28T08:00:00Z", Days(7),
                            "2025-04-04T23:00:00Z"},
                      Clock{"3 months", "2025-01-15T08:00:00Z", Months(3), "2025-04-15T23:00:00Z"},
                      Clock{"3 months from a day that the month lacks", "2024-11-30T08:00:00Z",
                            Months(3), "2025-03-01T00:00:00Z"},
                      Clock{"in a leap year one day more", "2023-11-30T08:00:00Z", Months(3),
                            "2024-03-01T00:00:00Z"},
                      Clock{"6 months over the turn of the year", "2024-08-31T08:00:00Z", Months(6),
                            "2025-03-01T00:00:00Z"}));

TEST(LastDayOf, IsTheDayToShow) {
  const absl::Time start = Utc("2025-05-20T14:00:00Z");
  EXPECT_EQ(LastDayOf(DueAt(start, WorkingDays(15), kCalendar)), absl::CivilDay(2025, 6, 11));
  EXPECT_EQ(LastDayOf(DueAt(start, Hours(4), kCalendar)), absl::CivilDay(2025, 5, 20));
}

TEST(Spans, AreDescribedInWords) {
  EXPECT_EQ(Describe(WorkingDays(45)), "45 working days");
  EXPECT_EQ(Describe(WorkingDays(1)), "1 working day");
  EXPECT_EQ(Describe(Hours(72)), "72 hours");
  EXPECT_EQ(Describe(Days(7)), "7 days");
  EXPECT_EQ(Describe(Months(1)), "1 month");
}

TEST(TimescaleRule, IsShownAsTheContractHasIt) {
  constexpr TimescaleRule kRule = {"box_sent", "Box sent", "box packed", WorkingDays(3), "guide"};
  const auto proto = ToProto(kRule);
  EXPECT_EQ(proto.rule(), "box_sent");
  EXPECT_EQ(proto.title(), "Box sent");
  EXPECT_EQ(proto.starts_at(), "box packed");
  EXPECT_EQ(proto.due_after(), "3 working days");
  EXPECT_EQ(proto.source(), "guide");
}

}  // namespace
}  // namespace lscp
