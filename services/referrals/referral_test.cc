#include "referrals/referral.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"
#include "google/protobuf/text_format.h"

namespace lscp::referrals {
namespace {

using pb::Assessment;
using pb::Referral;

absl::Time London(int year, int month, int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), lscp::London());
}

const absl::Time kReceived = London(2025, 3, 10, 10);  // a Monday
const Step kStep = {"m.manager", kReceived + absl::Hours(2)};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

Settings::Borough Borough() {
  return *Parse<pb::ReferralsSettings>(
              "boroughs { id: 'testborough' teams { id: 'assessment-1' } teams { id: 'ended' "
              "to_date { year: 2024 month: 12 day: 31 } } }")
              .boroughs()
              .begin();
}

pb::Contact ContactReceived(absl::Time received) {
  auto contact =
      Parse<pb::Contact>("name: 'boroughs/testborough/contacts/c1' source: REFERRAL_SOURCE_GP");
  *contact.mutable_receive_time() = TimeToProto(received);
  return contact;
}

Referral In(Referral::State state) {
  const pb::Contact contact = ContactReceived(kReceived);
  Referral referral = ReceiveReferral(
      {&contact, "boroughs/testborough/children/k1", pb::PRIMARY_NEED_ABUSE_OR_NEGLECT, ""},
      std::nullopt, kStep.now);
  referral.set_name("boroughs/testborough/referrals/r1");
  referral.set_state(state);
  return referral;
}

absl::Status DecideOn(Referral& referral, pb::ReferralDecision decision) {
  pb::DecideReferralRequest request;
  request.set_decision(decision);
  request.set_rationale("invented");
  return Decide(referral, request, kStep);
}

absl::Status CloseFor(Referral& referral, pb::ReferralClosureReason reason,
                      const std::vector<Assessment>& assessments = {}) {
  pb::CloseReferralRequest request;
  request.set_reason(reason);
  return Close(referral, request, kStep, assessments);
}

absl::Status ReopenIt(Referral& referral) {
  return Reopen(referral, Parse<pb::ReopenReferralRequest>("reason: 'too early'"), kStep);
}

Assessment AssessmentWith(Assessment::State state, pb::AssessmentOutcome outcome,
                          absl::Time authorised = kReceived) {
  Assessment assessment;
  assessment.set_state(state);
  assessment.set_outcome(outcome);
  *assessment.mutable_authorise_time() = TimeToProto(authorised);
  return assessment;
}

// The verbs, each as a request that nothing but the state can fail.
const std::map<std::string, std::function<absl::Status(Referral&)>>& Verbs() {
  static const std::map<std::string, std::function<absl::Status(Referral&)>> verbs = {
      {"DecideReferral on assessment",
       [](Referral& r) { return DecideOn(r, pb::REFERRAL_DECISION_ASSESSMENT); }},
      {"DecideReferral on strategy discussion",
       [](Referral& r) { return DecideOn(r, pb::REFERRAL_DECISION_STRATEGY_DISCUSSION); }},
      {"DecideReferral on anything else",
       [](Referral& r) { return DecideOn(r, pb::REFERRAL_DECISION_JOIN_OPEN_CASE); }},
      {"AllocateReferral",
       [](Referral& r) {
         return Allocate(r, Parse<pb::AllocateReferralRequest>("team: 'assessment-1'"), kStep,
                         Borough());
       }},
      {"CloseReferral",
       [](Referral& r) { return CloseFor(r, pb::REFERRAL_CLOSURE_REASON_NO_LONGER_IN_NEED); }},
      {"ReopenReferral",
       [](Referral& r) {
         r.set_closure_reason(pb::REFERRAL_CLOSURE_REASON_NO_LONGER_IN_NEED);
         return ReopenIt(r);
       }},
      {"ReopenReferral closed by its decision", ReopenIt},
  };
  return verbs;
}

TEST(ReferralTransitions, LeadToEveryState) { EXPECT_TRUE(testing::IsWhole(kReferralTransitions)); }

TEST(ReferralTransitions, StandInTheReadme) {
  EXPECT_TRUE(testing::FileHolds(LSCP_REFERRALS_README, MarkdownTable(kReferralTransitions)));
}

TEST(ReferralTransitions, HoldForEveryStateAndVerb) {
  for (const auto& cell : testing::EveryStateAndVerb(kReferralTransitions)) {
    const auto verb = Verbs().find(cell.verb);
    if (verb == Verbs().end() || cell.state == Referral::STATE_UNSPECIFIED) continue;
    Referral referral = In(cell.state);
    const absl::Status status = verb->second(referral);
    const std::string what = cell.verb + " in " + StateName(cell.state);
    EXPECT_EQ(status.ok(), cell.to.has_value()) << what << ": " << status;
    if (cell.to) {
      EXPECT_EQ(referral.state(), *cell.to) << what;
    } else {
      EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED) << what;
    }
  }
}

TEST(ReceiveReferral, IsReceivedWhenItsContactWasAndDueOneWorkingDayLater) {
  const pb::Contact contact = ContactReceived(London(2025, 4, 17, 23, 59));  // Maundy Thursday
  const Referral referral = ReceiveReferral(
      {&contact, "boroughs/testborough/children/k1", pb::PRIMARY_NEED_LOW_INCOME, "assessment-1"},
      std::nullopt, kStep.now);
  EXPECT_EQ(ProtoToTime(referral.receive_time()), London(2025, 4, 17, 23, 59));
  EXPECT_EQ(ProtoToTime(referral.decision_due_time()), London(2025, 4, 23, 0));  // after Easter
  EXPECT_EQ(referral.source_group(), pb::REFERRAL_SOURCE_GROUP_HEALTH);
  EXPECT_EQ(referral.team(), "assessment-1");
  EXPECT_TRUE(referral.has_allocate_time());
  EXPECT_FALSE(referral.re_referral());
}

struct Pair {
  const char* title;
  absl::Time previous, received;
  bool re_referral;
};
class ReReferral : public ::testing::TestWithParam<Pair> {};

TEST_P(ReReferral, IsOneWithinTwelveMonthsToTheDay) {
  const pb::Contact contact = ContactReceived(GetParam().received);
  const Referral referral = ReceiveReferral(
      {&contact, "boroughs/testborough/children/k1", pb::PRIMARY_NEED_LOW_INCOME, ""},
      PreviousReferral{"boroughs/testborough/referrals/r0", GetParam().previous}, kStep.now);
  EXPECT_EQ(referral.re_referral(), GetParam().re_referral);
  EXPECT_EQ(referral.previous_referral(), "boroughs/testborough/referrals/r0");
}

INSTANTIATE_TEST_SUITE_P(
    All, ReReferral,
    ::testing::Values(
        Pair{"OnTheAnniversary", London(2024, 3, 10, 9), London(2025, 3, 10, 23, 59), true},
        Pair{"TheDayAfter", London(2024, 3, 10, 23, 59), London(2025, 3, 11, 0), false},
        Pair{"LastMinuteInSummerTime", London(2024, 7, 1, 0, 30), London(2025, 7, 1, 23, 59), true},
        Pair{"FirstMinuteAfterInSummerTime", London(2024, 7, 1, 23, 30), London(2025, 7, 2, 0, 30),
             false},
        Pair{"LeapDay", London(2024, 2, 29, 12), London(2025, 2, 28, 12), true},
        Pair{"AfterLeapDay", London(2024, 2, 29, 12), London(2025, 3, 1, 12), false}),
    [](const auto& info) { return info.param.title; });

TEST(DecideReferral, SaysWhoDecidedWhatAndWhy) {
  Referral referral = In(Referral::STATE_RECEIVED);
  ASSERT_TRUE(DecideOn(referral, pb::REFERRAL_DECISION_NO_FURTHER_ACTION).ok());
  EXPECT_EQ(referral.manager(), "m.manager");
  EXPECT_EQ(referral.rationale(), "invented");
  EXPECT_EQ(ProtoToTime(referral.decide_time()), kStep.now);
  EXPECT_EQ(ProtoToDate(referral.close_date()), absl::CivilDay(2025, 3, 10));
  EXPECT_EQ(referral.closure_reason(), pb::REFERRAL_CLOSURE_REASON_UNSPECIFIED);
}

TEST(AllocateReferral, NeedsATeamThatTheBoroughHas) {
  for (const char* team : {"nobody", "ended"}) {
    Referral referral = In(Referral::STATE_RECEIVED);
    pb::AllocateReferralRequest request;
    request.set_team(team);
    EXPECT_EQ(ReasonOf(Allocate(referral, request, kStep, Borough())),
              reason::ERROR_REASON_INVALID_FIELDS);
  }
}

TEST(CloseReferral, WaitsUntilItsAssessmentsHaveEnded) {
  for (const auto state :
       {Assessment::STATE_IN_PROGRESS, Assessment::STATE_AWAITING_AUTHORISATION}) {
    Referral referral = In(Referral::STATE_IN_PROGRESS);
    EXPECT_EQ(ReasonOf(CloseFor(referral, pb::REFERRAL_CLOSURE_REASON_DIED,
                                {AssessmentWith(state, pb::ASSESSMENT_OUTCOME_UNSPECIFIED)})),
              reason::ERROR_REASON_RULE_NOT_MET);
  }
  Referral referral = In(Referral::STATE_IN_PROGRESS);
  EXPECT_TRUE(
      CloseFor(referral, pb::REFERRAL_CLOSURE_REASON_DIED,
               {AssessmentWith(Assessment::STATE_CANCELLED, pb::ASSESSMENT_OUTCOME_UNSPECIFIED)})
          .ok());
}

struct Closure {
  pb::ReferralClosureReason reason;
  std::vector<pb::AssessmentOutcome> allowed;
};

TEST(CloseReferral, AfterAssessmentSaysWhatTheAssessmentLedTo) {
  const Closure closures[] = {
      {pb::REFERRAL_CLOSURE_REASON_NO_FURTHER_ACTION_AFTER_ASSESSMENT,
       {pb::ASSESSMENT_OUTCOME_NO_FURTHER_ACTION, pb::ASSESSMENT_OUTCOME_REFERRAL_TO_OTHER_AGENCY}},
      {pb::REFERRAL_CLOSURE_REASON_EARLY_HELP_AFTER_ASSESSMENT,
       {pb::ASSESSMENT_OUTCOME_STEP_DOWN_TO_EARLY_HELP}},
  };
  const auto* outcomes = pb::AssessmentOutcome_descriptor();
  for (const Closure& closure : closures) {
    for (int i = 1; i < outcomes->value_count(); ++i) {
      const auto outcome = static_cast<pb::AssessmentOutcome>(outcomes->value(i)->number());
      const bool allowed = std::count(closure.allowed.begin(), closure.allowed.end(), outcome) > 0;
      Referral referral = In(Referral::STATE_IN_PROGRESS);
      EXPECT_EQ(CloseFor(referral, closure.reason,
                         {AssessmentWith(Assessment::STATE_AUTHORISED, outcome)})
                    .ok(),
                allowed)
          << outcomes->value(i)->name();
    }
    Referral unassessed = In(Referral::STATE_IN_PROGRESS);
    EXPECT_EQ(ReasonOf(CloseFor(unassessed, closure.reason)), reason::ERROR_REASON_RULE_NOT_MET);
  }
}

TEST(CloseReferral, LooksAtTheAssessmentAuthorisedLast) {
  Referral referral = In(Referral::STATE_IN_PROGRESS);
  const std::vector<Assessment> assessments = {
      AssessmentWith(Assessment::STATE_AUTHORISED, pb::ASSESSMENT_OUTCOME_NO_FURTHER_ACTION,
                     kReceived + absl::Hours(2)),
      AssessmentWith(Assessment::STATE_AUTHORISED, pb::ASSESSMENT_OUTCOME_CHILD_IN_NEED_PLAN,
                     kReceived + absl::Hours(1))};
  EXPECT_TRUE(CloseFor(referral, pb::REFERRAL_CLOSURE_REASON_NO_FURTHER_ACTION_AFTER_ASSESSMENT,
                       assessments)
                  .ok());
}

TEST(CloseReferral, IsNotBeforeItsReceipt) {
  Referral referral = In(Referral::STATE_IN_PROGRESS);
  auto request = Parse<pb::CloseReferralRequest>(
      "reason: REFERRAL_CLOSURE_REASON_DIED close_date { year: 2025 month: 3 day: 9 }");
  EXPECT_EQ(ReasonOf(Close(referral, request, kStep, {})), reason::ERROR_REASON_INVALID_FIELDS);
  request.mutable_close_date()->set_day(10);
  referral = In(Referral::STATE_IN_PROGRESS);
  EXPECT_TRUE(Close(referral, request, kStep, {}).ok());
  EXPECT_EQ(ProtoToDate(referral.close_date()), absl::CivilDay(2025, 3, 10));
}

TEST(ReopenReferral, ClosedByItsDecisionIsToBeDecidedAgainFromNow) {
  Referral referral = In(Referral::STATE_RECEIVED);
  ASSERT_TRUE(DecideOn(referral, pb::REFERRAL_DECISION_EARLY_HELP).ok());
  const Step later = {"m.manager", London(2025, 3, 14, 9)};  // a Friday
  ASSERT_TRUE(
      Reopen(referral, Parse<pb::ReopenReferralRequest>("reason: 'by mistake'"), later).ok());
  EXPECT_EQ(referral.decision(), pb::REFERRAL_DECISION_UNSPECIFIED);
  EXPECT_FALSE(referral.has_close_date());
  EXPECT_EQ(referral.reopen_reason(), "by mistake");
  EXPECT_EQ(ProtoToTime(referral.decision_due_time()), London(2025, 3, 18, 0));
}

}  // namespace
}  // namespace lscp::referrals
