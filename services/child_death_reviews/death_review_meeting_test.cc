#include "child_death_reviews/death_review_meeting.h"

#include "common/testing/rules.h"
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
using pb::DeathReviewMeeting;
using ::testing::ElementsAre;

const absl::Time kHeld = LondonTime(2025, 4, 10, 10);
const Step kCoordinator = {"c.coordinator", "testhealth", kHeld + absl::Hours(48)};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

pb::Particulars Child() {
  return Parse<pb::Particulars>("given_name: 'Testa' death_date { year: 2025 month: 3 day: 9 }");
}

DeathReviewMeeting In(DeathReviewMeeting::State state) {
  DeathReviewMeeting meeting;
  meeting.set_name("boroughs/testborough/deathReviewMeetings/m1");
  meeting.set_state(state);
  *meeting.mutable_meet_time() = TimeToProto(kHeld);
  return meeting;
}

absl::Status Hold(DeathReviewMeeting& meeting, const std::string& attendances,
                  absl::Time at = kHeld) {
  auto request = Parse<pb::HoldDeathReviewMeetingRequest>(attendances);
  *request.mutable_meet_time() = TimeToProto(at);
  return HoldReviewMeeting(meeting, request, Child());
}

constexpr char kThere[] = "attendances { agency: 'a' kind: AGENCY_KIND_HOSPITAL attended: true } ";

absl::Status Tell(DeathReviewMeeting& meeting, absl::Time at, const std::string& feedback = "") {
  auto request = Parse<pb::RecordFamilyFeedbackRequest>("feedback { " + feedback + " }");
  *request.mutable_feedback()->mutable_tell_time() = TimeToProto(at);
  return TellFamily(meeting, request);
}

TEST(ReviewMeetingStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(DeathReviewMeeting&)>> verbs = {
      {"HoldDeathReviewMeeting", [](DeathReviewMeeting& m) { return Hold(m, kThere); }},
      {"ReportDeathReviewMeeting",
       [](DeathReviewMeeting& m) { return Report(m, {}, Child(), kCoordinator); }},
      {"RecordFamilyFeedback", [](DeathReviewMeeting& m) { return Tell(m, kHeld); }},
      {"CancelDeathReviewMeeting", [](DeathReviewMeeting& m) { return CancelMeeting(m, {}); }},
  };
  ExpectEveryStateAndVerb(kReviewMeetingTransitions, "PlanDeathReviewMeeting", verbs, In);
}

TEST(ReviewMeetingStates, AreInTheReadme) {
  EXPECT_TRUE(IsWhole(kReviewMeetingTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILD_DEATH_REVIEWS_README, MarkdownTable(kReviewMeetingTransitions)));
}

TEST(PlanMeeting, KeepsWhoIsInvitedAndNothingThatIsNotYet) {
  const auto meeting = PlanMeeting(
      Parse<pb::PlanDeathReviewMeetingRequest>(
          "invitations { agency: 'a' kind: AGENCY_KIND_HOSPITAL attended: true reported: true }"),
      {In(DeathReviewMeeting::STATE_HELD), In(DeathReviewMeeting::STATE_CANCELLED)});
  ASSERT_TRUE(meeting.ok()) << meeting.status();
  EXPECT_TRUE(meeting->attendances(0).invited());
  EXPECT_FALSE(meeting->attendances(0).attended());
  EXPECT_FALSE(meeting->attendances(0).reported());
}

TEST(PlanMeeting, IsOneAtATimeAndInvitesAnAgencyOnce) {
  EXPECT_EQ(BrokenRule(PlanMeeting({}, {In(DeathReviewMeeting::STATE_PLANNED)}).status()),
            "one_planned_meeting");
  EXPECT_THAT(Violations(PlanMeeting(Parse<pb::PlanDeathReviewMeetingRequest>(
                                         "invitations { agency: 'a' kind: AGENCY_KIND_LAY } "
                                         "invitations { agency: 'a' kind: AGENCY_KIND_POLICE } "
                                         "invitations { agency: 'a' kind: AGENCY_KIND_LAY }"),
                                     {})
                             .status()),
              ElementsAre("invitations[2].agency"));
}

TEST(HoldReviewMeeting, WasAttendedAndNotBeforeTheDeath) {
  DeathReviewMeeting meeting = In(DeathReviewMeeting::STATE_PLANNED);
  EXPECT_THAT(Violations(Hold(meeting, "attendances { agency: 'a' invited: true }")),
              ElementsAre("attendances"));
  meeting = In(DeathReviewMeeting::STATE_PLANNED);
  EXPECT_THAT(Violations(Hold(meeting, kThere, LondonTime(2025, 3, 8, 23))),
              ElementsAre("meet_time"));
}

TEST(HoldReviewMeeting, IsLedByWhoWasToUnlessSomebodyElseWas) {
  DeathReviewMeeting meeting = In(DeathReviewMeeting::STATE_PLANNED);
  meeting.set_chair("c.planned");
  ASSERT_TRUE(Hold(meeting, kThere).ok());
  EXPECT_EQ(meeting.chair(), "c.planned");
  meeting.set_state(DeathReviewMeeting::STATE_PLANNED);
  ASSERT_TRUE(Hold(meeting, kThere + std::string("chair: 'c.other'")).ok());
  EXPECT_EQ(meeting.chair(), "c.other");
}

TEST(Report, KeepsEveryVersionAndTellsNobodyWhoTheChildWas) {
  DeathReviewMeeting meeting = In(DeathReviewMeeting::STATE_HELD);
  ASSERT_TRUE(Report(meeting, {}, Child(), kCoordinator).ok());
  ASSERT_TRUE(Report(meeting, {}, Child(), kCoordinator).ok());
  EXPECT_EQ(meeting.drafts_size(), 2);
  EXPECT_EQ(meeting.drafts(1).person(), "c.coordinator");
  EXPECT_THAT(Violations(Report(meeting,
                                Parse<pb::ReportDeathReviewMeetingRequest>(
                                    "analysis { learning_points: 'ask Testa' }"),
                                Child(), kCoordinator)),
              ElementsAre("analysis.learning_points[0]"));
}

TEST(TellFamily, IsAfterTheMeetingAndLeavesNothingOpenThatWasAnswered) {
  DeathReviewMeeting meeting = In(DeathReviewMeeting::STATE_HELD);
  EXPECT_THAT(Violations(Tell(meeting, kHeld - absl::Minutes(1))),
              ElementsAre("feedback.tell_time"));
  EXPECT_THAT(Violations(Tell(meeting, kHeld, "questions_answered: true open_questions: 'x'")),
              ElementsAre("feedback.open_questions"));
  EXPECT_FALSE(FamilyTold({meeting}));
  EXPECT_TRUE(Tell(meeting, kHeld, "open_questions: 'x'").ok());
  EXPECT_TRUE(FamilyTold({In(DeathReviewMeeting::STATE_PLANNED), meeting}));
}

TEST(WasHeld, IsNeitherOfWhatIsPlannedNorOfWhatWasCalledOff) {
  EXPECT_FALSE(WasHeld({}));
  EXPECT_FALSE(
      WasHeld({In(DeathReviewMeeting::STATE_PLANNED), In(DeathReviewMeeting::STATE_CANCELLED)}));
  EXPECT_TRUE(WasHeld({In(DeathReviewMeeting::STATE_HELD)}));
  EXPECT_TRUE(WasHeld({In(DeathReviewMeeting::STATE_REPORTED)}));
  EXPECT_FALSE(HasDraft({In(DeathReviewMeeting::STATE_HELD)}));
}

}  // namespace
}  // namespace lscp::child_death_reviews
