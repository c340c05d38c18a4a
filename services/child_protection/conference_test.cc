#include "child_protection/conference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

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
using ::testing::ElementsAre;

constexpr char kChild[] = "boroughs/testborough/children/k1";
constexpr char kSister[] = "boroughs/testborough/children/k2";
const CivilDay kStarted(2025, 3, 3);  // a Monday
const CivilDay kDue(2025, 3, 24);
const Step kChair = {"c.chair", "testcouncil", absl::FromUnixSeconds(1742200000)};

google::protobuf::Timestamp At(CivilDay day, int hour = 10) {
  return TimeToProto(StartOfDay(day) + absl::Hours(hour));
}

ChildFacts AfterEnquiry(CivilDay started = kStarted) {
  ChildFacts facts;
  facts.birth_date = CivilDay(2018, 5, 1);
  facts.enquiry_started = started;
  return facts;
}

ChildFacts WithPlan() {
  ChildFacts facts;
  facts.plan = "boroughs/testborough/protectionPlans/p1";
  facts.last_conference = CivilDay(2025, 1, 6);
  facts.review_due = CivilDay(2025, 4, 6);
  return facts;
}

pb::ConveneConferenceRequest Request(const std::string& type,
                                     CivilDay day = CivilDay(2025, 3, 20)) {
  auto request = ParseRequest<pb::ConveneConferenceRequest>(
      "parent: 'boroughs/testborough' chair: 'c.chair' worker: 'w.worker' type: TYPE_" + type);
  pb::ConsideredChild& child = *request.add_children();
  child.set_child(kChild);
  child.set_given_name("Testa");
  child.set_family_name("Beispiel");
  if (type == "INITIAL" || type == "PRE_BIRTH") {
    child.set_enquiry("boroughs/testborough/enquiries/e1");
  }
  if (type == "TRANSFER_IN" || type == "RECEIVING_IN") {
    *request.mutable_notice_date() = DateToProto(kStarted);
  }
  *request.mutable_plan_time() = At(day);
  return request;
}

Conference Convened(const std::string& type = "INITIAL") {
  auto conference = Convene(Request(type), {type == "REVIEW" ? WithPlan() : AfterEnquiry()});
  EXPECT_TRUE(conference.ok()) << conference.status();
  conference->set_name("boroughs/testborough/conferences/c1");
  return *conference;
}

Invitation Invited(const std::string& agency, pb::AgencyKind kind, bool contact, bool attended) {
  Invitation invitation;
  invitation.set_agency(agency);
  invitation.set_kind(kind);
  invitation.set_direct_contact(contact);
  invitation.set_attended(attended);
  return invitation;
}

// Social care, a school and a health visitor who work with the child.
std::vector<Invitation> Quorum() {
  return {Invited("testcouncil", pb::AGENCY_KIND_SOCIAL_CARE, true, true),
          Invited("testschool", pb::AGENCY_KIND_EDUCATION, true, true),
          Invited("testhealth", pb::AGENCY_KIND_HEALTH, true, true)};
}

pb::HoldConferenceRequest Held(CivilDay day = CivilDay(2025, 3, 20)) {
  auto request = ParseRequest<pb::HoldConferenceRequest>(
      "participation { child: '" + std::string(kChild) +
      "' participation: PARTICIPATION_CODE_SENT_VIEWS views: 'invented' parents_attended: true }");
  *request.mutable_hold_time() = At(day);
  return request;
}

absl::Status HoldIt(Conference& conference, const pb::HoldConferenceRequest& request,
                    const std::vector<Invitation>& invitations = Quorum()) {
  return Hold(conference, request, {CivilDay(2018, 5, 1)}, invitations);
}

pb::DecideConferenceRequest Decided(const std::string& decision, const std::string& more = "") {
  return ParseRequest<pb::DecideConferenceRequest>(
      "decisions { child: '" + std::string(kChild) +
      "' rationale: 'invented' decision: CONFERENCE_DECISION_" + decision + " " + more + " }");
}

pb::RescheduleConferenceRequest Moved(CivilDay day, const std::string& reasons = "") {
  auto request =
      ParseRequest<pb::RescheduleConferenceRequest>("reason: 'the family is away' " + reasons);
  *request.mutable_plan_time() = At(day);
  return request;
}

// The verbs, each as a request that nothing but the state can fail.
const std::map<std::string, std::function<absl::Status(Conference&)>>& Verbs() {
  static const std::map<std::string, std::function<absl::Status(Conference&)>> verbs = {
      {"InviteToConference",
       [](Conference& c) { return AllowInvitations(c, "InviteToConference"); }},
      {"SubmitConferenceReport",
       [](Conference& c) { return AllowInvitations(c, "SubmitConferenceReport"); }},
      {"RemindInvitees", [](Conference& c) { return AllowInvitations(c, "RemindInvitees"); }},
      {"RescheduleConference",
       [](Conference& c) { return Reschedule(c, Moved(CivilDay(2025, 3, 21))); }},
      {"HoldConference", [](Conference& c) { return HoldIt(c, Held()); }},
      {"DecideConference",
       [](Conference& c) {
         return Decide(c, Decided("PLAN", "category: PLAN_CATEGORY_NEGLECT"), Quorum(), kChair);
       }},
      {"CancelConference",
       [](Conference& c) {
         return Cancel(c, ParseRequest<pb::CancelConferenceRequest>("reason: 'x'"));
       }},
  };
  return verbs;
}

TEST(ConferenceTransitions, LeadToEveryState) {
  EXPECT_TRUE(testing::IsWhole(kConferenceTransitions));
}

TEST(ConferenceTransitions, StandInTheReadme) {
  EXPECT_TRUE(
      testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kConferenceTransitions)));
}

TEST(ConferenceTransitions, HoldForEveryStateAndVerb) {
  for (const auto& cell : testing::EveryStateAndVerb(kConferenceTransitions)) {
    const auto verb = Verbs().find(cell.verb);
    if (verb == Verbs().end()) continue;  // convening makes a new one
    Conference conference = Convened();
    conference.set_state(cell.state);
    EXPECT_EQ(verb->second(conference).ok(), cell.to.has_value())
        << cell.verb << " in " << StateName(cell.state);
    if (cell.to) {
      EXPECT_EQ(conference.state(), *cell.to) << cell.verb;
    }
  }
}

TEST(Convene, AnInitialConferenceIsDueAfterTheEnquiry) {
  const Conference conference = Convened();
  EXPECT_EQ(ProtoToDate(conference.due_date()), kDue);
  EXPECT_EQ(ProtoToDate(conference.considered(0).start_date()), kStarted);
  EXPECT_THAT(conference.children(), ElementsAre(kChild));
}

TEST(Convene, OfSeveralChildrenTheEarliestDueDateCounts) {
  auto request = Request("INITIAL");
  *request.add_children() = request.children(0);
  request.mutable_children(1)->set_child(kSister);
  const auto conference =
      Convene(request, {AfterEnquiry(CivilDay(2025, 3, 5)), AfterEnquiry(kStarted)});
  ASSERT_TRUE(conference.ok()) << conference.status();
  EXPECT_EQ(ProtoToDate(conference->due_date()), kDue);
  EXPECT_EQ(ProtoToDate(conference->considered(0).due_date()), CivilDay(2025, 3, 26));
}

TEST(Convene, ATransferIsDueAfterItsNoticeAndAReviewWhenThePlanSays) {
  for (const char* type : {"TRANSFER_IN", "RECEIVING_IN"}) {
    const auto transfer = Convene(Request(type), {ChildFacts()});
    ASSERT_TRUE(transfer.ok()) << transfer.status();
    EXPECT_EQ(ProtoToDate(transfer->due_date()), kDue) << type;
  }
  EXPECT_EQ(ProtoToDate(Convened("REVIEW").due_date()), CivilDay(2025, 4, 6));
}

TEST(Convene, AsksForWhatItsKindFollowsAndForNothingElse) {
  auto request = Request("INITIAL");
  request.mutable_children(0)->clear_enquiry();
  EXPECT_THAT(Violations(Convene(request, {ChildFacts()}).status()),
              ElementsAre("children[0].enquiry"));
  request = Request("REVIEW");
  request.mutable_children(0)->set_enquiry("boroughs/testborough/enquiries/e1");
  *request.mutable_notice_date() = DateToProto(kStarted);
  EXPECT_THAT(Violations(Convene(request, {WithPlan()}).status()),
              ElementsAre("children[0].enquiry", "notice_date"));
  request = Request("TRANSFER_IN");
  request.clear_notice_date();
  EXPECT_THAT(Violations(Convene(request, {ChildFacts()}).status()), ElementsAre("notice_date"));
}

TEST(Convene, NamesAChildOnce) {
  auto request = Request("INITIAL");
  *request.add_children() = request.children(0);
  EXPECT_THAT(Violations(Convene(request, {AfterEnquiry(), AfterEnquiry()}).status()),
              ElementsAre("children[0].child", "children[1].child"));
}

TEST(Convene, ABornChildHasNoPreBirthConference) {
  EXPECT_THAT(Violations(Convene(Request("PRE_BIRTH"), {AfterEnquiry()}).status()),
              ElementsAre("type"));
  ChildFacts unborn = AfterEnquiry();
  unborn.birth_date.reset();
  EXPECT_TRUE(Convene(Request("PRE_BIRTH"), {unborn}).ok());
}

TEST(Convene, NotOnAWeekendOrBankHolidayWithoutAReason) {
  struct Row {
    CivilDay day;
    bool needs_reason;
  };
  for (const Row& row : {Row{CivilDay(2025, 3, 15), true}, Row{CivilDay(2025, 3, 16), true},
                         Row{CivilDay(2025, 3, 17), false}}) {
    auto request = Request("INITIAL", row.day);
    const auto refused = Convene(request, {AfterEnquiry()});
    EXPECT_EQ(refused.ok(), !row.needs_reason) << row.day;
    if (!row.needs_reason) continue;
    EXPECT_THAT(Violations(refused.status()), ElementsAre("non_working_day_reason"));
    request.set_non_working_day_reason("the family can come on no other day");
    EXPECT_TRUE(Convene(request, {AfterEnquiry()}).ok()) << row.day;
  }
  auto request = Request("INITIAL", CivilDay(2025, 4, 18));  // Good Friday
  EXPECT_THAT(Violations(Convene(request, {AfterEnquiry(CivilDay(2025, 4, 10))}).status()),
              ElementsAre("non_working_day_reason"));
}

TEST(Convene, NotLaterThanDueWithoutAReasonNorBeforeItsClock) {
  auto request = Request("INITIAL", kDue);
  EXPECT_TRUE(Convene(request, {AfterEnquiry()}).ok());
  request = Request("INITIAL", kDue + 1);
  EXPECT_THAT(Violations(Convene(request, {AfterEnquiry()}).status()), ElementsAre("late_reason"));
  request.set_late_reason("the interpreter was ill");
  EXPECT_TRUE(Convene(request, {AfterEnquiry()}).ok());
  request = Request("INITIAL", CivilDay(2025, 2, 28));
  EXPECT_THAT(Violations(Convene(request, {AfterEnquiry()}).status()), ElementsAre("plan_time"));
}

TEST(Convene, IsRefusedWhereTheChildIsNotToBeConsidered) {
  ChildFacts facts = AfterEnquiry();
  facts.convened = true;
  EXPECT_EQ(BrokenRule(Convene(Request("INITIAL"), {facts}).status()), "one_conference");
  facts = AfterEnquiry();
  facts.enquiry_started.reset();
  EXPECT_EQ(BrokenRule(Convene(Request("INITIAL"), {facts}).status()), "enquiry_asks");
  facts = AfterEnquiry();
  facts.plan = WithPlan().plan;
  EXPECT_EQ(BrokenRule(Convene(Request("INITIAL"), {facts}).status()), "no_plan_yet");
  EXPECT_EQ(BrokenRule(Convene(Request("REVIEW"), {ChildFacts()}).status()), "plan_to_review");
  auto request = Request("INITIAL");
  request.set_chair("w.worker");
  EXPECT_EQ(BrokenRule(Convene(request, {AfterEnquiry()}).status()), "independent_chair");
}

TEST(Reschedule, AsksForTheSameReasons) {
  Conference conference = Convened();
  EXPECT_THAT(Violations(Reschedule(conference, Moved(CivilDay(2025, 3, 29)))),
              ElementsAre("non_working_day_reason", "late_reason"));
  conference = Convened();
  ASSERT_TRUE(Reschedule(conference, Moved(CivilDay(2025, 3, 29),
                                           "non_working_day_reason: 'x' late_reason: 'y'"))
                  .ok());
  EXPECT_EQ(conference.reschedule_reason(), "the family is away");
  EXPECT_EQ(conference.late_reason(), "y");
}

TEST(IsQuorate, WithSocialCareAndTwoOthersInDirectContact) {
  EXPECT_TRUE(IsQuorate(Quorum()));
  auto invitations = Quorum();
  invitations[0].set_attended(false);
  EXPECT_FALSE(IsQuorate(invitations)) << "without social care";
  invitations = Quorum();
  invitations[1].set_direct_contact(false);
  EXPECT_FALSE(IsQuorate(invitations)) << "one knows the child from files";
  invitations = Quorum();
  invitations[2].set_attended(false);
  EXPECT_FALSE(IsQuorate(invitations)) << "one did not come";
  invitations[2] = invitations[1];
  EXPECT_FALSE(IsQuorate(invitations)) << "the same agency twice";
  invitations[2] = Invited("testcouncil-2", pb::AGENCY_KIND_SOCIAL_CARE, true, true);
  EXPECT_FALSE(IsQuorate(invitations)) << "social care is not one of the others";
}

TEST(Hold, CountsWorkingDaysAndSaysWhetherItWasInTime) {
  Conference conference = Convened();
  ASSERT_TRUE(HoldIt(conference, Held(kDue)).ok());
  EXPECT_EQ(conference.working_days(), 15);
  EXPECT_TRUE(conference.in_time());
  EXPECT_TRUE(conference.quorate());
  EXPECT_EQ(conference.considered(0).participation(), pb::PARTICIPATION_CODE_SENT_VIEWS);
  EXPECT_TRUE(conference.considered(0).parents_attended());
}

TEST(Hold, NeedsAReasonWhereItIsLateInquorateOrOnAWeekend) {
  Conference conference = Convened();
  EXPECT_EQ(BrokenRule(HoldIt(conference, Held(kDue + 1))), "delay_explained");
  conference = Convened();
  auto request = Held(kDue + 1);
  request.set_late_reason("the interpreter was ill");
  ASSERT_TRUE(HoldIt(conference, request).ok());
  EXPECT_FALSE(conference.in_time());

  conference = Convened();
  EXPECT_EQ(BrokenRule(HoldIt(conference, Held(CivilDay(2025, 3, 22)))), "working_day");
  conference = Convened();
  conference.set_non_working_day_reason("recorded before");
  EXPECT_TRUE(HoldIt(conference, Held(CivilDay(2025, 3, 22))).ok());
  conference = Convened();
  EXPECT_EQ(BrokenRule(HoldIt(conference, Held(), {})), "quorate");
  conference = Convened();
  request = Held();
  request.set_inquorate_reason("an infant at risk; those who know the family were heard");
  ASSERT_TRUE(HoldIt(conference, request, {}).ok());
  EXPECT_FALSE(conference.quorate());
  EXPECT_FALSE(conference.inquorate_reason().empty());
}

TEST(Hold, TellsOfEveryChildHowItTookPart) {
  Conference conference = Convened();
  auto request = Held();
  request.mutable_participation(0)->set_child(kSister);
  EXPECT_THAT(Violations(HoldIt(conference, request)),
              ElementsAre("participation[0].child", "participation"));
}

TEST(Hold, OnlyAChildUnderFourIsTooYoungToTakePart) {
  struct Row {
    std::optional<CivilDay> born;
    bool allowed;
  };
  const CivilDay held(2025, 3, 20);
  for (const Row& row : {Row{CivilDay(2021, 3, 21), true}, Row{CivilDay(2021, 3, 20), false},
                         Row{std::nullopt, true}}) {
    Conference conference = Convened();
    auto request = Held(held);
    request.mutable_participation(0)->set_participation(pb::PARTICIPATION_CODE_UNDER_FOUR);
    EXPECT_EQ(Hold(conference, request, {row.born}, Quorum()).ok(), row.allowed);
  }
}

TEST(Decide, AskForACategoryWithAPlanAndForADestinationAtItsEnd) {
  const auto decide = [](const std::string& type, const pb::DecideConferenceRequest& request) {
    Conference conference = Convened(type);
    conference.set_state(Conference::STATE_HELD);
    return Decide(conference, request, Quorum(), kChair);
  };
  EXPECT_TRUE(decide("INITIAL", Decided("PLAN", "category: PLAN_CATEGORY_MULTIPLE")).ok());
  EXPECT_TRUE(decide("INITIAL", Decided("NO_PLAN")).ok());
  EXPECT_TRUE(decide("REVIEW", Decided("CONTINUE")).ok());
  EXPECT_TRUE(decide("REVIEW", Decided("CONTINUE", "category: PLAN_CATEGORY_EMOTIONAL")).ok());
  EXPECT_TRUE(decide("REVIEW", Decided("END", "destination: PLAN_DESTINATION_IN_CARE")).ok());
  EXPECT_THAT(Violations(decide("INITIAL", Decided("PLAN"))), ElementsAre("decisions[0].category"));
  EXPECT_THAT(Violations(decide("REVIEW", Decided("END"))),
              ElementsAre("decisions[0].destination"));
  EXPECT_THAT(Violations(decide("INITIAL", Decided("CONTINUE"))),
              ElementsAre("decisions[0].decision"));
  EXPECT_THAT(Violations(decide("REVIEW", Decided("NO_PLAN"))),
              ElementsAre("decisions[0].decision"));
  EXPECT_THAT(Violations(decide("INITIAL", Decided("NO_PLAN", "category: PLAN_CATEGORY_NEGLECT"))),
              ElementsAre("decisions[0].category"));
}

TEST(Decide, KeepsWhoDisagreedIfThatAgencyWasThere) {
  Conference conference = Convened();
  conference.set_state(Conference::STATE_HELD);
  auto request = Decided("NO_PLAN");
  pb::Dissent& dissent = *request.add_dissents();
  dissent.set_agency("testschool");
  dissent.set_reason("A plan is needed.");
  ASSERT_TRUE(Decide(conference, request, Quorum(), kChair).ok());
  EXPECT_EQ(conference.dissents(0).agency(), "testschool");
  EXPECT_EQ(conference.decided_by(), "c.chair");
  conference.set_state(Conference::STATE_HELD);
  request.mutable_dissents(0)->set_agency("testpolice");
  EXPECT_THAT(Violations(Decide(conference, request, Quorum(), kChair)),
              ElementsAre("dissents[0].agency"));
}

TEST(Decide, IsForEveryChildOnce) {
  Conference conference = Convened();
  conference.set_state(Conference::STATE_HELD);
  auto request = Decided("NO_PLAN");
  *request.add_decisions() = request.decisions(0);
  EXPECT_THAT(Violations(Decide(conference, request, Quorum(), kChair)),
              ElementsAre("decisions[1].child"));
}

}  // namespace
}  // namespace lscp::child_protection
