#include "child_protection/invitation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "child_protection/testing/rules.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;
using pb::Conference;
using pb::Invitation;

const absl::Time kNow = absl::FromUnixSeconds(1741600800);
const Step kStep = {"n.nurse", "testhealth", kNow + absl::Hours(1)};

Conference Meeting(Conference::State state = Conference::STATE_CONVENED) {
  auto conference = ParseRequest<Conference>(
      "name: 'boroughs/testborough/conferences/c1' type: TYPE_INITIAL place: 'Room 1' "
      "considered { child: 'boroughs/testborough/children/k1' given_name: 'Testa' "
      "family_name: 'Beispiel' views: 'what the child said' rationale: 'what was thought' }");
  conference.set_state(state);
  *conference.mutable_plan_time() = TimeToProto(kNow + absl::Hours(240));
  return conference;
}

Invitation Invited(Invitation::State state = Invitation::STATE_INVITED) {
  Invitation invitation =
      Invite(Meeting(), {CivilDay(2018, 5, 1)}, 2,
             ParseRequest<pb::InvitedAgency>(
                 "agency: 'testhealth' kind: AGENCY_KIND_HEALTH direct_contact: true"),
             kNow + absl::Hours(200), kNow);
  invitation.set_state(state);
  return invitation;
}

absl::Status ReportIt(Invitation& invitation, Conference::State state = Conference::STATE_CONVENED,
                      const Step& step = kStep) {
  return Report(
      invitation, Meeting(state),
      ParseRequest<pb::SubmitConferenceReportRequest>("report: 'x' reported_by: 'A. Nother'"),
      step);
}

TEST(InvitationTransitions, LeadToEveryState) {
  EXPECT_TRUE(testing::IsWhole(kInvitationTransitions));
}

TEST(InvitationTransitions, StandInTheReadme) {
  EXPECT_TRUE(
      testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kInvitationTransitions)));
}

TEST(InvitationTransitions, HoldForEveryStateAndVerb) {
  for (const auto& cell : testing::EveryStateAndVerb(kInvitationTransitions)) {
    Invitation invitation = Invited(cell.state);
    bool done = false;
    if (cell.verb == "SubmitConferenceReport") {
      done = ReportIt(invitation).ok();
    } else if (cell.verb == "RemindInvitees") {
      done = Remind(invitation, kNow);
    } else if (cell.verb == "LapseInvitation") {
      done = Lapse(invitation);
    } else {
      continue;  // inviting makes a new one
    }
    EXPECT_EQ(done, cell.to.has_value()) << cell.verb << " in " << StateName(cell.state);
    EXPECT_EQ(invitation.state(), cell.to.value_or(cell.state)) << cell.verb;
  }
}

TEST(Invite, TellsWhoTheChildrenAreAndNothingElseOfThem) {
  const Invitation invitation = Invited();
  EXPECT_EQ(invitation.name(), "boroughs/testborough/invitations/c1-2");
  EXPECT_EQ(invitation.children(0).given_name(), "Testa");
  EXPECT_EQ(ProtoToDate(invitation.children(0).birth_date()), CivilDay(2018, 5, 1));
  EXPECT_EQ(invitation.place(), "Room 1");
  EXPECT_EQ(invitation.SerializeAsString().find("what"), std::string::npos);
}

TEST(InvitationName, LeadsBackToTheConference) {
  EXPECT_EQ(ConferenceOfInvitation(InvitationName("boroughs/testborough/conferences/c1", 12)),
            "boroughs/testborough/conferences/c1");
}

TEST(ReportDue, EndsWorkingDaysBeforeTheConference) {
  struct Row {
    CivilDay conference;
    int days;
    CivilDay due;
  };
  for (const Row& row : {Row{CivilDay(2025, 3, 20), 2, CivilDay(2025, 3, 18)},
                         Row{CivilDay(2025, 3, 17), 2, CivilDay(2025, 3, 13)},
                         Row{CivilDay(2025, 4, 22), 2, CivilDay(2025, 4, 16)},
                         Row{CivilDay(2024, 3, 1), 2, CivilDay(2024, 2, 28)},
                         Row{CivilDay(2025, 3, 31), 5, CivilDay(2025, 3, 24)}}) {
    EXPECT_EQ(ReportDue(StartOfDay(row.conference) + absl::Hours(10), row.days), EndOfDay(row.due))
        << row.conference;
  }
}

TEST(AllowAgencies, RefusesOneThatIsInvitedAlready) {
  const auto request = ParseRequest<pb::InviteToConferenceRequest>(
      "agencies { agency: 'testschool' } agencies { agency: 'testhealth' }");
  EXPECT_TRUE(AllowAgencies(request, {}).ok());
  EXPECT_EQ(AllowAgencies(request, {Invited()}).code(), absl::StatusCode::kInvalidArgument);
}

TEST(Report, IsTakenUntilTheConferenceIsHeld) {
  Invitation invitation = Invited();
  ASSERT_TRUE(ReportIt(invitation).ok());
  for (const auto state :
       {Conference::STATE_HELD, Conference::STATE_DECIDED, Conference::STATE_CANCELLED}) {
    EXPECT_EQ(ReasonOf(ReportIt(invitation, state)), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  }
}

TEST(Report, ACorrectionKeepsTheTimeOfTheFirst) {
  Invitation invitation = Invited();
  ASSERT_TRUE(ReportIt(invitation).ok());
  EXPECT_EQ(invitation.reported_by(), "n.nurse");
  ASSERT_TRUE(
      ReportIt(invitation, Conference::STATE_CONVENED, {"", "", kNow + absl::Hours(9)}).ok());
  EXPECT_EQ(ProtoToTime(invitation.report_time()), kStep.now);
  EXPECT_EQ(invitation.reported_by(), "A. Nother");
}

TEST(MarkAttendance, IsOfInvitedAgenciesOnceEach) {
  std::vector<Invitation> invitations = {Invited()};
  const auto mark = [&](const std::string& attendance) {
    return MarkAttendance(invitations, ParseRequest<pb::HoldConferenceRequest>(attendance));
  };
  EXPECT_TRUE(mark("attendance { agency: 'testhealth' attended: true }").ok());
  EXPECT_TRUE(invitations[0].attended());
  EXPECT_FALSE(mark("attendance { agency: 'testpolice' attended: true }").ok());
  EXPECT_FALSE(mark("attendance { agency: 'testhealth' attended: true apologised: true }").ok());
  EXPECT_FALSE(
      mark("attendance { agency: 'testhealth' } attendance { agency: 'testhealth' }").ok());
}

TEST(Follow, ShowsWhatWasDecidedAndNotWhy) {
  Invitation invitation = Invited();
  Conference conference = Meeting(Conference::STATE_DECIDED);
  conference.mutable_considered(0)->set_decision(pb::CONFERENCE_DECISION_PLAN);
  conference.mutable_considered(0)->set_category(pb::PLAN_CATEGORY_NEGLECT);
  Follow(invitation, conference);
  EXPECT_EQ(invitation.conference_state(), Conference::STATE_DECIDED);
  EXPECT_EQ(invitation.children(0).decision(), pb::CONFERENCE_DECISION_PLAN);
  EXPECT_EQ(invitation.children(0).category(), pb::PLAN_CATEGORY_NEGLECT);
  EXPECT_EQ(invitation.SerializeAsString().find("thought"), std::string::npos);
}

TEST(ExpectReminder, IsOnTheDaysThatTheBoroughHasSet) {
  Invitation invitation;
  invitation.set_state(Invitation::STATE_INVITED);
  // Tuesday 22 April 2025; the Friday and the Monday before are holidays.
  *invitation.mutable_report_due_time() = TimeToProto(EndOfDay(absl::CivilDay(2025, 4, 22)));
  const auto next = [&](absl::CivilDay after, const char* days) -> std::optional<absl::CivilDay> {
    const auto settings = Settings::Create(
        ParseRequest<pb::ChildProtectionSettings>(
            absl::StrCat("boroughs { id: 'testborough' duty_contact { display_name: 'Testing hub' "
                         "phone: '020 7946 0001' out_of_hours_phone: '020 7946 0002' } ",
                         days, " }")),
        {"testborough"});
    ExpectReminder(invitation, settings->Of("testborough"), StartOfDay(after) + absl::Hours(9));
    if (!invitation.has_next_reminder_time()) return std::nullopt;
    return LondonDay(*ProtoToTime(invitation.next_reminder_time()));
  };
  const char own[] = "report_reminder_working_days: 1 report_reminder_working_days: 3";
  EXPECT_EQ(next(absl::CivilDay(2025, 4, 1), ""), absl::CivilDay(2025, 4, 17));
  EXPECT_EQ(next(absl::CivilDay(2025, 4, 1), own), absl::CivilDay(2025, 4, 15));
  EXPECT_EQ(next(absl::CivilDay(2025, 4, 15), own), absl::CivilDay(2025, 4, 17));
  EXPECT_EQ(next(absl::CivilDay(2025, 4, 17), own), std::nullopt) << "invited too late";
  EXPECT_FALSE(IsToRemind(invitation, absl::InfiniteFuture()));
  invitation.set_state(Invitation::STATE_REPORTED);
  EXPECT_EQ(next(absl::CivilDay(2025, 4, 1), own), std::nullopt);
}

}  // namespace
}  // namespace lscp::child_protection
