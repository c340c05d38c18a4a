#include "child_protection/sibling_referral.h"

#include <gmock/gmock.h>

#include "child_protection/testing/rules.h"

namespace lscp::child_protection {
namespace {

using pb::SiblingReferral;
using safeguarding::child_death_reviews::v1::SiblingsReferred;
using ::testing::ElementsAre;
using ::testing::SizeIs;

const absl::Time kMonday = LondonTime(2025, 3, 10, 10);
const Step kManager = {"m.manager", "testcouncil", kMonday};
constexpr char kName[] = "boroughs/testborough/siblingReferrals/s1";
constexpr char kReferred[] =
    "death_review: 'boroughs/testborough/deathReviews/d1' concerns: 'x' "
    "siblings { given_name: 'Uno' family_name: 'Zztest' birth_date { year: 2020 month: 2 day: 1 } "
    "} "
    "siblings { given_name: 'Due' } ";

SiblingReferral Started(const std::string& fields = "", absl::Time at = kMonday) {
  auto referral =
      StartSiblingReferral(ParseRequest<SiblingsReferred>(kReferred + fields), "testborough", at);
  EXPECT_TRUE(referral.ok()) << referral.status();
  referral->set_name(kName);
  return *std::move(referral);
}

absl::Status DecideWith(SiblingReferral& referral, const std::string& fields,
                        const pb::StrategyDiscussion* discussion = nullptr) {
  return Decide(referral, ParseRequest<pb::DecideSiblingReferralRequest>(fields), discussion,
                kManager);
}

pb::StrategyDiscussion Discussion(const std::string& borough, pb::StrategyDiscussion::State state) {
  pb::StrategyDiscussion discussion;
  discussion.set_name("boroughs/" + borough + "/strategyDiscussions/d");
  discussion.set_state(state);
  return discussion;
}

TEST(SiblingReferralStates, AreAsTheTableSaysInEveryCell) {
  ExpectEveryStateAndVerb<SiblingReferral::State, 2, SiblingReferral>(
      kSiblingReferralTransitions, "a referral arrives",
      {{"DecideSiblingReferral",
        [](SiblingReferral& r) {
          return DecideWith(r, "outcome: SIBLING_REFERRAL_OUTCOME_ALREADY_KNOWN");
        }}},
      [](SiblingReferral::State state) {
        SiblingReferral referral = Started();
        referral.set_state(state);
        return referral;
      });
}

TEST(SiblingReferralStates, AreInTheReadme) {
  EXPECT_TRUE(testing::IsWhole(kSiblingReferralTransitions));
  EXPECT_TRUE(
      testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kSiblingReferralTransitions)));
}

struct DueCase {
  absl::Time referred;
  const char* fields;
  absl::CivilDay last_day;
};

class SiblingReferralDue : public ::testing::TestWithParam<DueCase> {};

TEST_P(SiblingReferralDue, IsTheNextWorkingDayOrToday) {
  const SiblingReferral referral = Started(GetParam().fields, GetParam().referred);
  EXPECT_EQ(LastDayOf(*ProtoToTime(referral.due_time())), GetParam().last_day);
}

INSTANTIATE_TEST_SUITE_P(
    Dates, SiblingReferralDue,
    ::testing::Values(
        DueCase{LondonTime(2025, 3, 10, 10), "", absl::CivilDay(2025, 3, 11)},
        DueCase{LondonTime(2025, 3, 14, 17), "", absl::CivilDay(2025, 3, 17)},   // a Friday
        DueCase{LondonTime(2025, 4, 17, 10), "", absl::CivilDay(2025, 4, 22)},   // before Easter
        DueCase{LondonTime(2025, 12, 24, 9), "", absl::CivilDay(2025, 12, 29)},  // Christmas
        DueCase{LondonTime(2025, 3, 14, 23), "urgent: true", absl::CivilDay(2025, 3, 14)},
        DueCase{LondonTime(2025, 3, 15, 10), "urgent: true", absl::CivilDay(2025, 3, 15)}));

TEST(StartSiblingReferral, KeepsWhatWasTold) {
  const SiblingReferral referral = Started("child: 'boroughs/testborough/children/k1'");
  EXPECT_EQ(referral.state(), SiblingReferral::STATE_OPEN);
  EXPECT_EQ(referral.child(), "boroughs/testborough/children/k1");
  ASSERT_THAT(referral.siblings(), SizeIs(2));
  EXPECT_EQ(referral.siblings(0).birth_date().year(), 2020);
  EXPECT_FALSE(referral.siblings(1).has_birth_date());
  EXPECT_EQ(RuleOf(referral).id, kSiblingReferral.id);
  EXPECT_EQ(RuleOf(Started("urgent: true")).id, kUrgentSiblingReferral.id);
}

TEST(StartSiblingReferral, NeedsADeathReviewOfTheBoroughAndNoChildOfIt) {
  for (const char* review : {"", "boroughs/other/deathReviews/d", "boroughs/testborough/x/d"}) {
    SiblingsReferred referred;
    referred.set_death_review(review);
    EXPECT_FALSE(StartSiblingReferral(referred, "testborough", kMonday).ok()) << review;
  }
  EXPECT_EQ(Started("child: 'boroughs/other/children/k1'").child(), "");
  EXPECT_EQ(Started("child: 'nobody'").child(), "");
}

TEST(DecideSiblingReferral, TakesTheNameThatTheOutcomeNeedsAndNoOther) {
  const auto open = Discussion("testborough", pb::StrategyDiscussion::STATE_OPEN);
  const std::string referral = " referral: 'boroughs/testborough/contacts/c1'";
  const auto faults = [&](const std::string& fields, bool discussion) {
    SiblingReferral record = Started();
    return Violations(DecideWith(record, fields, discussion ? &open : nullptr));
  };
  const std::string strategy = "outcome: SIBLING_REFERRAL_OUTCOME_STRATEGY_DISCUSSION";
  const std::string door = "outcome: SIBLING_REFERRAL_OUTCOME_FRONT_DOOR";
  EXPECT_THAT(faults(strategy, true), ElementsAre());
  EXPECT_THAT(faults(strategy, false), ElementsAre("strategy_discussion"));
  EXPECT_THAT(faults(strategy + referral, true), ElementsAre("referral"));
  EXPECT_THAT(faults(door + referral, false), ElementsAre());
  EXPECT_THAT(faults(door, false), ElementsAre("referral"));
  EXPECT_THAT(faults(door, true), ElementsAre("strategy_discussion", "referral"));
  for (const char* outcome : {"ALREADY_KNOWN", "NO_FURTHER_ACTION"}) {
    const std::string other = std::string("outcome: SIBLING_REFERRAL_OUTCOME_") + outcome;
    EXPECT_THAT(faults(other, false), ElementsAre());
    EXPECT_THAT(faults(other + referral, true), ElementsAre("strategy_discussion", "referral"));
  }
}

TEST(DecideSiblingReferral, NeedsADiscussionOfTheBoroughThatIsNotCancelled) {
  const std::string fields = "outcome: SIBLING_REFERRAL_OUTCOME_STRATEGY_DISCUSSION";
  SiblingReferral referral = Started();
  const auto elsewhere = Discussion("other", pb::StrategyDiscussion::STATE_OPEN);
  EXPECT_THAT(Violations(DecideWith(referral, fields, &elsewhere)),
              ElementsAre("strategy_discussion"));
  referral = Started();
  const auto cancelled = Discussion("testborough", pb::StrategyDiscussion::STATE_CANCELLED);
  EXPECT_EQ(BrokenRule(DecideWith(referral, fields, &cancelled)), "discussion_not_cancelled");
}

TEST(DecideSiblingReferral, KeepsWhoDecidedAndWhy) {
  SiblingReferral referral = Started();
  ASSERT_TRUE(
      DecideWith(referral, "outcome: SIBLING_REFERRAL_OUTCOME_ALREADY_KNOWN rationale: 'x'").ok());
  EXPECT_EQ(referral.outcome(), pb::SIBLING_REFERRAL_OUTCOME_ALREADY_KNOWN);
  EXPECT_EQ(referral.rationale(), "x");
  EXPECT_EQ(referral.decided_by(), "m.manager");
  EXPECT_EQ(ProtoToTime(referral.decide_time()), kMonday);
}

}  // namespace
}  // namespace lscp::child_protection
