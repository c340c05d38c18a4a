#include "child_protection/conference_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/invited_agency.h"
#include "child_protection/plan_service.h"
#include "child_protection/testing/conferences_fixture.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "safeguarding/child_protection/v1/plan_events.pb.h"

namespace lscp::child_protection {
namespace {

using pb::Conference;
using pb::Invitation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ConferencesTest : public ConferencesFixture {};

TEST_F(ConferencesTest, AHeldInitialConferenceMeetsTheClockOfTheEnquiry) {
  const Conference conference = Convened({Child("k1"), Child("k2")});
  EXPECT_EQ(conference.considered_size(), 2);
  EXPECT_EQ(ClockOf(Enquiry("k1"), "initial_conference"), "due 2025-03-24");
  Invited(conference);
  const Conference held = Held(conference);
  EXPECT_EQ(held.state(), Conference::STATE_HELD);
  EXPECT_EQ(ClockOf(Enquiry("k1"), "initial_conference"), "due 2025-03-24 met 2025-03-03");
  EXPECT_EQ(ClockOf(Enquiry("k2"), "initial_conference"), "due 2025-03-24 met 2025-03-03");
}

TEST_F(ConferencesTest, NoOtherIsConvenedAboutAChildUntilItIsDecided) {
  const std::string child = Child("k1");
  const Conference conference = Convened({child});
  EXPECT_EQ(BrokenRule(Convene({child}, "INITIAL").status()), "one_conference");
  const auto cancelled = harness_.Run(conferences_, &Conferences::Cancel,
                                      Of<pb::CancelConferenceRequest>(conference, "reason: 'x'"));
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_TRUE(Convene({child}, "INITIAL").ok());
}

TEST_F(ConferencesTest, WithoutAnEnquiryThatAsksForItNoneIsConvened) {
  const std::string child = Child("k1");
  EXPECT_EQ(Convene({child}, "INITIAL", false).status().code(),
            absl::StatusCode::kPermissionDenied);
  ASSERT_TRUE(Convene({child}, "INITIAL").ok());
  auto request = Parse<pb::ConveneConferenceRequest>(
      "parent: 'boroughs/barnet' chair: 'c.chair' type: TYPE_INITIAL "
      "children { given_name: 'Testa' family_name: 'Beispiel' }");
  request.mutable_children(0)->set_child(Child("k2"));
  request.mutable_children(0)->set_enquiry(Enquiry("k1"));
  *request.mutable_plan_time() = TimeToProto(harness_.clock.Now());
  EXPECT_EQ(BrokenRule(harness_.Run(conferences_, &Conferences::Convene, request).status()),
            "enquiry_asks")
      << "the enquiry is another child's";
}

TEST_F(ConferencesTest, ATransferHasAClockOfItsOwnFromTheNotice) {
  const auto conference = Convene({Child("k1")}, "TRANSFER_IN");
  ASSERT_TRUE(conference.ok()) << conference.status();
  EXPECT_EQ(ClockOf(conference->name(), "transfer_in_conference"), "due 2025-03-24");
  Invited(*conference);
  Held(*conference);
  EXPECT_EQ(ClockOf(conference->name(), "transfer_in_conference"), "due 2025-03-24 met 2025-03-03");
}

TEST_F(ConferencesTest, AnAgencySeesItsOwnInvitationAndNoOther) {
  const Conference conference =
      Invited(Convened({Child("k1", "birth_date { year: 2018 month: 5 day: 1 }")}));
  ASSERT_EQ(conference.invitations_size(), 3);
  As("testschool");
  const auto mine = Mine();
  ASSERT_THAT(mine, SizeIs(1));
  EXPECT_EQ(mine[0].children(0).given_name(), "Testa");
  EXPECT_EQ(mine[0].children(0).birth_date().year(), 2018);
  EXPECT_THAT(harness_.disclosed, ElementsAre(mine[0].name()));
  As("testpolice");
  EXPECT_THAT(Mine(), IsEmpty());
  const auto other = Report(mine[0]);
  EXPECT_EQ(other.status().code(), absl::StatusCode::kPermissionDenied);
  Invitation none = mine[0];
  none.set_name("boroughs/barnet/invitations/none-1");
  EXPECT_EQ(ReasonOf(Report(none).status()), ReasonOf(other.status()));
}

TEST_F(ConferencesTest, AReportMeetsItsClockAndLeavesTheConferencesEtag) {
  const Conference conference = Invited(Convened({Child("k1")}));
  const std::string name = conference.invitations(1).name();
  EXPECT_EQ(ClockOf(name, "conference_report"), "due 2025-03-18");
  As("testschool");
  const auto reported = Report(Mine()[0]);
  ASSERT_TRUE(reported.ok()) << reported.status();
  EXPECT_EQ(ClockOf(name, "conference_report"), "due 2025-03-18 met 2025-03-03");
  EXPECT_TRUE(Report(*reported).ok()) << "a correction";
  AsCouncil();
  const Conference read = Read(conference);
  EXPECT_EQ(read.etag(), conference.etag());
  EXPECT_EQ(read.invitations(1).report(), "what the school knows");
}

TEST_F(ConferencesTest, OnlyThoseWhoOweAReportAreReminded) {
  const Conference conference = Invited(Convened({Child("k1")}));
  As("testschool");
  ASSERT_TRUE(Report(Mine()[0]).ok());
  AsCouncil();
  const auto reminded =
      harness_.Run(conferences_, &Conferences::Remind, Of<pb::RemindInviteesRequest>(conference));
  ASSERT_TRUE(reminded.ok()) << reminded.status();
  EXPECT_EQ(reminded->conference().invitations(0).reminders(), 1);
  EXPECT_EQ(reminded->conference().invitations(1).reminders(), 0);
  std::vector<std::string> events;
  for (const JournalEntry& entry : harness_.entries) {
    if (entry.event) events.push_back(entry.event->type);
  }
  EXPECT_THAT(events, ElementsAre("child_protection.conference_report_reminded",
                                  "child_protection.conference_report_reminded"));
}

TEST_F(ConferencesTest, ReschedulingMovesReportsThatAreNotThereYet) {
  const Conference conference = Invited(Convened({Child("k1")}));
  As("testschool");
  ASSERT_TRUE(Report(Mine()[0]).ok());
  AsCouncil();
  auto request = Of<pb::RescheduleConferenceRequest>(conference, "reason: 'x' place: 'Room 2'");
  *request.mutable_plan_time() =
      TimeToProto(StartOfDay(absl::CivilDay(2025, 3, 24)) + absl::Hours(9));
  const auto moved = harness_.Run(conferences_, &Conferences::Reschedule, request);
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(ClockOf(conference.invitations(0).name(), "conference_report"), "due 2025-03-20");
  EXPECT_EQ(ClockOf(conference.invitations(1).name(), "conference_report"),
            "due 2025-03-18 met 2025-03-03");
  As("testhealth");
  EXPECT_EQ(Mine()[0].place(), "Room 2");
}

TEST_F(ConferencesTest, ReportsThatAreMissingWhenItIsHeldLapse) {
  const Conference conference = Invited(Convened({Child("k1")}));
  const Conference held = Held(conference);
  EXPECT_EQ(held.invitations(0).state(), Invitation::STATE_LAPSED);
  EXPECT_TRUE(held.invitations(0).attended());
  EXPECT_EQ(ClockOf(held.invitations(0).name(), "conference_report"),
            "due 2025-03-18 cancelled 2025-03-03");
  As("testschool");
  EXPECT_EQ(ReasonOf(Report(Mine()[0]).status()), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
}

TEST_F(ConferencesTest, ADecisionBeginsPlansWithTheirClocksAndTellsOthers) {
  const Conference conference = Convened({Child("k1", "family_group: 'f1'"), Child("k2")});
  Invited(conference);
  const Conference decided = Decided(Held(conference), {"PLAN", "NO_PLAN"});
  const std::string name = decided.considered(0).plan();
  EXPECT_EQ(decided.considered(1).plan(), "");
  const pb::ProtectionPlan plan = Plan(name);
  EXPECT_EQ(plan.family_group(), "f1");
  EXPECT_EQ(ClockOf(name, "review_conference_first"), "due 2025-06-03");
  const auto status = harness_.Database().Query(
      "SELECT child FROM child_status WHERE source = ? AND to_date IS NULL", {name});
  ASSERT_THAT(*status, SizeIs(1));
  EXPECT_EQ((*status)[0].Text(0), "k1");
  std::vector<std::string> events;
  for (const JournalEntry& entry : harness_.entries) {
    if (entry.event) events.push_back(entry.event->type + " " + entry.event->subject);
  }
  EXPECT_THAT(events, ElementsAre("child_protection.plan_started boroughs/barnet/children/k1",
                                  "child_protection.conference_decided " + conference.name()));
  As("testschool");
  EXPECT_EQ(Mine()[0].children(0).decision(), pb::CONFERENCE_DECISION_PLAN);
}

TEST_F(ConferencesTest, AReviewMeetsOneClockAndStartsTheNextUntilItEndsThePlan) {
  const std::string child = Child("k1");
  const std::string plan = PlanFor(child);
  harness_.clock.Advance(absl::Hours(24 * 84));
  const Conference first = Invited(*Convene({child}, "REVIEW"));
  EXPECT_EQ(first.considered(0).plan(), plan);
  Decided(Held(first), {"CONTINUE"});
  EXPECT_EQ(ClockOf(plan, "review_conference_first"), "due 2025-06-03 met 2025-05-26");
  EXPECT_EQ(ClockOf(plan, "review_conference_later"), "due 2025-11-26");
  EXPECT_EQ(Plan(plan).reviews(), 1);

  harness_.clock.Advance(absl::Hours(24 * 90));
  Decided(Held(Invited(*Convene({child}, "REVIEW"))), {"END"});
  EXPECT_EQ(ClockOf(plan, "review_conference_later"), "due 2025-11-26 met 2025-08-24");
  EXPECT_EQ(Plan(plan).state(), pb::ProtectionPlan::STATE_ENDED);
  const auto status =
      harness_.Database().Query("SELECT to_date FROM child_status WHERE source = ?", {plan});
  EXPECT_EQ((*status)[0].OptDay(0), absl::CivilDay(2025, 8, 24));
  EXPECT_EQ(BrokenRule(Convene({child}, "REVIEW").status()), "plan_to_review");
}

TEST_F(ConferencesTest, AboutARestrictedChildIsThereOnlyForTheNamed) {
  const Conference conference = Convened({Child("k1"), Child("k2")});
  Child("k2", "restricted: true allowed_people: 'n.named'", 2);
  pb::GetConferenceRequest request;
  request.set_name(conference.name());
  EXPECT_EQ(harness_.Run(conferences_, &Conferences::Get, request).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(Listed(""), IsEmpty());
  harness_.caller.person = "n.named";
  EXPECT_THAT(Listed("child: 'boroughs/barnet/children/k1'"), ElementsAre(conference.name()));
}

TEST_F(ConferencesTest, AreListedByChildStateAndWhetherOverdue) {
  const Conference conference = Convened({Child("k1")});
  EXPECT_THAT(Listed("states: STATE_CONVENED types: TYPE_INITIAL"), ElementsAre(conference.name()));
  EXPECT_THAT(Listed("types: TYPE_REVIEW"), IsEmpty());
  EXPECT_THAT(Listed("overdue: true"), IsEmpty());
  harness_.clock.Advance(absl::Hours(24 * 22));
  EXPECT_THAT(Listed("overdue: true"), ElementsAre(conference.name()));
}

TEST_F(ConferencesTest, TheAgencysStreamTellsOfItsOwnInvitationsOnly) {
  const Conference conference = Invited(Convened({Child("k1")}));
  std::vector<FeedEntry> fed;
  for (const JournalEntry& entry : harness_.entries) {
    FeedEntry& row = fed.emplace_back();
    row.borough = "barnet";
    row.method = "safeguarding.child_protection.v1.ConferencesService/InviteToConference";
    row.resource = entry.resource;
    row.revision = entry.revision;
    row.payload = entry.payload;
  }
  As("testschool");
  const auto filter = agencies_.Watch({}, harness_.CallOf(pb::WatchMyInvitationsRequest()));
  ASSERT_TRUE(filter.ok());
  std::vector<std::string> heard;
  for (const FeedEntry& entry : fed) {
    const auto reply = (*filter)(entry);
    if (!reply) continue;
    const auto& event =
        static_cast<const pb::WatchMyInvitationsResponse&>(*reply->message).events(0);
    EXPECT_EQ(event.change(), pb::INVITATION_CHANGE_INVITED);
    heard.push_back(event.invitation().agency());
  }
  EXPECT_THAT(heard, ElementsAre("testschool"));
}

}  // namespace
}  // namespace lscp::child_protection
