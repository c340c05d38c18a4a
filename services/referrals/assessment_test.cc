#include "referrals/assessment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"

namespace lscp::referrals {
namespace {

using pb::Assessment;
using pb::Referral;
using ::testing::ElementsAre;

absl::Time London(int year, int month, int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), lscp::London());
}

const absl::Time kReceived = London(2025, 3, 10, 10);        // a Monday
const absl::Time kLastMinute = London(2025, 5, 15, 23, 59);  // of the 45th working day
const Step kWorker = {"w.worker", kReceived + absl::Hours(48)};
const Step kManager = {"m.manager", kReceived + absl::Hours(49)};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

const Settings::Borough& Borough() {
  static const auto settings = Settings::Create(
      Parse<pb::ReferralsSettings>("boroughs { id: 'testborough' teams { id: 'assessment-1' } }"),
      {"testborough"});
  return settings->Of("testborough");
}

Referral ReferralReceived(absl::Time received = kReceived) {
  auto referral = Parse<Referral>(
      "name: 'boroughs/testborough/referrals/r1' child: 'boroughs/testborough/children/k1' "
      "team: 'assessment-1' worker: 'w.worker' state: STATE_IN_PROGRESS");
  *referral.mutable_receive_time() = TimeToProto(received);
  return referral;
}

absl::StatusOr<Assessment> Started(const std::string& fields, const Referral& referral,
                                   const std::vector<Assessment>& earlier = {}) {
  return StartAssessment(Parse<pb::StartAssessmentRequest>("type: TYPE_SINGLE " + fields), referral,
                         earlier, kWorker, Borough());
}

// An assessment with all that its submission needs.
Assessment In(Assessment::State state) {
  Assessment assessment = *Started("", ReferralReceived());
  assessment.set_name("boroughs/testborough/assessments/a1");
  assessment.set_analysis("invented");
  assessment.add_factors(pb::ASSESSMENT_FACTOR_NEGLECT);
  *assessment.add_seen()->mutable_date() = DateToProto(absl::CivilDay(2025, 3, 11));
  assessment.set_state(state);
  return assessment;
}

absl::Status WriteFields(Assessment& assessment, const std::string& fields) {
  return Write(assessment, Parse<pb::UpdateAssessmentRequest>("assessment { " + fields + " }"));
}

absl::Status Record(Assessment& assessment, const std::string& fields) {
  return RecordSeen(assessment, Parse<pb::RecordChildSeenRequest>(fields), ReferralReceived(),
                    kWorker);
}

absl::Status ExtendTo(Assessment& assessment, absl::CivilDay until, const Step& step = kManager) {
  pb::ExtendAssessmentRequest request;
  request.set_reason("the family was away");
  *request.mutable_until_date() = DateToProto(until);
  return Extend(assessment, request, step);
}

absl::Status AuthoriseAs(Assessment& assessment, pb::AssessmentOutcome outcome,
                         const Step& step = kManager) {
  pb::AuthoriseAssessmentRequest request;
  request.set_outcome(outcome);
  request.set_manager_oversight("considered");
  return Authorise(assessment, request, ReferralReceived(), step);
}

std::vector<std::string> Violations(const absl::Status& status) {
  std::vector<std::string> fields;
  google::rpc::BadRequest bad;
  const google::rpc::Status wire = ToRpcStatus(status, "test");
  for (const auto& any : wire.details()) any.UnpackTo(&bad);
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  return fields;
}

// The verbs, each as a request that nothing but the state can fail.
const std::map<std::string, std::function<absl::Status(Assessment&)>>& Verbs() {
  static const std::map<std::string, std::function<absl::Status(Assessment&)>> verbs = {
      {"UpdateAssessment", [](Assessment& a) { return WriteFields(a, "analysis: 'new'"); }},
      {"RecordChildSeen",
       [](Assessment& a) { return Record(a, "seen_date { year: 2025 month: 3 day: 10 }"); }},
      {"ExtendAssessment", [](Assessment& a) { return ExtendTo(a, absl::CivilDay(2025, 5, 16)); }},
      {"SubmitAssessment", [](Assessment& a) { return Submit(a, kWorker); }},
      {"ReturnAssessment",
       [](Assessment& a) {
         return Return(a, Parse<pb::ReturnAssessmentRequest>("reason: 'thin'"));
       }},
      {"AuthoriseAssessment",
       [](Assessment& a) { return AuthoriseAs(a, pb::ASSESSMENT_OUTCOME_CHILD_IN_NEED_PLAN); }},
      {"CancelAssessment",
       [](Assessment& a) {
         return Cancel(a, Parse<pb::CancelAssessmentRequest>("reason: 'by mistake'"));
       }},
  };
  return verbs;
}

TEST(AssessmentTransitions, LeadToEveryState) {
  EXPECT_TRUE(testing::IsWhole(kAssessmentTransitions));
}

TEST(AssessmentTransitions, StandInTheReadme) {
  EXPECT_TRUE(testing::FileHolds(LSCP_REFERRALS_README, MarkdownTable(kAssessmentTransitions)));
}

TEST(AssessmentTransitions, HoldForEveryStateAndVerb) {
  for (const auto& cell : testing::EveryStateAndVerb(kAssessmentTransitions)) {
    const auto verb = Verbs().find(cell.verb);
    if (verb == Verbs().end() || cell.state == Assessment::STATE_UNSPECIFIED) continue;
    Assessment assessment = In(cell.state);
    const absl::Status status = verb->second(assessment);
    const std::string what = cell.verb + " in " + StateName(cell.state);
    EXPECT_EQ(status.ok(), cell.to.has_value()) << what << ": " << status;
    if (cell.to) {
      EXPECT_EQ(assessment.state(), *cell.to) << what;
    } else {
      EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED) << what;
    }
  }
}

TEST(StartAssessment, IsDueFortyFiveWorkingDaysAfterTheReferralWhenItStartsLater) {
  const Assessment assessment =
      *Started("start_date { year: 2025 month: 3 day: 12 }", ReferralReceived());
  // Easter, the early May bank holiday and nine weekends lie between.
  EXPECT_EQ(ProtoToDate(assessment.due_date()), absl::CivilDay(2025, 5, 15));
  EXPECT_EQ(ProtoToDate(assessment.start_date()), absl::CivilDay(2025, 3, 12));
  EXPECT_EQ(assessment.team(), "assessment-1");
  EXPECT_EQ(assessment.worker(), "w.worker");
  EXPECT_TRUE(assessment.is_first_of_referral());
}

TEST(StartAssessment, CountsFromTheLondonDayOfTheReferral) {
  // 23:30 UTC on 9 June is 0:30 on the 10th in London.
  const absl::Time received = absl::FromUnixSeconds(1749511800);
  EXPECT_EQ(AssessmentDue(ReferralReceived(received)),
            AssessmentDue(ReferralReceived(London(2025, 6, 10, 12))));
  EXPECT_EQ(AssessmentDue(ReferralReceived(London(2025, 3, 8, 12))),  // a Saturday
            AssessmentDue(ReferralReceived(London(2025, 3, 7, 12))));
}

TEST(StartAssessment, ListsAllThatIsWrong) {
  const auto request = Parse<pb::StartAssessmentRequest>(
      "type: TYPE_CORE team: 'nobody' start_date { year: 2025 month: 3 day: 9 }");
  EXPECT_THAT(
      Violations(StartAssessment(request, ReferralReceived(), {}, kWorker, Borough()).status()),
      ElementsAre("type", "team", "start_date"));
}

TEST(StartAssessment, NeedsAReferralInProgressWithoutAnOpenAssessment) {
  Referral closed = ReferralReceived();
  closed.set_state(Referral::STATE_CLOSED);
  EXPECT_EQ(ReasonOf(Started("", closed).status()), reason::ERROR_REASON_RULE_NOT_MET);
  for (const auto state :
       {Assessment::STATE_IN_PROGRESS, Assessment::STATE_AWAITING_AUTHORISATION}) {
    EXPECT_EQ(ReasonOf(Started("", ReferralReceived(), {In(state)}).status()),
              reason::ERROR_REASON_RULE_NOT_MET);
  }
}

TEST(StartAssessment, IsTheFirstAfterCancelledOnes) {
  EXPECT_TRUE(
      Started("", ReferralReceived(), {In(Assessment::STATE_CANCELLED)})->is_first_of_referral());
  EXPECT_FALSE(
      Started("", ReferralReceived(), {In(Assessment::STATE_AUTHORISED)})->is_first_of_referral());
}

struct Factors {
  const char* title;
  const char* fields;
  bool ok;
};
class AssessmentFactors : public ::testing::TestWithParam<Factors> {};

TEST_P(AssessmentFactors, AreThoseOfTheCensus) {
  Assessment assessment = In(Assessment::STATE_IN_PROGRESS);
  const absl::Status status = WriteFields(assessment, GetParam().fields);
  EXPECT_EQ(status.ok(), GetParam().ok) << status;
  if (!GetParam().ok) {
    EXPECT_THAT(Violations(status), ElementsAre("assessment.factors"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, AssessmentFactors,
    ::testing::Values(
        Factors{"Several",
                "factors: [ASSESSMENT_FACTOR_NEGLECT, ASSESSMENT_FACTOR_PHYSICAL_ABUSE_BY_ADULT]",
                true},
        Factors{"NoneAlone", "factors: ASSESSMENT_FACTOR_NO_FACTORS", true},
        Factors{"NoneWithAnother",
                "factors: [ASSESSMENT_FACTOR_NO_FACTORS, ASSESSMENT_FACTOR_NEGLECT]", false},
        Factors{"Twice", "factors: [ASSESSMENT_FACTOR_NEGLECT, ASSESSMENT_FACTOR_NEGLECT]", false},
        Factors{"SupersededPhysical", "factors: ASSESSMENT_FACTOR_PHYSICAL_ABUSE", false},
        Factors{"SupersededSexual", "factors: ASSESSMENT_FACTOR_SEXUAL_ABUSE", false},
        Factors{"NotSet", "factors: ASSESSMENT_FACTOR_UNSPECIFIED", false}),
    [](const auto& info) { return info.param.title; });

TEST(UpdateAssessment, KnowsItsPathsAndLeavesWhatTheServiceSets) {
  Assessment assessment = In(Assessment::STATE_IN_PROGRESS);
  EXPECT_EQ(ReasonOf(Write(assessment, Parse<pb::UpdateAssessmentRequest>(
                                           "assessment {} update_mask { paths: 'nothing' }"))),
            reason::ERROR_REASON_INVALID_FIELDS);
  ASSERT_TRUE(WriteFields(assessment,
                          "identity: 'new' worker: 'else' outcome: "
                          "ASSESSMENT_OUTCOME_LEGAL_ACTION")
                  .ok());
  EXPECT_EQ(assessment.identity(), "new");
  EXPECT_EQ(assessment.worker(), "w.worker");
  EXPECT_EQ(assessment.outcome(), pb::ASSESSMENT_OUTCOME_UNSPECIFIED);
}

TEST(RecordChildSeen, KeepsTheOldestFirstAndForgetsWhyNot) {
  Assessment assessment = In(Assessment::STATE_IN_PROGRESS);
  assessment.clear_seen();
  ASSERT_TRUE(
      Record(assessment, "not_seen_reason: NOT_SEEN_REASON_OTHER not_seen_note: 'ill'").ok());
  EXPECT_EQ(assessment.not_seen_note(), "ill");
  ASSERT_TRUE(Record(assessment, "seen_date { year: 2025 month: 3 day: 12 } alone: true").ok());
  ASSERT_TRUE(
      Record(assessment, "seen_date { year: 2025 month: 3 day: 10 } seen_by: 'h.visitor'").ok());
  ASSERT_EQ(assessment.seen_size(), 2);
  EXPECT_EQ(assessment.seen(0).seen_by(), "h.visitor");
  EXPECT_EQ(assessment.seen(1).seen_by(), "w.worker");
  EXPECT_TRUE(assessment.seen(1).alone());
  EXPECT_EQ(assessment.not_seen_reason(), pb::NOT_SEEN_REASON_UNSPECIFIED);
  EXPECT_EQ(assessment.not_seen_note(), "");
}

TEST(RecordChildSeen, ListsWhatIsWrong) {
  Assessment seen = In(Assessment::STATE_IN_PROGRESS);
  Assessment unseen = seen;
  unseen.clear_seen();
  EXPECT_THAT(Violations(Record(unseen, "")), ElementsAre("seen_date"));
  EXPECT_THAT(Violations(Record(unseen,
                                "seen_date { year: 2025 month: 3 day: 11 } not_seen_reason: "
                                "NOT_SEEN_REASON_AWAY")),
              ElementsAre("seen_date"));
  EXPECT_THAT(Violations(Record(unseen, "seen_date { year: 2025 month: 3 day: 9 }")),
              ElementsAre("seen_date"));
  EXPECT_THAT(Violations(Record(unseen, "not_seen_reason: NOT_SEEN_REASON_OTHER")),
              ElementsAre("not_seen_note"));
  EXPECT_THAT(Violations(Record(seen, "not_seen_reason: NOT_SEEN_REASON_AWAY")),
              ElementsAre("not_seen_reason"));
}

TEST(ExtendAssessment, IsAgreedByAManagerAndMovesNoDueDate) {
  Assessment assessment = In(Assessment::STATE_IN_PROGRESS);
  EXPECT_THAT(Violations(ExtendTo(assessment, absl::CivilDay(2025, 5, 15))),
              ElementsAre("until_date"));
  EXPECT_EQ(ReasonOf(ExtendTo(assessment, absl::CivilDay(2025, 5, 30), kWorker)),
            reason::ERROR_REASON_RULE_NOT_MET);
  ASSERT_TRUE(ExtendTo(assessment, absl::CivilDay(2025, 5, 16)).ok());
  ASSERT_EQ(assessment.extensions_size(), 1);
  EXPECT_EQ(assessment.extensions(0).manager(), "m.manager");
  EXPECT_EQ(ProtoToDate(assessment.due_date()), absl::CivilDay(2025, 5, 15));
}

TEST(SubmitAssessment, NeedsAnalysisFactorsAndWhetherTheChildWasSeen) {
  for (const auto& [what, take] : std::map<std::string, void (*)(Assessment&)>{
           {"seen", [](Assessment& a) { a.clear_seen(); }},
           {"analysis", [](Assessment& a) { a.clear_analysis(); }},
           {"factors", [](Assessment& a) { a.clear_factors(); }}}) {
    Assessment assessment = In(Assessment::STATE_IN_PROGRESS);
    take(assessment);
    EXPECT_EQ(ReasonOf(Submit(assessment, kWorker)), reason::ERROR_REASON_RULE_NOT_MET) << what;
  }
  Assessment unseen = In(Assessment::STATE_IN_PROGRESS);
  unseen.clear_seen();
  unseen.set_not_seen_reason(pb::NOT_SEEN_REASON_UNBORN);
  EXPECT_TRUE(Submit(unseen, kWorker).ok());
}

TEST(SubmitAssessment, GivesAnUnallocatedAssessmentItsAuthor) {
  Assessment assessment = In(Assessment::STATE_IN_PROGRESS);
  assessment.clear_worker();
  ASSERT_TRUE(Submit(assessment, kWorker).ok());
  EXPECT_EQ(ReasonOf(AuthoriseAs(assessment, pb::ASSESSMENT_OUTCOME_LEGAL_ACTION, kWorker)),
            reason::ERROR_REASON_RULE_NOT_MET);
}

TEST(ReturnAssessment, IsCounted) {
  Assessment assessment = In(Assessment::STATE_AWAITING_AUTHORISATION);
  ASSERT_TRUE(Return(assessment, Parse<pb::ReturnAssessmentRequest>("reason: 'thin'")).ok());
  EXPECT_EQ(assessment.returns(), 1);
  EXPECT_EQ(assessment.return_reason(), "thin");
}

TEST(AuthoriseAssessment, IsInTimeUntilTheEndOfTheLastDay) {
  Assessment assessment = In(Assessment::STATE_AWAITING_AUTHORISATION);
  ASSERT_TRUE(
      AuthoriseAs(assessment, pb::ASSESSMENT_OUTCOME_CHILD_IN_NEED_PLAN, {"m.manager", kLastMinute})
          .ok());
  EXPECT_EQ(assessment.working_days(), 45);
  EXPECT_EQ(assessment.manager(), "m.manager");
  EXPECT_EQ(assessment.manager_oversight(), "considered");
}

TEST(AuthoriseAssessment, WhenLateNeedsTheReasonOfAnExtension) {
  const Step late = {"m.manager", kLastMinute + absl::Minutes(1)};
  Assessment assessment = In(Assessment::STATE_AWAITING_AUTHORISATION);
  EXPECT_EQ(ReasonOf(AuthoriseAs(assessment, pb::ASSESSMENT_OUTCOME_CHILD_IN_NEED_PLAN, late)),
            reason::ERROR_REASON_RULE_NOT_MET);
  assessment = In(Assessment::STATE_IN_PROGRESS);
  ASSERT_TRUE(ExtendTo(assessment, absl::CivilDay(2025, 5, 30)).ok());
  assessment.set_state(Assessment::STATE_AWAITING_AUTHORISATION);
  ASSERT_TRUE(AuthoriseAs(assessment, pb::ASSESSMENT_OUTCOME_CHILD_IN_NEED_PLAN, late).ok());
  EXPECT_EQ(assessment.working_days(), 46);
}

TEST(AuthoriseAssessment, IsNotForItsWorker) {
  Assessment assessment = In(Assessment::STATE_AWAITING_AUTHORISATION);
  EXPECT_EQ(ReasonOf(AuthoriseAs(assessment, pb::ASSESSMENT_OUTCOME_CHILD_IN_NEED_PLAN, kWorker)),
            reason::ERROR_REASON_RULE_NOT_MET);
}

TEST(AuthoriseAssessment, WithoutFactorsEndsTheCase) {
  const auto* outcomes = pb::AssessmentOutcome_descriptor();
  const std::vector<int> ending = {pb::ASSESSMENT_OUTCOME_NO_FURTHER_ACTION,
                                   pb::ASSESSMENT_OUTCOME_REFERRAL_TO_OTHER_AGENCY,
                                   pb::ASSESSMENT_OUTCOME_STEP_DOWN_TO_EARLY_HELP};
  for (int i = 1; i < outcomes->value_count(); ++i) {
    const int outcome = outcomes->value(i)->number();
    Assessment assessment = In(Assessment::STATE_AWAITING_AUTHORISATION);
    assessment.clear_factors();
    assessment.add_factors(pb::ASSESSMENT_FACTOR_NO_FACTORS);
    const bool allowed = std::count(ending.begin(), ending.end(), outcome) > 0;
    EXPECT_EQ(AuthoriseAs(assessment, static_cast<pb::AssessmentOutcome>(outcome)).ok(), allowed)
        << outcomes->value(i)->name();
  }
}

}  // namespace
}  // namespace lscp::referrals
