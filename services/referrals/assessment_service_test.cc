#include "referrals/assessment_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/time/convert.h"
#include "common/time/london.h"
#include "referrals/testing/cases_fixture.h"
#include "safeguarding/referrals/v1/events.pb.h"

namespace lscp::referrals {
namespace {

using pb::Assessment;
using pb::Referral;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class AssessmentsTest : public CasesFixture {
 protected:
  AssessmentsTest() {
    referral_ = InProgress();
    harness_.clock.Advance(absl::Hours(1));
  }
  std::vector<std::string> Listed(const std::string& filter) {
    const auto response =
        harness_.Run(assessments_, &Assessments::List, Parse<pb::ListAssessmentsRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const Assessment& assessment : response->assessments()) {
      names.push_back(assessment.name());
      EXPECT_EQ(assessment.analysis(), "");
    }
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }
  absl::StatusOr<Assessment> Cancel(const Assessment& assessment) {
    const auto response = harness_.Run(assessments_, &Assessments::Cancel,
                                       Of<pb::CancelAssessmentRequest>(assessment, "reason: 'x'"));
    if (!response.ok()) return response.status();
    return response->assessment();
  }
  Referral referral_;
};

TEST_F(AssessmentsTest, StartingOneTakesTheClockOverFromTheReferral) {
  const auto assessment = Start(referral_);
  ASSERT_TRUE(assessment.ok()) << assessment.status();
  EXPECT_THAT(Clocks(assessment->name()), ElementsAre("assessment_complete RUNNING"));
  EXPECT_THAT(Clocks(referral_.name()),
              UnorderedElementsAre("referral_decision MET", "assessment_complete CANCELLED"));
  EXPECT_EQ(ReasonOf(Start(referral_).status()), reason::ERROR_REASON_RULE_NOT_MET);
}

TEST_F(AssessmentsTest, CancellingTheOnlyOneGivesTheClockBack) {
  const auto assessment = Start(referral_);
  harness_.clock.Advance(absl::Hours(1));
  ASSERT_TRUE(Cancel(*assessment).ok());
  EXPECT_THAT(Clocks(assessment->name()), ElementsAre("assessment_complete CANCELLED"));
  EXPECT_THAT(Clocks(referral_.name()),
              UnorderedElementsAre("referral_decision MET", "assessment_complete CANCELLED",
                                   "assessment_complete RUNNING"));
  const auto again = Start(referral_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->is_first_of_referral());
}

TEST_F(AssessmentsTest, AuthorisingOneMeetsItsClockAndTellsTheOthers) {
  const auto assessment = Start(referral_);
  const Assessment submitted =
      Submitted(*assessment, "ASSESSMENT_FACTOR_NEGLECT, ASSESSMENT_FACTOR_GANGS");
  EXPECT_EQ(submitted.state(), Assessment::STATE_AWAITING_AUTHORISATION);
  const auto authorised = Authorise(submitted, pb::ASSESSMENT_OUTCOME_CHILD_IN_NEED_PLAN);
  ASSERT_TRUE(authorised.ok()) << authorised.status();
  const auto event =
      EventAbout<pb::AssessmentAuthorised>("referrals.assessment_authorised", referral_.child());
  EXPECT_EQ(event.outcome(), pb::ASSESSMENT_OUTCOME_CHILD_IN_NEED_PLAN);
  EXPECT_EQ(event.factors_size(), 2);
  EXPECT_THAT(Clocks(assessment->name()), ElementsAre("assessment_complete MET"));
  const auto second = Start(referral_);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(second->is_first_of_referral());
  harness_.clock.Advance(absl::Hours(1));
  ASSERT_TRUE(Cancel(*second).ok());  // the referral has its assessment and expects no other
  EXPECT_THAT(Clocks(referral_.name()),
              UnorderedElementsAre("referral_decision MET", "assessment_complete CANCELLED"));
}

TEST_F(AssessmentsTest, TheOutcomeStrategyDiscussionIsAskedOfChildProtection) {
  const auto assessment = Start(referral_);
  const auto authorised = Authorise(Submitted(*assessment, "ASSESSMENT_FACTOR_NEGLECT"),
                                    pb::ASSESSMENT_OUTCOME_STRATEGY_DISCUSSION);
  ASSERT_TRUE(authorised.ok()) << authorised.status();
  const auto event = EventAbout<pb::StrategyDiscussionRequested>(
      "referrals.strategy_discussion_requested", referral_.child());
  EXPECT_EQ(event.assessment(), assessment->name());
  EXPECT_EQ(event.referral(), referral_.name());
}

TEST_F(AssessmentsTest, OneIsReturnedExtendedAndSubmittedAgain) {
  Assessment assessment = Submitted(*Start(referral_), "ASSESSMENT_FACTOR_NEGLECT");
  const auto returned = harness_.Run(assessments_, &Assessments::Return,
                                     Of<pb::ReturnAssessmentRequest>(assessment, "reason: 'x'"));
  ASSERT_TRUE(returned.ok()) << returned.status();
  const auto extended = harness_.Run(
      assessments_, &Assessments::Extend,
      Of<pb::ExtendAssessmentRequest>(returned->assessment(),
                                      "reason: 'x' until_date { year: 2025 month: 12 day: 1 }"));
  ASSERT_TRUE(extended.ok()) << extended.status();
  harness_.clock.Advance(absl::Hours(24 * 120));
  const auto submitted = harness_.Run(assessments_, &Assessments::Submit,
                                      Of<pb::SubmitAssessmentRequest>(extended->assessment()));
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  const auto late = Authorise(submitted->assessment(), pb::ASSESSMENT_OUTCOME_CHILD_IN_NEED_PLAN);
  ASSERT_TRUE(late.ok()) << late.status();
  EXPECT_GT(late->working_days(), 45);
  EXPECT_THAT(Clocks(assessment.name()), ElementsAre("assessment_complete MET_LATE"));
}

TEST_F(AssessmentsTest, AreListedTheEarliestDueFirstWithoutTexts) {
  const auto first = Start(referral_, "worker: 'w.worker' team: 'assessment-1'");
  harness_.clock.Advance(absl::Hours(48));
  const auto second = Start(InProgress(), "worker: 'v.worker'");
  ASSERT_TRUE(second.ok()) << second.status();
  Submitted(*first, "ASSESSMENT_FACTOR_NEGLECT");
  EXPECT_THAT(Listed(""), ElementsAre(first->name(), second->name()));
  EXPECT_THAT(Listed("states: STATE_IN_PROGRESS"), ElementsAre(second->name()));
  EXPECT_THAT(Listed("referral: '" + referral_.name() + "'"), ElementsAre(first->name()));
  EXPECT_THAT(Listed("child: '" + second->child() + "'"), ElementsAre(second->name()));
  EXPECT_THAT(Listed("worker: 'v.worker'"), ElementsAre(second->name()));
  EXPECT_THAT(Listed("team: 'nobody'"), IsEmpty());
  EXPECT_THAT(Listed("not_seen: true"), ElementsAre(second->name()));
  // On the last day it is not overdue, on the day after it is.
  harness_.clock.Set(StartOfDay(*ProtoToDate(first->due_date()) + 1) - absl::Seconds(1));
  EXPECT_THAT(Listed("overdue: true"), IsEmpty());
  harness_.clock.Advance(absl::Seconds(1));
  EXPECT_THAT(Listed("overdue: true"), ElementsAre(first->name()));
}

TEST_F(AssessmentsTest, WhatIsNotThereOrChangedIsRefused) {
  Assessment assessment = *Start(referral_);
  Submitted(assessment, "ASSESSMENT_FACTOR_NEGLECT");
  EXPECT_EQ(ReasonOf(Cancel(assessment).status()), reason::ERROR_REASON_ETAG_MISMATCH);
  assessment.set_name("boroughs/barnet/assessments/nothing");
  EXPECT_EQ(ReasonOf(Cancel(assessment).status()), reason::ERROR_REASON_PERMISSION_DENIED);
  Referral referral = referral_;
  referral.set_name("boroughs/camden/referrals/r1");
  EXPECT_EQ(ReasonOf(Start(referral).status()), reason::ERROR_REASON_PERMISSION_DENIED);
}

}  // namespace
}  // namespace lscp::referrals
