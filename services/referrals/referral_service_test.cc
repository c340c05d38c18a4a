#include "referrals/referral_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/time/convert.h"
#include "referrals/testing/cases_fixture.h"
#include "safeguarding/referrals/v1/events.pb.h"

namespace lscp::referrals {
namespace {

using pb::Referral;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ReferralsTest : public CasesFixture {
 protected:
  std::vector<std::string> Listed(const std::string& filter) {
    const auto response =
        harness_.Run(referrals_, &Referrals::List, Parse<pb::ListReferralsRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const Referral& referral : response->referrals()) names.push_back(referral.name());
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }
  absl::StatusOr<Referral> Allocate(const Referral& referral, const std::string& worker) {
    auto request = Of<pb::AllocateReferralRequest>(referral, "team: 'assessment-1'");
    request.set_worker(worker);
    const auto response = harness_.Run(referrals_, &Referrals::Allocate, request);
    if (!response.ok()) return response.status();
    return response->referral();
  }
  absl::StatusOr<Referral> Close(const Referral& referral, pb::ReferralClosureReason reason) {
    auto request = Of<pb::CloseReferralRequest>(referral);
    request.set_reason(reason);
    const auto response = harness_.Run(referrals_, &Referrals::Close, request);
    if (!response.ok()) return response.status();
    return response->referral();
  }
  absl::StatusOr<Referral> Reopen(const Referral& referral) {
    const auto response = harness_.Run(referrals_, &Referrals::Reopen,
                                       Of<pb::ReopenReferralRequest>(referral, "reason: 'x'"));
    if (!response.ok()) return response.status();
    return response->referral();
  }
  void Restrict(const std::string& child) {
    pb::GetChildRequest get;
    get.set_name(child);
    const auto found = harness_.Run(children_, &Children::Get, get);
    ASSERT_TRUE(found.ok()) << found.status();
    auto request =
        Of<pb::RestrictChildRequest>(found->child(), "allowed_people: 'ann.example' reason: 'x'");
    ASSERT_TRUE(harness_.Run(children_, &Children::Restrict, request).ok());
  }
  // Who owes what runs: "rule team/owner".
  std::vector<std::string> Owed() {
    const auto rows = harness_.Database().Query(
        "SELECT CONCAT(rule, ' ', team, '/', owner) FROM timescales WHERE running = 1 "
        "ORDER BY rule",
        {});
    EXPECT_TRUE(rows.ok()) << rows.status();
    std::vector<std::string> owed;
    for (const db::Row& row : *rows) owed.push_back(row.Text(0));
    return owed;
  }
};

TEST_F(ReferralsTest, AReferralIsReceivedWhenItsContactWas) {
  const pb::Contact contact = Arrived("", "testschool");
  harness_.clock.Advance(absl::Hours(3));
  const auto decided = DecidedContact(contact.name(), pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE);
  ASSERT_TRUE(decided.ok()) << decided.status();
  Referral referral;
  referral.set_name(decided->referrals(0));
  referral = Read(referral);
  EXPECT_EQ(referral.state(), Referral::STATE_RECEIVED);
  EXPECT_EQ(ProtoToTime(referral.receive_time()), ProtoToTime(contact.receive_time()));
  EXPECT_EQ(referral.contact(), contact.name());
  EXPECT_FALSE(referral.re_referral());
  EXPECT_THAT(Clocks(referral.name()), ElementsAre("referral_decision RUNNING"));
  EXPECT_THAT(harness_.disclosed, ElementsAre(referral.name()));
}

TEST_F(ReferralsTest, ReReferralsAreCountedThroughMerges) {
  const Referral first = Referred();
  harness_.clock.Advance(absl::Hours(24));
  const Referral other = Referred();  // a second record of the child
  EXPECT_EQ(other.previous_referral(), "");
  pb::MergeChildrenRequest merge;
  pb::GetChildRequest get;
  get.set_name(first.child());
  merge.set_name(first.child());
  merge.set_etag(harness_.Run(children_, &Children::Get, get)->child().etag());
  get.set_name(other.child());
  merge.set_duplicate(other.child());
  merge.set_duplicate_etag(harness_.Run(children_, &Children::Get, get)->child().etag());
  merge.set_reason("same child");
  ASSERT_TRUE(harness_.Run(children_, &Children::Merge, merge).ok());
  harness_.clock.Advance(absl::Hours(24));
  const Referral third = Referred(first.child());
  EXPECT_EQ(third.previous_referral(), other.name());
  EXPECT_TRUE(third.re_referral());
  EXPECT_THAT(Listed("child: '" + first.child() + "'"),
              ElementsAre(third.name(), other.name(), first.name()));
  EXPECT_THAT(Listed("re_referral: true"), ElementsAre(third.name()));
}

TEST_F(ReferralsTest, ADecisionOnAssessmentMeetsOneClockAndStartsTheNext) {
  const Referral referral = Referred();
  harness_.clock.Advance(absl::Hours(1));
  const auto decided = Decide(referral, pb::REFERRAL_DECISION_ASSESSMENT);
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->manager(), "ann.example");
  EXPECT_THAT(Clocks(referral.name()),
              UnorderedElementsAre("referral_decision MET", "assessment_complete RUNNING"));
  const auto event =
      EventAbout<pb::ReferralDecided>("referrals.referral_decided", referral.child());
  EXPECT_EQ(event.decision(), pb::REFERRAL_DECISION_ASSESSMENT);
  EXPECT_EQ(event.referral(), referral.name());
}

TEST_F(ReferralsTest, AStrategyDiscussionIsAskedOfChildProtectionAlsoAfterAnAssessment) {
  const pb::Contact contact = Arrived("", "testschool");
  const pb::Contact asked = Asked(contact.name(), {"testhealth", "testpolice"});
  As("testhealth", "d.doctor");
  auto answer = Of<pb::AnswerAgencyCheckRequest>(asked.agency_checks(0));
  ASSERT_TRUE(harness_.Run(checks_, &AgencyChecks::Answer, answer).ok());
  AsHub();
  const auto decided = DecidedContact(contact.name(), pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE);
  Referral referral;
  referral.set_name(decided->referrals(0));
  const auto assessed = Decide(Read(referral), pb::REFERRAL_DECISION_ASSESSMENT);
  ASSERT_TRUE(assessed.ok()) << assessed.status();
  EXPECT_EQ(ReasonOf(Decide(*assessed, pb::REFERRAL_DECISION_ASSESSMENT).status()),
            reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  const auto urgent = Decide(*assessed, pb::REFERRAL_DECISION_STRATEGY_DISCUSSION);
  ASSERT_TRUE(urgent.ok()) << urgent.status();
  const auto event = EventAbout<pb::StrategyDiscussionRequested>(
      "referrals.strategy_discussion_requested", urgent->child());
  EXPECT_EQ(event.referral(), urgent->name());
  EXPECT_EQ(event.contact(), contact.name());
  EXPECT_EQ(event.assessment(), "");
  EXPECT_EQ(event.requested_by(), "ann.example");
  EXPECT_EQ(event.team(), "assessment-1");
  EXPECT_THAT(event.agencies(), ElementsAre("testhealth", "testschool"));
}

TEST_F(ReferralsTest, AnyOtherDecisionClosesIt) {
  const auto closed = Decide(Referred(), pb::REFERRAL_DECISION_EARLY_HELP);
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->state(), Referral::STATE_CLOSED);
  EXPECT_THAT(Clocks(closed->name()), ElementsAre("referral_decision MET"));
  harness_.clock.Advance(absl::Hours(1));
  const auto reopened = Reopen(*closed);
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ(reopened->state(), Referral::STATE_RECEIVED);
  EXPECT_THAT(Clocks(closed->name()),
              UnorderedElementsAre("referral_decision MET", "referral_decision RUNNING"));
}

TEST_F(ReferralsTest, AllocationTakesClocksAndTheAssessmentInProgressAlong) {
  const Referral referral = InProgress();
  harness_.clock.Advance(absl::Hours(1));
  EXPECT_THAT(Owed(), ElementsAre("assessment_complete assessment-1/"));
  const auto allocated = Allocate(referral, "w.worker");
  ASSERT_TRUE(allocated.ok()) << allocated.status();
  EXPECT_THAT(Owed(), ElementsAre("assessment_complete assessment-1/w.worker"));
  const auto assessment = Start(*allocated, "");
  ASSERT_TRUE(assessment.ok()) << assessment.status();
  ASSERT_TRUE(Allocate(*allocated, "n.newcomer").ok());
  EXPECT_EQ(Read(*assessment).worker(), "n.newcomer");
  EXPECT_THAT(Owed(), ElementsAre("assessment_complete assessment-1/n.newcomer"));
  const pb::Assessment submitted = Submitted(Read(*assessment), "ASSESSMENT_FACTOR_NEGLECT");
  ASSERT_TRUE(Allocate(Read(referral), "l.last").ok());
  EXPECT_EQ(Read(submitted).worker(), "n.newcomer");
}

TEST_F(ReferralsTest, ACaseIsClosedWhenItsAssessmentHasEnded) {
  const Referral referral = InProgress();
  harness_.clock.Advance(absl::Hours(1));
  const auto assessment = Start(referral);
  ASSERT_TRUE(assessment.ok()) << assessment.status();
  const auto early_help = pb::REFERRAL_CLOSURE_REASON_EARLY_HELP_AFTER_ASSESSMENT;
  EXPECT_EQ(ReasonOf(Close(referral, early_help).status()), reason::ERROR_REASON_RULE_NOT_MET);
  ASSERT_TRUE(Authorise(Submitted(*assessment, "ASSESSMENT_FACTOR_NO_FACTORS"),
                        pb::ASSESSMENT_OUTCOME_STEP_DOWN_TO_EARLY_HELP)
                  .ok());
  const auto closed = Close(referral, early_help);
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_THAT(Owed(), IsEmpty());
  const auto reopened = Reopen(*closed);
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ(reopened->state(), Referral::STATE_IN_PROGRESS);
  EXPECT_EQ(reopened->decision(), pb::REFERRAL_DECISION_ASSESSMENT);
}

TEST_F(ReferralsTest, ClosingACaseEndsWhatItOwes) {
  const Referral referral = InProgress();
  ASSERT_TRUE(Close(referral, pb::REFERRAL_CLOSURE_REASON_NO_LONGER_IN_NEED).ok());
  EXPECT_THAT(Owed(), IsEmpty());
}

TEST_F(ReferralsTest, AreListedTheLatestReceivedFirstByWhatIsAsked) {
  const Referral first = Referred();
  harness_.clock.Advance(absl::Hours(1));
  const absl::Time between = harness_.clock.Now();
  const Referral second = InProgress();
  const auto allocated = Allocate(second, "w.worker");
  EXPECT_THAT(Listed(""), ElementsAre(second.name(), first.name()));
  EXPECT_THAT(Listed("states: STATE_RECEIVED"), ElementsAre(first.name()));
  EXPECT_THAT(Listed("worker: 'w.worker'"), ElementsAre(second.name()));
  EXPECT_THAT(Listed("unallocated: true"), ElementsAre(first.name()));
  EXPECT_THAT(Listed("team: 'assessment-1'"), ElementsAre(second.name(), first.name()));
  EXPECT_THAT(Listed("contact: '" + first.contact() + "'"), ElementsAre(first.name()));
  EXPECT_THAT(Listed("child: 'boroughs/barnet/children/nobody'"), IsEmpty());
  pb::ListReferralsRequest request;
  *request.mutable_received_from() = TimeToProto(between);
  EXPECT_EQ(harness_.Run(referrals_, &Referrals::List, request)->referrals_size(), 1);
  request.clear_received_from();
  *request.mutable_received_before() = TimeToProto(between);
  EXPECT_EQ(harness_.Run(referrals_, &Referrals::List, request)->referrals(0).name(), first.name());
  EXPECT_THAT(Listed("overdue: true"), IsEmpty());
  harness_.clock.Advance(absl::Hours(48));
  EXPECT_THAT(Listed("overdue: true"), ElementsAre(first.name()));
  const auto page =
      harness_.Run(referrals_, &Referrals::List, Parse<pb::ListReferralsRequest>("page_size: 1"));
  EXPECT_THAT(Listed("page_size: 1 page_token: '" + page->next_page_token() + "'"),
              ElementsAre(first.name()));
}

TEST_F(ReferralsTest, ARestrictedChildsReferralLooksAbsent) {
  const Referral referral = InProgress();
  const auto assessment = Start(referral);
  ASSERT_TRUE(assessment.ok()) << assessment.status();
  Restrict(referral.child());
  EXPECT_TRUE(Allocate(referral, "w.worker").ok());
  As("barnet-council", "other.person");
  pb::GetReferralRequest get;
  get.set_name(referral.name());
  EXPECT_EQ(ReasonOf(harness_.Run(referrals_, &Referrals::Get, get).status()),
            reason::ERROR_REASON_PERMISSION_DENIED);
  EXPECT_THAT(Listed(""), IsEmpty());
  // Not ETAG_MISMATCH, which would tell that it is there.
  EXPECT_EQ(ReasonOf(Allocate(referral, "").status()), reason::ERROR_REASON_PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(Start(referral).status()), reason::ERROR_REASON_PERMISSION_DENIED);
  pb::GetAssessmentRequest get_assessment;
  get_assessment.set_name(assessment->name());
  EXPECT_EQ(ReasonOf(harness_.Run(assessments_, &Assessments::Get, get_assessment).status()),
            reason::ERROR_REASON_PERMISSION_DENIED);
}

TEST_F(ReferralsTest, WhatIsNotThereOrChangedIsRefused) {
  Referral referral = Referred();
  ASSERT_TRUE(Allocate(referral, "w.worker").ok());
  EXPECT_EQ(ReasonOf(Allocate(referral, "").status()), reason::ERROR_REASON_ETAG_MISMATCH);
  referral.set_name("boroughs/barnet/referrals/nothing");
  EXPECT_EQ(ReasonOf(Decide(referral, pb::REFERRAL_DECISION_ASSESSMENT).status()),
            reason::ERROR_REASON_PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(Close(referral, pb::REFERRAL_CLOSURE_REASON_DIED).status()),
            reason::ERROR_REASON_PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(Reopen(referral).status()), reason::ERROR_REASON_PERMISSION_DENIED);
}

TEST_F(ReferralsTest, AreWatchedByName) {
  const Referral referral = Referred();
  std::vector<FeedEntry> fed = Fed("DecideContact");  // the referral and its contact
  ASSERT_TRUE(Decide(referral, pb::REFERRAL_DECISION_EARLY_HELP).ok());
  for (FeedEntry& entry : Fed("DecideReferral")) fed.push_back(std::move(entry));
  pb::WatchReferralsRequest request;
  std::vector<std::string> seen;
  const auto watch = [&] {
    seen.clear();
    const auto filter = referrals_.Watch(request, harness_.CallOf(request));
    ASSERT_TRUE(filter.ok());
    for (const FeedEntry& entry : fed) {
      const auto reply = (*filter)(entry);
      if (!reply) continue;
      const auto& event = static_cast<pb::WatchReferralsResponse&>(*reply->message).events(0);
      EXPECT_EQ(event.referral(), referral.name());
      seen.push_back(pb::ReferralChange_Name(event.change()) + " " + StateName(event.state()));
    }
  };
  watch();
  EXPECT_THAT(seen,
              ElementsAre("REFERRAL_CHANGE_RECEIVED RECEIVED", "REFERRAL_CHANGE_DECIDED CLOSED"));
  request.add_changes(pb::REFERRAL_CHANGE_DECIDED);
  watch();
  EXPECT_THAT(seen, ElementsAre("REFERRAL_CHANGE_DECIDED CLOSED"));
}

}  // namespace
}  // namespace lscp::referrals
