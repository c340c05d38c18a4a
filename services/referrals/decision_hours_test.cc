#include "referrals/decision_hours.h"

#include <gtest/gtest.h>

#include "common/time/london.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

absl::Time At(int month, int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(2025, month, day, hour, minute), London());
}

// A hub that is open from 9:00 to 17:00 on working days.
Settings::Borough Hub(pb::DecisionHours::Basis basis) {
  pb::ReferralsSettings proto;
  pb::BoroughSettings& borough = *proto.add_boroughs();
  borough.set_id("testborough");
  borough.mutable_decision_hours()->set_basis(basis);
  borough.mutable_decision_hours()->set_amber(10);
  borough.mutable_decision_hours()->set_open_minute(9 * 60);
  borough.mutable_decision_hours()->set_close_minute(17 * 60);
  return Settings::Create(proto, {"testborough"})->Of("testborough");
}

struct Case {
  const char* name;
  pb::DecisionHours::Basis basis;
  pb::Brag rating;
  absl::Time received;
  absl::Time due;
};
class Due : public ::testing::TestWithParam<Case> {};

TEST_P(Due, IsAsTheBoroughCounts) {
  EXPECT_EQ(DecisionDue(GetParam().received, GetParam().rating, Hub(GetParam().basis)),
            GetParam().due);
}

constexpr auto kElapsed = pb::DecisionHours::BASIS_ELAPSED;
constexpr auto kWorking = pb::DecisionHours::BASIS_WORKING;

INSTANTIATE_TEST_SUITE_P(
    DecisionHours, Due,
    ::testing::Values(
        Case{"ElapsedRunsThroughTheWeekend", kElapsed, pb::BRAG_UNSPECIFIED, At(3, 7, 16),
             At(3, 8, 16)},
        Case{"ElapsedIsRealTimeWhenTheClocksChange", kElapsed, pb::BRAG_UNSPECIFIED, At(3, 29, 12),
             At(3, 30, 13)},
        Case{"WithinOneDay", kWorking, pb::BRAG_AMBER, At(3, 10, 9), At(3, 11, 11)},
        Case{"OverTheWeekend", kWorking, pb::BRAG_AMBER, At(3, 7, 16), At(3, 11, 10)},
        Case{"BeforeOpeningCountsFromOpening", kWorking, pb::BRAG_AMBER, At(3, 10, 6),
             At(3, 11, 11)},
        Case{"AfterClosingCountsFromTheNextOpening", kWorking, pb::BRAG_AMBER, At(3, 10, 22),
             At(3, 12, 11)},
        Case{"OnASundayCountsFromMonday", kWorking, pb::BRAG_AMBER, At(3, 9, 12), At(3, 11, 11)},
        Case{"OverEaster", kWorking, pb::BRAG_AMBER, At(4, 17, 15), At(4, 22, 17)},
        Case{"RedIsByTheClockEverywhere", kWorking, pb::BRAG_RED, At(3, 7, 16), At(3, 7, 20)}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace lscp::referrals
