#include "child_protection/emergency_protection.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"

namespace lscp::child_protection {
namespace {

using pb::EmergencyProtection;

absl::Time London(int year, int month, int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), lscp::London());
}

const absl::Time kMonday = London(2025, 3, 10, 10);
const Step kWorker = {"w.worker", "testcouncil", kMonday};

EmergencyProtection PoliceProtection() {
  return StartPoliceProtection(pb::RecordPoliceProtectionRequest(), kWorker);
}

absl::StatusOr<EmergencyProtection> OrderUntil(absl::Time expire, absl::Time made = kMonday) {
  pb::RecordEmergencyProtectionOrderRequest request;
  *request.mutable_start_time() = TimeToProto(made);
  *request.mutable_expire_time() = TimeToProto(expire);
  return StartOrder(request, kWorker);
}

absl::Status ExtendTo(EmergencyProtection& order, absl::Time expire) {
  pb::ExtendEmergencyProtectionOrderRequest request;
  *request.mutable_expire_time() = TimeToProto(expire);
  return Extend(order, request);
}

absl::Status EndAt(EmergencyProtection& protection, absl::Time end) {
  pb::EndEmergencyProtectionRequest request;
  *request.mutable_end_time() = TimeToProto(end);
  return End(protection, request, kWorker);
}

TEST(EmergencyProtectionStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(EmergencyProtection&)>> operations = {
      {"ExtendEmergencyProtectionOrder",
       [](EmergencyProtection& p) { return ExtendTo(p, London(2025, 3, 19, 10)); }},
      {"EndEmergencyProtection", [](EmergencyProtection& p) { return EndAt(p, kMonday); }},
  };
  for (const auto& cell : testing::EveryStateAndVerb(kEmergencyProtectionTransitions)) {
    if (!operations.contains(cell.verb)) continue;  // makes a new one, whatever there is
    EmergencyProtection order = *OrderUntil(London(2025, 3, 18, 10));
    order.set_state(cell.state);
    const absl::Status status = operations.at(cell.verb)(order);
    SCOPED_TRACE(cell.verb + " in " + StateName(cell.state));
    if (cell.to) {
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_EQ(order.state(), *cell.to);
    } else {
      EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
    }
  }
}

TEST(EmergencyProtectionStates, AreInTheReadme) {
  EXPECT_TRUE(testing::IsWhole(kEmergencyProtectionTransitions));
  EXPECT_TRUE(testing::FileHolds(LSCP_CHILD_PROTECTION_README,
                                 MarkdownTable(kEmergencyProtectionTransitions)));
}

TEST(PoliceProtection, LastsSeventyTwoHoursByTheClock) {
  pb::RecordPoliceProtectionRequest request;
  *request.mutable_start_time() = TimeToProto(London(2025, 3, 29, 10));  // the clocks go forward
  EXPECT_EQ(*ProtoToTime(StartPoliceProtection(request, kWorker).expire_time()),
            London(2025, 4, 1, 11));
}

TEST(PoliceProtection, IsNotExtended) {
  EmergencyProtection protection = PoliceProtection();
  EXPECT_EQ(ReasonOf(ExtendTo(protection, kMonday + absl::Hours(80))),
            reason::ERROR_REASON_RULE_NOT_MET);
}

TEST(PoliceProtection, GivesWayToAnOrderOrToTime) {
  EmergencyProtection protection = PoliceProtection();
  ASSERT_TRUE(GiveWay(protection, kMonday + absl::Hours(20)).ok());
  EXPECT_EQ(*ProtoToTime(protection.end_time()), kMonday + absl::Hours(20));
  EXPECT_EQ(protection.end(), pb::EMERGENCY_PROTECTION_END_ORDER);
  protection = PoliceProtection();
  ASSERT_TRUE(GiveWay(protection, kMonday + absl::Hours(100)).ok());
  EXPECT_EQ(*ProtoToTime(protection.end_time()), kMonday + absl::Hours(72));
}

struct LatestCase {
  absl::Time made;
  absl::Time latest;
};

class Order : public ::testing::TestWithParam<LatestCase> {};

TEST_P(Order, LastsEightDaysOrToNoonAfterAHoliday) {
  const auto& [made, latest] = GetParam();
  EXPECT_EQ(LatestEndOfOrder(made), latest);
  EXPECT_TRUE(OrderUntil(latest, made).ok());
  EXPECT_FALSE(OrderUntil(latest + absl::Seconds(1), made).ok());
  EXPECT_FALSE(OrderUntil(made, made).ok());
}

INSTANTIATE_TEST_SUITE_P(
    Dates, Order,
    ::testing::Values(
        LatestCase{London(2025, 3, 10, 10), London(2025, 3, 18, 10)},
        LatestCase{London(2025, 3, 7, 16), London(2025, 3, 15, 16)},    // to a Saturday
        LatestCase{London(2025, 3, 8, 16), London(2025, 3, 17, 12)},    // to a Sunday
        LatestCase{London(2025, 4, 10, 9), London(2025, 4, 19, 12)},    // to Good Friday
        LatestCase{London(2025, 4, 12, 9), London(2025, 4, 22, 12)},    // to Easter Sunday
        LatestCase{London(2025, 12, 17, 9), London(2025, 12, 27, 12)},  // to Christmas Day
        LatestCase{London(2021, 12, 17, 9), London(2021, 12, 29, 12)},  // on a Saturday
        LatestCase{London(2024, 2, 21, 9), London(2024, 2, 29, 9)},     // to a leap day
        LatestCase{London(2025, 3, 25, 10), London(2025, 4, 2, 10)}));  // the clocks go forward

TEST(Extend, IsOnceAndBySevenDays) {
  EmergencyProtection order = *OrderUntil(London(2025, 3, 18, 10));
  EXPECT_FALSE(ExtendTo(order, London(2025, 3, 18, 10)).ok());
  order = *OrderUntil(London(2025, 3, 18, 10));
  EXPECT_FALSE(ExtendTo(order, London(2025, 3, 25, 10, 1)).ok());
  order = *OrderUntil(London(2025, 3, 18, 10));
  ASSERT_TRUE(ExtendTo(order, London(2025, 3, 25, 10)).ok());
  EXPECT_EQ(ReasonOf(ExtendTo(order, London(2025, 3, 26, 10))), reason::ERROR_REASON_RULE_NOT_MET);
}

TEST(End, LiesBetweenStartAndLimit) {
  for (const auto& [hours, ok] :
       std::map<int, bool>{{-1, false}, {0, true}, {72, true}, {73, false}}) {
    EmergencyProtection protection = PoliceProtection();
    EXPECT_EQ(EndAt(protection, kMonday + absl::Hours(hours)).ok(), ok) << hours;
  }
}

TEST(End, IsTheLimitWhenNobodyHasRecordedIt) {
  EmergencyProtection protection = PoliceProtection();
  ASSERT_TRUE(End(protection, pb::EndEmergencyProtectionRequest(),
                  {"w.worker", "testcouncil", kMonday + absl::Hours(100)})
                  .ok());
  EXPECT_EQ(*ProtoToTime(protection.end_time()), kMonday + absl::Hours(72));
}

}  // namespace
}  // namespace lscp::child_protection
