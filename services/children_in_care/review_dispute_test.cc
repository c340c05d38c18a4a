#include "children_in_care/review_dispute.h"

#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gtest/gtest.h"

namespace lscp::children_in_care {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::ExpectEveryStateAndVerb;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::LondonTime;
using pb::ReviewDispute;

const absl::Time kNow = LondonTime(2025, 3, 3, 10);

ReviewDispute Raised() {
  pb::RaiseReviewDisputeRequest request;
  request.set_stage(pb::DISPUTE_STAGE_INFORMAL);
  request.set_respondent("w.worker");
  ReviewDispute dispute = Raise(pb::CareReview(), request, kNow);
  dispute.set_name("boroughs/testborough/reviewDisputes/d1");
  return dispute;
}

pb::EscalateReviewDisputeRequest To(pb::DisputeStage stage) {
  pb::EscalateReviewDisputeRequest request;
  request.set_stage(stage);
  request.set_respondent("m.manager");
  return request;
}

TEST(ReviewDisputeStates, AreWholeAndInTheReadme) {
  EXPECT_TRUE(IsWhole(kReviewDisputeTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILDREN_IN_CARE_README, MarkdownTable(kReviewDisputeTransitions)));
}

TEST(ReviewDisputeStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(ReviewDispute&)>> verbs = {
      {"EscalateReviewDispute",
       [](ReviewDispute& d) { return Escalate(d, To(pb::DISPUTE_STAGE_DIRECTOR), kNow); }},
      {"AnswerReviewDispute", [](ReviewDispute& d) { return Answer(d, {}, kNow); }},
      {"ReferReviewDispute", [](ReviewDispute& d) { return Refer(d, {}, kNow); }},
      {"ResolveReviewDispute", [](ReviewDispute& d) { return Resolve(d, {}, kNow); }},
  };
  ExpectEveryStateAndVerb(kReviewDisputeTransitions, "RaiseReviewDispute", verbs,
                          [](ReviewDispute::State state) {
                            ReviewDispute dispute = Raised();
                            dispute.set_state(state);
                            return dispute;
                          });
}

TEST(ReviewDispute, IsToBeResolvedInTwentyWorkingDays) {
  EXPECT_EQ(ProtoToDate(Raised().due_date()), absl::CivilDay(2025, 3, 31));
}

TEST(ReviewDispute, GoesOnlyToLaterStages) {
  ReviewDispute dispute = Raised();
  EXPECT_EQ(BrokenRule(Escalate(dispute, To(pb::DISPUTE_STAGE_INFORMAL), kNow)), "later_stage");
  ASSERT_TRUE(Escalate(dispute, To(pb::DISPUTE_STAGE_SERVICE_MANAGER), kNow).ok());
  EXPECT_EQ(BrokenRule(Escalate(dispute, To(pb::DISPUTE_STAGE_TEAM_MANAGER), kNow)), "later_stage");
  EXPECT_EQ(dispute.steps_size(), 2);
  EXPECT_EQ(dispute.stage(), pb::DISPUTE_STAGE_SERVICE_MANAGER);
}

TEST(ReviewDispute, IsAnsweredOnceAtEachStage) {
  ReviewDispute dispute = Raised();
  pb::AnswerReviewDisputeRequest answer;
  answer.set_answer("Invented.");
  ASSERT_TRUE(Answer(dispute, answer, kNow).ok());
  EXPECT_EQ(BrokenRule(Answer(dispute, answer, kNow)), "one_answer");
  ASSERT_TRUE(Escalate(dispute, To(pb::DISPUTE_STAGE_TEAM_MANAGER), kNow).ok());
  EXPECT_TRUE(Answer(dispute, answer, kNow).ok());
}

}  // namespace
}  // namespace lscp::children_in_care
