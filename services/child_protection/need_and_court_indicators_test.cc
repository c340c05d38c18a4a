#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "child_protection/child_in_need_plan.h"
#include "child_protection/proceeding_service.h"
#include "child_protection/testing/indicators_fixture.h"
#include "common/time/london.h"
#include "safeguarding/child_protection/v1/visits_service.pb.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;

class NeedAndCourtIndicatorsTest : public IndicatorsFixture {
 protected:
  void Need(const std::string& child, CivilDay from, std::optional<CivilDay> until,
            const Columns& more = {}) {
    Columns columns = {{"id", "p" + child},
                       {"child", child},
                       {"team", "need-1"},
                       {"started_on", from},
                       {"ended_on", until}};
    columns.insert(columns.end(), more.begin(), more.end());
    Row("child_in_need_plans", columns);
  }
  void Seen(const std::string& child, absl::Time at, pb::Visit::State state) {
    Row("visits", {{"id", "v" + child + absl::FormatTime(at)},
                   {"child", child},
                   {"state", state},
                   {"visited_at", at}});
  }
  template <typename Request, typename Response>
  pb::Proceeding Do(absl::StatusOr<Response> (Proceedings::*handler)(const Request&, Transaction&),
                    const Request& request) {
    const auto response = harness_.Run(proceedings_, handler, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->proceeding() : pb::Proceeding();
  }
  pb::Proceeding Issued(const std::string& child) {
    auto request = Parse<pb::IssueWithoutPreProceedingsRequest>(
        "parent: 'boroughs/barnet' concerns: 'Invented.' team: 'court' court_reference: 'ZZ1'");
    request.set_child(child);
    return Do(&Proceedings::IssueAtOnce, request);
  }

  Proceedings proceedings_{parts_};
  const CivilDay first_{2025, 3, 1}, last_{2025, 3, 31};
  const std::optional<CivilDay> never_;
};

TEST_F(NeedAndCourtIndicatorsTest, PlansInNeedByDurationAgeAndDestination) {
  Child("k1", "birth_date { year: 2020 month: 4 day: 1 }");   // five on the first of April
  Child("k2", "birth_date { year: 2009 month: 3 day: 31 }");  // sixteen on the last of March
  Child("k3", "expected_birth_date { year: 2025 month: 8 day: 1 }");
  Child("k4");
  Need("k1", CivilDay(2024, 12, 31), never_);  // three months on the day
  Need("k2", CivilDay(2025, 1, 1), never_);
  Need("k3", last_, never_);
  Need("k4", CivilDay(2024, 3, 31), last_, {{"destination", pb::CIN_DESTINATION_LOOKED_AFTER}});
  Need("k5", CivilDay(2024, 3, 31), first_,
       {{"destination", pb::CIN_DESTINATION_UNIVERSAL_SERVICES}});
  EXPECT_THAT(PartsOf("child_in_need_plans_open", "duration", first_, last_),
              ElementsAre("0-3 months 2", "3-6 months 1"));
  EXPECT_THAT(PartsOf("child_in_need_plans_open", "age", first_, last_),
              ElementsAre("0-4 1", "16+ 1", "unborn 1"));
  EXPECT_EQ(Figure("child_in_need_plans_started", first_, last_), "1");
  EXPECT_THAT(PartsOf("child_in_need_plans_ended", "destination", first_, last_),
              ElementsAre("LOOKED_AFTER 1", "UNIVERSAL_SERVICES 1"));
  EXPECT_THAT(PartsOf("child_in_need_plans_ended", "duration", first_, last_),
              ElementsAre("6-12 months 1", ">12 months 1"));
  EXPECT_EQ(Figure("child_in_need_plans_escalated", first_, last_), "1/2");
}

TEST_F(NeedAndCourtIndicatorsTest, FourWeeksLeaveOutThoseWithoutRecourseAndOfTheDisabilityService) {
  for (const std::string id : {"k1", "k2", "k3", "k4", "k5", "k6"}) Child(id);
  Merged("k6", "k1");
  for (const std::string id : {"k1", "k2", "k3"}) Need(id, CivilDay(2025, 1, 1), never_);
  Need("k4", CivilDay(2025, 1, 1), never_, {{"no_recourse", true}});
  Need("k5", CivilDay(2025, 1, 1), never_, {{"disability_service", true}});
  const CivilDay end(2025, 2, 28);
  Seen("k6", EndOfDay(end) - absl::Hours(28 * 24), pb::Visit::STATE_SEEN);  // on another record
  Seen("k2", EndOfDay(end) - absl::Hours(28 * 24 + 1), pb::Visit::STATE_SEEN);
  Seen("k3", EndOfDay(end) - absl::Hours(1), pb::Visit::STATE_UNSUCCESSFUL);
  Seen("k4", EndOfDay(end) - absl::Hours(1), pb::Visit::STATE_SEEN);
  Seen("k3", EndOfDay(end), pb::Visit::STATE_SEEN);  // the next month
  EXPECT_EQ(Figure("children_in_need_seen_within_four_weeks", CivilDay(2025, 2, 1), end), "1/3");
}

TEST_F(NeedAndCourtIndicatorsTest, EveryFinalOrderCounts) {
  At(CivilDay(2025, 3, 3));
  const pb::Proceeding first = Issued(Child("k1")), second = Issued(Child("k2"));
  Issued(Child("k3"));
  At(CivilDay(2025, 9, 1));  // 26 weeks
  Do(&Proceedings::End,
     Fixture::Of<pb::EndProceedingsRequest>(first,
                                            "orders: COURT_ORDER_CARE_ORDER "
                                            "orders: COURT_ORDER_PLACEMENT_ORDER"));
  At(CivilDay(2025, 9, 2));
  Do(&Proceedings::End,
     Fixture::Of<pb::EndProceedingsRequest>(second, "orders: COURT_ORDER_CARE_ORDER"));
  const CivilDay begin(2025, 9, 1), end(2025, 9, 30);
  EXPECT_THAT(PartsOf("court_orders_made", "order", begin, end),
              ElementsAre("CARE_ORDER 2", "PLACEMENT_ORDER 1"));
  EXPECT_EQ(Figure("care_proceedings_ended", begin, end), "2");
  EXPECT_EQ(Figure("care_proceedings_within_26_weeks", begin, end), "1/2");
  EXPECT_EQ(Figure("care_proceedings_days", begin, end), "365/2");
  EXPECT_EQ(Figure("children_in_care_proceedings", begin, end), "1");
  EXPECT_EQ(Figure("court_orders_made", first_, last_), "0");
}

TEST_F(NeedAndCourtIndicatorsTest, PreProceedingsEndInCourtOrStepDown) {
  const auto pre = [&](const std::string& id, pb::PreProceedingsOutcome outcome, CivilDay from,
                       std::optional<CivilDay> issued, std::optional<CivilDay> ended) {
    Row("proceedings", {{"id", id},
                        {"child", id},
                        {"outcome", outcome},
                        {"started_on", from},
                        {"issued_on", issued},
                        {"ended_on", ended}});
  };
  const auto to_court = pb::PRE_PROCEEDINGS_OUTCOME_ISSUE;
  pre("r1", to_court, CivilDay(2024, 12, 1), CivilDay(2025, 3, 11), CivilDay(2025, 10, 1));
  pre("r2", pb::PRE_PROCEEDINGS_OUTCOME_STEP_DOWN_CHILD_IN_NEED, CivilDay(2025, 1, 1), never_,
      last_);
  pre("r3", to_court, first_, never_, never_);  // decided, and not yet in court
  Row("proceedings", {{"id", "r4"}, {"child", "r4"}, {"issued_on", first_}});
  EXPECT_EQ(Figure("children_in_pre_proceedings", first_, last_), "1");
  EXPECT_THAT(PartsOf("pre_proceedings_ended", "outcome", first_, last_),
              ElementsAre("ISSUE 1", "STEP_DOWN_CHILD_IN_NEED 1"));
  EXPECT_EQ(Figure("pre_proceedings_to_court", first_, last_), "1/2");
  EXPECT_EQ(Figure("pre_proceedings_days", first_, last_), "189/2");
  EXPECT_THAT(PartsOf("care_proceedings_issued", "after_pre_proceedings", first_, last_),
              ElementsAre("NO 1", "YES 1"));
  EXPECT_EQ(Figure("children_in_care_proceedings", first_, last_), "2");
}

}  // namespace
}  // namespace lscp::child_protection
