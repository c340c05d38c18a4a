#include "child_protection/visit_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/child_in_need_plan_service.h"
#include "child_protection/testing/conferences_fixture.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using pb::Visit;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kSeen[] = "child_seen: true seen_alone: true ";
constexpr char kNotSeen[] = "unsuccessful_reason: UNSUCCESSFUL_REASON_HOLIDAY ";

class VisitsTest : public ConferencesFixture {
 protected:
  VisitsTest() : child_(Child("k1", "birth_date { year: 2015 month: 5 day: 1 }")) {
    plan_ = PlanFor(child_);
  }
  // Now.
  absl::StatusOr<Visit> Record(const std::string& account,
                               const std::string& basis = "PROTECTION_PLAN") {
    auto request = Parse<pb::RecordVisitRequest>("parent: 'boroughs/barnet' basis: BASIS_" + basis +
                                                 " " + account);
    request.set_child(child_);
    *request.mutable_visit_time() = TimeToProto(harness_.clock.Now());
    const auto response = harness_.Run(visits_, &Visits::Record, request);
    if (!response.ok()) return response.status();
    return response->visit();
  }
  void Days(int days) { harness_.clock.Advance(absl::Hours(24 * days)); }
  std::vector<std::string> Standings(const std::string& filter = "") {
    const auto response =
        harness_.Run(visits_, &Visits::ListStandings,
                     Parse<pb::ListVisitStandingsRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> standings;
    if (!response.ok()) return standings;
    for (const pb::VisitStanding& standing : response->standings()) {
      standings.push_back(pb::VisitStanding::Standing_Name(standing.standing()));
    }
    return standings;
  }

  // Of the child, from today.
  pb::ChildInNeedPlan StartInNeed() {
    auto request = Parse<pb::StartChildInNeedPlanRequest>(
        "parent: 'boroughs/barnet' needs: 'Invented.' plan: 'Invented.' contingency: 'Invented.'");
    request.set_child(child_);
    const auto response = harness_.Run(in_need_plans_, &ChildInNeedPlans::Start, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->child_in_need_plan() : pb::ChildInNeedPlan();
  }
  pb::ChildInNeedPlan EndInNeed(const pb::ChildInNeedPlan& plan) {
    const auto response = harness_.Run(
        in_need_plans_, &ChildInNeedPlans::End,
        Of<pb::EndChildInNeedPlanRequest>(InNeed(plan), "destination: CIN_DESTINATION_EARLY_HELP"));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->child_in_need_plan() : pb::ChildInNeedPlan();
  }
  // As it is now.
  pb::ChildInNeedPlan InNeed(const pb::ChildInNeedPlan& plan) {
    pb::GetChildInNeedPlanRequest request;
    request.set_name(plan.name());
    const auto response = harness_.Run(in_need_plans_, &ChildInNeedPlans::Get, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->child_in_need_plan() : pb::ChildInNeedPlan();
  }

  std::string child_;
  std::string plan_;
  Visits visits_{parts_};
  ChildInNeedPlans in_need_plans_{parts_};
};

TEST_F(VisitsTest, ASeenChildMeetsTheClockAndStartsTheNext) {
  EXPECT_EQ(ClockOf(plan_, "protection_plan_visit"), "due 2025-03-17");
  Days(15);
  const auto visit = Record(kSeen);
  ASSERT_TRUE(visit.ok()) << visit.status();
  EXPECT_EQ(visit->timeliness(), pb::VISIT_TIMELINESS_LATE);
  EXPECT_EQ(visit->plan(), plan_);
  EXPECT_EQ(ClockOf(plan_, "protection_plan_visit"), "due 2025-03-17 met 2025-03-18");
  EXPECT_EQ(ProtoToDate(Plan(plan_).visit_due_date()), absl::CivilDay(2025, 4, 1));
  Days(1);
  EXPECT_EQ(Record(kSeen)->timeliness(), pb::VISIT_TIMELINESS_IN_TIME);
}

TEST_F(VisitsTest, OneAtTheMinuteOfTheConferenceMeetsTheClockToo) {
  ASSERT_TRUE(Record(kSeen).ok());
  EXPECT_EQ(ClockOf(plan_, "protection_plan_visit"), "due 2025-03-17 met 2025-03-03");
}

TEST_F(VisitsTest, LateUnsuccessfulInTimeAndNoRecordAreThreeThings) {
  EXPECT_THAT(Standings(), ElementsAre("STANDING_NOT_DUE"));
  Days(15);
  EXPECT_THAT(Standings(), ElementsAre("STANDING_NO_RECORD"));
  EXPECT_THAT(Standings("standings: STANDING_NO_RECORD standings: STANDING_NOT_DUE"),
              ElementsAre("STANDING_NO_RECORD"));
  ASSERT_TRUE(Record(kNotSeen).ok());
  EXPECT_THAT(Standings(), ElementsAre("STANDING_UNSUCCESSFUL_LATE"));
  EXPECT_THAT(Standings("standings: STANDING_NO_RECORD"), IsEmpty());
}

TEST_F(VisitsTest, AnAttemptInTimeIsToldApart) {
  Days(7);
  ASSERT_TRUE(Record(kNotSeen).ok());
  EXPECT_THAT(Standings(), ElementsAre("STANDING_NOT_DUE"));
  Days(8);
  EXPECT_THAT(Standings("standings: STANDING_UNSUCCESSFUL_IN_TIME"),
              ElementsAre("STANDING_UNSUCCESSFUL_IN_TIME"));
  EXPECT_THAT(Standings("standings: STANDING_UNSUCCESSFUL_LATE"), IsEmpty());
}

TEST_F(VisitsTest, APlannedVisitIsCompletedOrCancelled) {
  auto request = Parse<pb::PlanVisitRequest>(
      "parent: 'boroughs/barnet' basis: BASIS_PROTECTION_PLAN visitor: 'w.worker'");
  request.set_child(child_);
  *request.mutable_plan_time() = TimeToProto(harness_.clock.Now() + absl::Hours(24));
  const auto planned = harness_.Run(visits_, &Visits::Plan, request);
  ASSERT_TRUE(planned.ok()) << planned.status();
  Days(2);
  auto complete = Of<pb::CompleteVisitRequest>(planned->visit(), kSeen);
  *complete.mutable_visit_time() = TimeToProto(harness_.clock.Now());
  const auto completed = harness_.Run(visits_, &Visits::Complete, complete);
  ASSERT_TRUE(completed.ok()) << completed.status();
  EXPECT_EQ(completed->visit().visitor(), "w.worker");
  EXPECT_EQ(completed->visit().state(), Visit::STATE_SEEN);
  EXPECT_EQ(harness_
                .Run(visits_, &Visits::Cancel,
                     Of<pb::CancelVisitRequest>(completed->visit(), "reason: 'x'"))
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(VisitsTest, AChildInNeedWithoutAPlanIsOwedNone) {
  ASSERT_TRUE(Record(kSeen, "CHILD_IN_NEED").ok());
  Days(29);
  const auto visit = Record(kSeen, "CHILD_IN_NEED");
  ASSERT_TRUE(visit.ok()) << visit.status();
  EXPECT_FALSE(visit->has_due_date());
  EXPECT_EQ(visit->child_in_need_plan(), "");
}

TEST_F(VisitsTest, AChildInNeedIsDueAfterTheStartOfThePlanAndThenAfterTheLastVisit) {
  const pb::ChildInNeedPlan plan = StartInNeed();
  EXPECT_EQ(ProtoToDate(plan.visit_due_date()), absl::CivilDay(2025, 3, 31));
  EXPECT_EQ(ClockOf(plan.name(), "child_in_need_visit"), "due 2025-03-31");
  Days(29);
  ASSERT_TRUE(Record(kNotSeen, "CHILD_IN_NEED").ok());
  EXPECT_EQ(ProtoToDate(InNeed(plan).attempt_date()), absl::CivilDay(2025, 4, 1));
  const auto late = Record(kSeen, "CHILD_IN_NEED");
  ASSERT_TRUE(late.ok()) << late.status();
  EXPECT_EQ(late->timeliness(), pb::VISIT_TIMELINESS_LATE);
  EXPECT_EQ(late->child_in_need_plan(), plan.name());
  EXPECT_EQ(ClockOf(plan.name(), "child_in_need_visit"), "due 2025-03-31 met 2025-04-01");
  EXPECT_EQ(ProtoToDate(InNeed(plan).visit_due_date()), absl::CivilDay(2025, 4, 29));
  EXPECT_FALSE(InNeed(plan).has_attempt_date());
  Days(28);
  EXPECT_EQ(Record(kSeen, "CHILD_IN_NEED")->timeliness(), pb::VISIT_TIMELINESS_IN_TIME);
}

TEST_F(VisitsTest, ToAChildInNeedAreNoLongerOwedWhenThePlanHasEnded) {
  const pb::ChildInNeedPlan plan = StartInNeed();
  Days(3);
  const pb::ChildInNeedPlan ended = EndInNeed(plan);
  EXPECT_FALSE(ended.has_visit_due_date());
  EXPECT_EQ(ClockOf(plan.name(), "child_in_need_visit"), "due 2025-03-31 cancelled 2025-03-06");
  Days(1);
  EXPECT_FALSE(Record(kSeen, "CHILD_IN_NEED")->has_due_date());
}

TEST_F(VisitsTest, ToAChildInNeedBeginAnewWithAnotherPlan) {
  const pb::ChildInNeedPlan first = StartInNeed();
  Days(1);
  ASSERT_TRUE(Record(kSeen, "CHILD_IN_NEED").ok());
  EndInNeed(first);
  Days(100);
  const pb::ChildInNeedPlan second = StartInNeed();
  Days(28);
  const auto visit = Record(kSeen, "CHILD_IN_NEED");
  ASSERT_TRUE(visit.ok()) << visit.status();
  EXPECT_EQ(visit->child_in_need_plan(), second.name());
  EXPECT_EQ(visit->timeliness(), pb::VISIT_TIMELINESS_IN_TIME) << "not since the plan before";
}

TEST_F(VisitsTest, ToAChildInNeedEndWhenAConferenceBeginsAProtectionPlan) {
  child_ = Child("k2");
  const pb::ChildInNeedPlan plan = StartInNeed();
  Days(2);
  PlanFor(child_);
  const pb::ChildInNeedPlan ended = InNeed(plan);
  EXPECT_EQ(ended.state(), pb::ChildInNeedPlan::STATE_ENDED);
  EXPECT_EQ(ended.destination(), pb::CIN_DESTINATION_CHILD_PROTECTION_PLAN);
  EXPECT_EQ(ended.days_open(), 2);
  EXPECT_EQ(ClockOf(plan.name(), "child_in_need_visit"), "due 2025-03-31 cancelled 2025-03-05");
  EXPECT_EQ(ClockOf(plan.name(), "cin_first_review"), "due 2025-06-03 cancelled 2025-03-05");
}

TEST_F(VisitsTest, AreListedByPlanAndHiddenWithARestrictedChild) {
  const auto visit = Record(kSeen);
  ASSERT_TRUE(visit.ok()) << visit.status();
  ASSERT_TRUE(Record(kSeen, "CHILD_IN_NEED").ok());
  const auto listed = [this](const std::string& filter) {
    const auto response =
        harness_.Run(visits_, &Visits::List,
                     Parse<pb::ListVisitsRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->visits_size() : -1;
  };
  EXPECT_EQ(listed(""), 2);
  EXPECT_EQ(listed("plan: '" + plan_ + "'"), 1);
  EXPECT_EQ(listed("child: '" + child_ + "' states: STATE_SEEN"), 2);
  Child("k1", "restricted: true allowed_people: 'n.named'", 2);
  EXPECT_EQ(listed(""), 0);
  EXPECT_THAT(Standings(), IsEmpty());
  pb::GetVisitRequest request;
  request.set_name(visit->name());
  EXPECT_EQ(harness_.Run(visits_, &Visits::Get, request).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lscp::child_protection
