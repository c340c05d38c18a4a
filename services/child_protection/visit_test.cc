#include "child_protection/visit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "child_protection/testing/rules.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;
using pb::ProtectionPlan;
using pb::Visit;
using pb::VisitStanding;
using ::testing::ElementsAre;

const CivilDay kStart(2025, 3, 3);  // a Monday
const std::optional<CivilDay> kSix = CivilDay(2019, 1, 1);
const std::optional<CivilDay> kTwo = CivilDay(2023, 1, 1);
const Step kWorker = {"w.worker", "testcouncil", absl::FromUnixSeconds(1742200000)};

Settings::Borough Borough(const std::string& visits = "") {
  return Settings::Create(
             ParseRequest<pb::ChildProtectionSettings>(
                 "boroughs { id: 'testborough' duty_contact { display_name: 'Testing hub' "
                 "phone: '020 7946 0001' out_of_hours_phone: '020 7946 0002' } visits { " +
                 visits + " } }"),
             {"testborough"})
      ->Of("testborough");
}

google::protobuf::Timestamp At(CivilDay day, int hour = 16) {
  return TimeToProto(StartOfDay(day) + absl::Hours(hour));
}

ProtectionPlan Plan() {
  ProtectionPlan plan;
  plan.set_name("boroughs/testborough/protectionPlans/p1");
  plan.set_team("planning-1");
  plan.set_state(ProtectionPlan::STATE_ACTIVE);
  *plan.mutable_start_date() = DateToProto(kStart);
  *plan.mutable_visit_due_date() =
      DateToProto(VisitDue(Borough(), Visit::BASIS_PROTECTION_PLAN, kStart, kSix));
  return plan;
}

const char kSeen[] = "child_seen: true seen_alone: true bedroom_seen: true ";
const char kNotSeen[] = "unsuccessful_reason: UNSUCCESSFUL_REASON_NOBODY_IN ";

pb::RecordVisitRequest Request(CivilDay day, const std::string& account) {
  auto request = ParseRequest<pb::RecordVisitRequest>(
      "child: 'boroughs/testborough/children/k1' basis: BASIS_PROTECTION_PLAN " + account);
  *request.mutable_visit_time() = At(day);
  return request;
}

absl::StatusOr<Visit> Recorded(CivilDay day, const std::string& account,
                               const ProtectionPlan& plan = Plan()) {
  return RecordVisit(Request(day, account), VisitedPlan::Of(plan),
                     ProtoToDate(plan.visit_due_date()), kWorker);
}

Visit InState(Visit::State state) {
  Visit visit;
  visit.set_child("boroughs/testborough/children/k1");
  visit.set_basis(Visit::BASIS_PROTECTION_PLAN);
  visit.set_state(state);
  return visit;
}

TEST(VisitTransitions, LeadToEveryState) { EXPECT_TRUE(testing::IsWhole(kVisitTransitions)); }

TEST(VisitTransitions, StandInTheReadme) {
  EXPECT_TRUE(testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kVisitTransitions)));
}

TEST(VisitTransitions, HoldForEveryStateAndVerb) {
  const ProtectionPlan plan = Plan();
  for (const auto& cell : testing::EveryStateAndVerb(kVisitTransitions)) {
    Visit visit = InState(cell.state);
    auto request = ParseRequest<pb::CompleteVisitRequest>(
        cell.verb == "CompleteVisit, child seen" ? kSeen : kNotSeen);
    *request.mutable_visit_time() = At(kStart + 3);
    absl::Status done;
    if (cell.verb.find("CompleteVisit") == 0) {
      done = Complete(visit, request, VisitedPlan::Of(plan), kStart + 14, kWorker);
    } else if (cell.verb == "CancelVisit") {
      done = Cancel(visit, ParseRequest<pb::CancelVisitRequest>("reason: 'x'"));
    } else {
      continue;  // planning and recording make a new one
    }
    EXPECT_EQ(done.ok(), cell.to.has_value()) << cell.verb << " in " << StateName(cell.state);
    EXPECT_EQ(visit.state(), cell.to.value_or(cell.state)) << cell.verb;
  }
}

TEST(VisitDue, IsAsTheBoroughHasSet) {
  struct Row {
    const char* settings;
    Visit::Basis basis;
    CivilDay from;
    std::optional<CivilDay> born;
    CivilDay due;
  };
  const auto plan = Visit::BASIS_PROTECTION_PLAN;
  const auto in_need = Visit::BASIS_CHILD_IN_NEED;
  const char own[] = "plan_days: 14 plan_days_under_five: 10 calendar_days: true";
  for (const Row& row : {
           Row{"", plan, CivilDay(2025, 3, 3), kSix, CivilDay(2025, 3, 17)},
           Row{"", plan, CivilDay(2025, 4, 10), kSix, CivilDay(2025, 4, 28)},  // Easter
           Row{"", plan, CivilDay(2022, 12, 23), kSix, CivilDay(2023, 1, 11)},
           Row{"", plan, CivilDay(2024, 2, 26), kSix, CivilDay(2024, 3, 11)},  // a leap day
           Row{own, plan, CivilDay(2025, 3, 24), kSix, CivilDay(2025, 4, 7)},  // summer time
           Row{own, plan, CivilDay(2025, 3, 24), kTwo, CivilDay(2025, 4, 3)},
           Row{own, plan, CivilDay(2025, 3, 24), std::nullopt, CivilDay(2025, 4, 3)},
           Row{"", in_need, CivilDay(2025, 10, 13), kSix, CivilDay(2025, 11, 10)},  // winter time
           Row{"child_in_need_days: 30", in_need, CivilDay(2025, 3, 3), kTwo, CivilDay(2025, 4, 2)},
       }) {
    EXPECT_EQ(VisitDue(Borough(row.settings), row.basis, row.from, row.born), row.due) << row.from;
  }
}

TEST(FirstVisitDue, ToAChildInNeedIsAsTheBoroughHasSet) {
  const auto in_need = Visit::BASIS_CHILD_IN_NEED;
  EXPECT_EQ(FirstVisitDue(Borough(), in_need, CivilDay(2025, 3, 3), kSix), CivilDay(2025, 3, 31));
  const auto own = Borough("child_in_need_days: 28 child_in_need_first_days: 10");
  EXPECT_EQ(FirstVisitDue(own, in_need, CivilDay(2025, 3, 3), kSix), CivilDay(2025, 3, 13));
  EXPECT_EQ(VisitDue(own, in_need, CivilDay(2025, 3, 3), kSix), CivilDay(2025, 3, 31));
  const auto plan = Visit::BASIS_PROTECTION_PLAN;
  EXPECT_EQ(FirstVisitDue(own, plan, kStart, kSix), VisitDue(own, plan, kStart, kSix));
}

TEST(IsUnderFive, UntilTheDayBeforeTheFifthBirthday) {
  EXPECT_TRUE(IsUnderFive(CivilDay(2020, 3, 4), kStart));
  EXPECT_FALSE(IsUnderFive(CivilDay(2020, 3, 3), kStart));
  EXPECT_TRUE(IsUnderFive(CivilDay(2020, 2, 29), CivilDay(2025, 2, 28)));
  EXPECT_FALSE(IsUnderFive(CivilDay(2020, 2, 29), CivilDay(2025, 3, 1)));
  EXPECT_TRUE(IsUnderFive(std::nullopt, kStart)) << "not born yet";
}

TEST(RecordVisit, LateAndUnsuccessfulInTimeAreDifferentThings) {
  struct Row {
    CivilDay day;
    const char* account;
    pb::VisitTimeliness timeliness;
  };
  const CivilDay due(2025, 3, 17);
  for (const Row& row : {Row{due, kSeen, pb::VISIT_TIMELINESS_IN_TIME},
                         Row{due + 1, kSeen, pb::VISIT_TIMELINESS_LATE},
                         Row{due, kNotSeen, pb::VISIT_TIMELINESS_UNSUCCESSFUL_IN_TIME},
                         Row{due + 1, kNotSeen, pb::VISIT_TIMELINESS_UNSUCCESSFUL_LATE}}) {
    const auto visit = Recorded(row.day, row.account);
    ASSERT_TRUE(visit.ok()) << visit.status();
    EXPECT_EQ(visit->timeliness(), row.timeliness) << row.day;
    EXPECT_EQ(visit->visitor(), "w.worker");
    EXPECT_EQ(visit->team(), "planning-1");
  }
}

TEST(RecordVisit, SaysWhyTheChildWasNotSeen) {
  EXPECT_THAT(Violations(Recorded(kStart, "").status()), ElementsAre("unsuccessful_reason"));
  EXPECT_THAT(Violations(Recorded(kStart, std::string(kSeen) + kNotSeen).status()),
              ElementsAre("unsuccessful_reason"));
  EXPECT_THAT(Violations(Recorded(kStart, std::string(kNotSeen) + "seen_alone: true").status()),
              ElementsAre("seen_alone"));
  EXPECT_THAT(
      Violations(Recorded(kStart, "unsuccessful_reason: UNSUCCESSFUL_REASON_OTHER").status()),
      ElementsAre("note"));
}

TEST(RecordVisit, UnderAPlanIsOfADayOnWhichTheChildHadIt) {
  EXPECT_EQ(BrokenRule(Recorded(kStart - 1, kSeen).status()), "plan_active");
  ProtectionPlan ended = Plan();
  *ended.mutable_end_date() = DateToProto(kStart + 7);
  EXPECT_TRUE(Recorded(kStart + 7, kSeen, ended).ok());
  EXPECT_EQ(BrokenRule(Recorded(kStart + 8, kSeen, ended).status()), "plan_active");
  EXPECT_EQ(BrokenRule(RecordVisit(Request(kStart, kSeen), {}, {}, kWorker).status()),
            "plan_active");
  auto in_need = Request(kStart, kSeen);
  in_need.set_basis(Visit::BASIS_CHILD_IN_NEED);
  const auto visit = RecordVisit(in_need, {}, {}, kWorker);
  ASSERT_TRUE(visit.ok()) << visit.status();
  EXPECT_EQ(visit->timeliness(), pb::VISIT_TIMELINESS_UNSPECIFIED) << "nothing was due";
}

TEST(NoteVisit, ASeenChildBeginsTheNextInterval) {
  ProtectionPlan plan = Plan();
  EXPECT_TRUE(NoteVisit(plan, *Recorded(kStart + 7, kSeen), Borough(), kSix));
  EXPECT_EQ(ProtoToDate(plan.visit_due_date()), CivilDay(2025, 3, 24));
  EXPECT_FALSE(NoteVisit(plan, *Recorded(kStart + 4, kSeen), Borough(), kSix)) << "told late";
  EXPECT_EQ(ProtoToDate(plan.last_seen_date()), kStart + 7);
}

TEST(NoteVisit, TheFirstAttemptSinceStaysUntilTheChildIsSeen) {
  ProtectionPlan plan = Plan();
  EXPECT_FALSE(NoteVisit(plan, *Recorded(kStart + 9, kNotSeen), Borough(), kSix));
  EXPECT_FALSE(NoteVisit(plan, *Recorded(kStart + 20, kNotSeen), Borough(), kSix));
  EXPECT_EQ(ProtoToDate(plan.attempt_date()), kStart + 9);
  EXPECT_EQ(ProtoToDate(plan.visit_due_date()), CivilDay(2025, 3, 17));
  EXPECT_TRUE(NoteVisit(plan, *Recorded(kStart + 21, kSeen), Borough(), kSix));
  EXPECT_FALSE(plan.has_attempt_date());
}

TEST(StandingOf, LateUnsuccessfulInTimeAndNoRecordAreThreeThings) {
  const CivilDay due(2025, 3, 17);
  EXPECT_EQ(StandingOf(due, {}, due), VisitStanding::STANDING_NOT_DUE);
  EXPECT_EQ(StandingOf(due, due - 3, due), VisitStanding::STANDING_NOT_DUE);
  EXPECT_EQ(StandingOf(due, {}, due + 1), VisitStanding::STANDING_NO_RECORD);
  EXPECT_EQ(StandingOf(due, due, due + 1), VisitStanding::STANDING_UNSUCCESSFUL_IN_TIME);
  EXPECT_EQ(StandingOf(due, due + 1, due + 1), VisitStanding::STANDING_UNSUCCESSFUL_LATE);
}

}  // namespace
}  // namespace lscp::child_protection
