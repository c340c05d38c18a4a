#include "child_death_reviews/joint_response.h"

#include "common/testing/rules.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::ExpectEveryStateAndVerb;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::LondonTime;
using lscp::testing::Violations;
using pb::JointResponse;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNotified = LondonTime(2025, 3, 10, 10);
const Step kCoordinator = {"c.coordinator", "testhealth", kNotified + absl::Hours(3)};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

pb::Particulars Known(const std::string& more = "") {
  return Parse<pb::Particulars>("death_date { year: 2025 month: 3 day: 9 } " + more);
}

JointResponse In(JointResponse::State state) {
  JointResponse response;
  response.set_name("boroughs/testborough/jointResponses/r1");
  response.set_state(state);
  return response;
}

pb::DecideJointResponseRequest Criteria(const std::vector<bool>& met) {
  pb::DecideJointResponseRequest request;
  for (size_t i = 0; i < met.size(); ++i) {
    pb::CriterionFinding& finding = *request.add_criteria();
    finding.set_criterion(static_cast<pb::JointResponseCriterion>(i + 1));
    finding.set_met(met[i]);
    finding.set_reason("x");
  }
  return request;
}

absl::Status DecideIt(JointResponse& response, const std::vector<bool>& met,
                      const std::string& known = "") {
  return Decide(response, Criteria(met), Known(known), kCoordinator);
}

absl::Status Hold(JointResponse& response, const std::string& fields, absl::Time held = kNotified) {
  auto request = Parse<pb::HoldPlanningMeetingRequest>("planning_meeting { " + fields + " }");
  *request.mutable_planning_meeting()->mutable_hold_time() = TimeToProto(held);
  return HoldMeeting(response, request, kNotified);
}

constexpr char kAll[] =
    "responders { kind: RESPONDER_KIND_HEALTH took_part: true } "
    "responders { kind: RESPONDER_KIND_POLICE took_part: true } "
    "responders { kind: RESPONDER_KIND_SOCIAL_CARE informed: true } ";

absl::Status VisitOn(JointResponse& response, absl::Time at) {
  pb::RecordSceneVisitRequest request;
  *request.mutable_visit()->mutable_visit_time() = TimeToProto(at);
  return Visit(response, request, Known());
}

// Whatever completing needs.
JointResponse Done(JointResponse::State state) {
  JointResponse response = In(state);
  response.mutable_planning_meeting();
  response.add_visits();
  response.mutable_coroner();
  return response;
}

TEST(JointResponseStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(JointResponse&)>> verbs = {
      {"DecideJointResponse met",
       [](JointResponse& r) {
         return DecideIt(r, {true, false, false, false, false});
       }},
      {"DecideJointResponse not met",
       [](JointResponse& r) {
         return DecideIt(r, {false, false, false, false, false});
       }},
      {"HoldPlanningMeeting", [](JointResponse& r) { return Hold(r, kAll); }},
      {"RecordSceneVisit", [](JointResponse& r) { return VisitOn(r, kNotified); }},
      {"CompleteJointResponse",
       [](JointResponse& r) {
         r = Done(r.state());
         return Complete(r, {}, kNotified);
       }},
  };
  ExpectEveryStateAndVerb(kJointResponseTransitions, "AcceptDeathReview", verbs, In);
}

TEST(JointResponseStates, AreInTheReadme) {
  EXPECT_TRUE(IsWhole(kJointResponseTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILD_DEATH_REVIEWS_README, MarkdownTable(kJointResponseTransitions)));
}

class EachCriterion : public ::testing::TestWithParam<int> {};

TEST_P(EachCriterion, AloneRequiresAJointAgencyResponse) {
  std::vector<bool> met(5, false);
  met[GetParam()] = true;
  JointResponse response = In(JointResponse::STATE_UNDECIDED);
  ASSERT_TRUE(DecideIt(response, met).ok());
  EXPECT_EQ(response.state(), JointResponse::STATE_REQUIRED);
  EXPECT_EQ(response.decided_by(), "c.coordinator");
}

INSTANTIATE_TEST_SUITE_P(Criteria, EachCriterion, ::testing::Range(0, 5));

TEST(Decide, NamesEachCriterionOnce) {
  JointResponse response = In(JointResponse::STATE_UNDECIDED);
  EXPECT_THAT(Violations(DecideIt(response, {true, false, false, false})), ElementsAre("criteria"));
  response = In(JointResponse::STATE_UNDECIDED);
  auto twice = Criteria({true, false, false, false, false});
  twice.mutable_criteria(4)->set_criterion(pb::JOINT_RESPONSE_CRITERION_SUDDEN);
  EXPECT_THAT(Violations(Decide(response, twice, Known(), kCoordinator)),
              ElementsAre("criteria[4].criterion", "criteria"));
}

TEST(Decide, AgreesWithWhatIsKnownOfTheDeath) {
  struct Case {
    const char* known;
    std::vector<bool> met;
    std::vector<std::string> wrong;
  };
  const std::vector<Case> cases = {
      {"death_place_kind: PLACE_KIND_CUSTODY",
       {true, false, false, false, false},
       {"criteria[2].met"}},
      {"death_place_kind: PLACE_KIND_CUSTODY", {false, false, true, false, false}, {}},
      {"birth: BIRTH_KIND_STILLBIRTH_UNATTENDED",
       {false, true, false, false, false},
       {"criteria[4].met"}},
      {"birth: BIRTH_KIND_LIVE", {false, false, false, false, true}, {"criteria[4].met"}},
      {"birth: BIRTH_KIND_LIVE", {false, true, false, false, false}, {}},
  };
  for (const Case& c : cases) {
    JointResponse response = In(JointResponse::STATE_UNDECIDED);
    EXPECT_EQ(Violations(DecideIt(response, c.met, c.known)), c.wrong) << c.known;
  }
}

TEST(HoldMeeting, IsOnceAndAfterTheNotification) {
  JointResponse response = In(JointResponse::STATE_REQUIRED);
  EXPECT_THAT(Violations(Hold(response, kAll, kNotified - absl::Hours(1))),
              ElementsAre("planning_meeting.hold_time"));
  ASSERT_TRUE(Hold(response, kAll).ok());
  EXPECT_EQ(BrokenRule(Hold(response, kAll)), "one_planning_meeting");
}

TEST(HoldMeeting, IsOfHealthPoliceAndSocialCareOrSaysWhyNot) {
  const std::string two =
      "responders { kind: RESPONDER_KIND_HEALTH took_part: true } "
      "responders { kind: RESPONDER_KIND_POLICE took_part: true } "
      "responders { kind: RESPONDER_KIND_SOCIAL_CARE } ";
  JointResponse response = In(JointResponse::STATE_REQUIRED);
  EXPECT_EQ(BrokenRule(Hold(response, two)), "planning_meeting_quorate");
  EXPECT_TRUE(Hold(response, two + "absence_reason: 'x'").ok());
}

TEST(Visit, IsNotBeforeTheDeath) {
  JointResponse response = In(JointResponse::STATE_REQUIRED);
  EXPECT_THAT(Violations(VisitOn(response, LondonTime(2025, 3, 8, 23, 59))),
              ElementsAre("visit.visit_time"));
  EXPECT_TRUE(VisitOn(response, LondonTime(2025, 3, 9, 0, 0)).ok());
}

TEST(Coroner, HasDaysInOrder) {
  const auto record = [](const std::string& fields) {
    JointResponse response = In(JointResponse::STATE_NOT_REQUIRED);
    return Violations(RecordCoroner(
        response, Parse<pb::RecordCoronerRequest>("coroner { " + fields + " }"), Known()));
  };
  EXPECT_THAT(record("refer_date { year: 2025 month: 3 day: 8 }"),
              ElementsAre("coroner.refer_date"));
  EXPECT_THAT(record("refer_date { year: 2025 month: 3 day: 11 } "
                     "post_mortem_date { year: 2025 month: 3 day: 8 } "
                     "inquest_open_date { year: 2025 month: 3 day: 10 } "
                     "conclude_date { year: 2025 month: 3 day: 10 }"),
              ElementsAre("coroner.post_mortem_date", "coroner.inquest_open_date",
                          "coroner.conclude_date"));
  EXPECT_THAT(record("refer_date { year: 2025 month: 3 day: 11 } "
                     "post_mortem_date { year: 2025 month: 3 day: 10 } "
                     "conclude_date { year: 2025 month: 11 day: 1 }"),
              IsEmpty());
}

TEST(Register, IsNotBeforeTheDeath) {
  JointResponse response = In(JointResponse::STATE_COMPLETED);
  EXPECT_THAT(
      Violations(Register(response,
                          Parse<pb::RecordRegistrationRequest>(
                              "registration { register_date { year: 2025 month: 3 day: 8 } }"),
                          Known())),
      ElementsAre("registration.register_date"));
}

TEST(ReferSiblings, IsOnceInWhateverState) {
  for (const auto state : {JointResponse::STATE_UNDECIDED, JointResponse::STATE_NOT_REQUIRED,
                           JointResponse::STATE_COMPLETED}) {
    JointResponse response = In(state);
    const auto request = Parse<pb::ReferSiblingsRequest>(
        "siblings_referral { decision: SIBLINGS_DECISION_ALREADY_KNOWN decide_time { seconds: 1 } "
        "}");
    ASSERT_TRUE(ReferSiblings(response, request, kCoordinator).ok());
    EXPECT_EQ(response.siblings_referral().person(), "c.coordinator");
    EXPECT_EQ(response.siblings_referral().decision(), pb::SIBLINGS_DECISION_UNSPECIFIED);
    EXPECT_FALSE(response.siblings_referral().has_decide_time());
    EXPECT_EQ(BrokenRule(ReferSiblings(response, {}, kCoordinator)), "one_siblings_referral");
  }
}

TEST(KeepDecision, ShowsOnceWhatWasDecidedForWhoWasReferred) {
  using safeguarding::child_protection::v1::SiblingReferralDecided;
  const auto told = [](const std::string& outcome) {
    return Parse<SiblingReferralDecided>("outcome: SIBLING_REFERRAL_OUTCOME_" + outcome +
                                         " decide_time { seconds: 1741600000 }");
  };
  for (const char* decision :
       {"STRATEGY_DISCUSSION", "FRONT_DOOR", "ALREADY_KNOWN", "NO_FURTHER_ACTION"}) {
    JointResponse response = In(JointResponse::STATE_COMPLETED);
    EXPECT_FALSE(KeepDecision(response, told(decision))) << decision;
    ASSERT_TRUE(ReferSiblings(response, {}, kCoordinator).ok());
    EXPECT_TRUE(KeepDecision(response, told(decision))) << decision;
    EXPECT_EQ(pb::SiblingsDecision_Name(response.siblings_referral().decision()),
              std::string("SIBLINGS_DECISION_") + decision);
    EXPECT_EQ(response.siblings_referral().decide_time().seconds(), 1741600000);
    EXPECT_FALSE(KeepDecision(response, told("FRONT_DOOR"))) << decision;
  }
}

TEST(Complete, NeedsWhatItIsFor) {
  JointResponse response = Done(JointResponse::STATE_REQUIRED);
  response.clear_planning_meeting();
  EXPECT_EQ(BrokenRule(Complete(response, {}, kNotified)), "planning_meeting_held");
  response = Done(JointResponse::STATE_REQUIRED);
  response.clear_coroner();
  EXPECT_EQ(BrokenRule(Complete(response, {}, kNotified)), "coroner_told");
  response = Done(JointResponse::STATE_REQUIRED);
  response.clear_visits();
  EXPECT_EQ(BrokenRule(Complete(response, {}, kNotified)), "visited");
  response = Done(JointResponse::STATE_REQUIRED);
  response.clear_visits();
  EXPECT_TRUE(Complete(response,
                       Parse<pb::CompleteJointResponseRequest>("no_visit_reason: 'abroad'"),
                       kNotified)
                  .ok());
}

struct DueCase {
  absl::Time decided;
  absl::Time due;
};

class PlanningMeetingDue : public ::testing::TestWithParam<DueCase> {};

TEST_P(PlanningMeetingDue, IsElapsedHoursAfterTheDecision) {
  EXPECT_EQ(DueAt(GetParam().decided,
                  PlanningMeetingRule(Settings::Create({}, {})->Of("testborough")).due_after,
                  WorkingDayCalendar()),
            GetParam().due);
}

INSTANTIATE_TEST_SUITE_P(
    Times, PlanningMeetingDue,
    ::testing::Values(DueCase{LondonTime(2025, 3, 10, 10), LondonTime(2025, 3, 12, 10)},
                      DueCase{LondonTime(2025, 3, 29, 22), LondonTime(2025, 3, 31, 23)},
                      DueCase{LondonTime(2025, 10, 25, 0, 30), LondonTime(2025, 10, 26, 23, 30)},
                      DueCase{LondonTime(2024, 2, 28, 10), LondonTime(2024, 3, 1, 10)}));

}  // namespace
}  // namespace lscp::child_death_reviews
