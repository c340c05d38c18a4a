#include "child_protection/nrm_referral.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "child_protection/testing/rules.h"

namespace lscp::child_protection {
namespace {

using pb::NrmReferral;
using ::testing::ElementsAre;

const Step kStep = {"w.worker", "testcouncil", LondonTime(2025, 5, 12, 10)};

NrmReferral Referred(int month = 5, int day = 1, const Settings::Borough& borough = TestBorough()) {
  auto request = ParseRequest<pb::ReferToNrmRequest>(
      "child: 'boroughs/testborough/children/k1' theme: EXPLOITATION_THEME_CRIMINAL "
      "first_responder: 'testcouncil'");
  *request.mutable_refer_date() = DateToProto(absl::CivilDay(2025, month, day));
  NrmReferral referral = Refer(request, kStep, borough);
  referral.set_name("boroughs/testborough/nrmReferrals/n1");
  return referral;
}

absl::Status Reasonable(NrmReferral& referral, pb::NrmDecision decision, int day = 8) {
  pb::RecordReasonableGroundsRequest request;
  request.set_decision(decision);
  *request.mutable_decision_date() = DateToProto(absl::CivilDay(2025, 5, day));
  return DecideReasonable(referral, request, kStep);
}

absl::Status Conclusive(NrmReferral& referral, pb::NrmDecision decision, int day = 9) {
  pb::RecordConclusiveGroundsRequest request;
  request.set_decision(decision);
  *request.mutable_decision_date() = DateToProto(absl::CivilDay(2025, 5, day));
  return DecideConclusive(referral, request, kStep);
}

absl::Status Again(NrmReferral& referral) {
  return Reconsider(referral, ParseRequest<pb::ReconsiderNrmDecisionRequest>("reason: 'x'"), kStep,
                    TestBorough());
}

TEST(NrmTransitions, AreWholeAndAsTheReadmeSays) {
  EXPECT_TRUE(testing::IsWhole(kNrmTransitions));
  EXPECT_TRUE(testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kNrmTransitions)));
}

TEST(NrmTransitions, HoldForEveryStateAndVerb) {
  const std::map<std::string, std::function<absl::Status(NrmReferral&)>> verbs = {
      {"RecordReasonableGrounds positive",
       [](NrmReferral& r) { return Reasonable(r, pb::NRM_DECISION_POSITIVE); }},
      {"RecordReasonableGrounds negative",
       [](NrmReferral& r) { return Reasonable(r, pb::NRM_DECISION_NEGATIVE); }},
      {"RecordConclusiveGrounds positive",
       [](NrmReferral& r) { return Conclusive(r, pb::NRM_DECISION_POSITIVE); }},
      {"RecordConclusiveGrounds negative",
       [](NrmReferral& r) { return Conclusive(r, pb::NRM_DECISION_NEGATIVE); }},
      {"ReconsiderNrmDecision", Again},
  };
  ExpectEveryStateAndVerb(kNrmTransitions, "ReferToNrm", verbs, [](auto state) {
    NrmReferral referral = Referred();
    *referral.mutable_reasonable_date() = DateToProto(absl::CivilDay(2025, 5, 8));
    referral.set_state(state);
    return referral;
  });
}

struct DueCase {
  int month, day;
  absl::CivilDay due;
};

TEST(ReasonableGrounds, AreDueFiveWorkingDaysAfterTheReferral) {
  const DueCase cases[] = {
      {5, 1, absl::CivilDay(2025, 5, 9)},    // over the early May bank holiday
      {4, 16, absl::CivilDay(2025, 4, 25)},  // over Easter
      {3, 3, absl::CivilDay(2025, 3, 10)},
      {3, 8, absl::CivilDay(2025, 3, 14)},  // a Saturday
  };
  for (const DueCase& row : cases) {
    EXPECT_EQ(ProtoToDate(Referred(row.month, row.day).reasonable_due_date()), row.due);
  }
}

TEST(ReferToNrm, WaitsAsLongAsTheBoroughSays) {
  const auto borough = BoroughWith("exploitation { nrm_reasonable_grounds_working_days: 10 }");
  EXPECT_EQ(ProtoToDate(Referred(6, 2, borough).reasonable_due_date()),
            absl::CivilDay(2025, 6, 16));
  EXPECT_EQ(NrmReferralRules(borough)[0].due_after.count, 10);
}

TEST(NrmDecisions, ComeInOrder) {
  NrmReferral referral = Referred(5, 7);
  EXPECT_THAT(Violations(Reasonable(referral, pb::NRM_DECISION_POSITIVE, 6)),
              ElementsAre("decision_date"));
  referral = Referred(5, 7);
  ASSERT_TRUE(Reasonable(referral, pb::NRM_DECISION_POSITIVE, 7).ok());
  EXPECT_FALSE(referral.has_reasonable_due_date());
  NrmReferral early = referral;
  EXPECT_THAT(Violations(Conclusive(early, pb::NRM_DECISION_POSITIVE, 6)),
              ElementsAre("decision_date"));
  EXPECT_TRUE(Conclusive(referral, pb::NRM_DECISION_POSITIVE, 7).ok());
}

TEST(ReconsiderNrmDecision, WaitsForTheDecisionThatWasRefused) {
  NrmReferral referral = Referred();
  ASSERT_TRUE(Reasonable(referral, pb::NRM_DECISION_NEGATIVE).ok());
  ASSERT_TRUE(Again(referral).ok());
  EXPECT_FALSE(referral.has_reasonable_date());
  EXPECT_EQ(ProtoToDate(referral.reasonable_due_date()), absl::CivilDay(2025, 5, 19));
  ASSERT_TRUE(Reasonable(referral, pb::NRM_DECISION_POSITIVE, 10).ok());
  ASSERT_TRUE(Conclusive(referral, pb::NRM_DECISION_NEGATIVE, 11).ok());
  ASSERT_TRUE(Again(referral).ok());
  EXPECT_EQ(referral.state(), NrmReferral::STATE_REASONABLE_GROUNDS);
  EXPECT_FALSE(referral.has_conclusive_date());
  EXPECT_TRUE(referral.has_reasonable_date());
  EXPECT_EQ(referral.entries_size(), 5);
  EXPECT_EQ(referral.entries(1).state(), NrmReferral::STATE_REFERRED);
}

}  // namespace
}  // namespace lscp::child_protection
