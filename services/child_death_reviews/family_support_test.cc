#include "child_death_reviews/family_support.h"

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
using pb::FamilySupport;
using ::testing::ElementsAre;
using ::testing::SizeIs;

const Step kWorker = {"k.worker", "testhospital", LondonTime(2025, 3, 10, 10)};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

FamilySupport In(FamilySupport::State state) {
  auto support = Parse<FamilySupport>(
      "name: 'boroughs/testborough/familySupports/r1' "
      "coordinator: 'c.coordinator' "
      "death_date { year: 2025 month: 3 day: 9 }");
  support.set_state(state);
  return support;
}

absl::Status AssignTo(FamilySupport& support, const std::string& person) {
  return Assign(support,
                Parse<pb::AssignKeyWorkerRequest>("key_worker { person: '" + person + "' }"),
                kWorker.now);
}

absl::Status OfferIt(FamilySupport& support, const std::string& kind = "BEREAVEMENT",
                     int day = 10) {
  auto request = Parse<pb::RecordSupportOfferRequest>("offer { kind: SUPPORT_KIND_" + kind + " }");
  *request.mutable_offer()->mutable_offer_date() = DateToProto(absl::CivilDay(2025, 3, day));
  return Offer(support, request);
}

TEST(FamilySupportStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(FamilySupport&)>> verbs = {
      {"AssignKeyWorker", [](FamilySupport& s) { return AssignTo(s, "k.worker"); }},
      {"RecordSupportOffer", [](FamilySupport& s) { return OfferIt(s); }},
      {"RecordFamilyViews", [](FamilySupport& s) { return RecordViews(s, {}, kWorker); }},
      {"EndFamilySupport",
       [](FamilySupport& s) {
         s.add_offers()->set_kind(pb::SUPPORT_KIND_BEREAVEMENT);
         return End(s, {});
       }},
  };
  ExpectEveryStateAndVerb(kFamilySupportTransitions, "AcceptDeathReview", verbs, In);
}

TEST(FamilySupportStates, AreInTheReadme) {
  EXPECT_TRUE(IsWhole(kFamilySupportTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILD_DEATH_REVIEWS_README, MarkdownTable(kFamilySupportTransitions)));
}

TEST(Assign, KeepsThoseBefore) {
  FamilySupport support = In(FamilySupport::STATE_UNASSIGNED);
  ASSERT_TRUE(AssignTo(support, "k.worker").ok());
  ASSERT_TRUE(AssignTo(support, "l.later").ok());
  EXPECT_EQ(support.key_worker().person(), "l.later");
  ASSERT_THAT(support.former_key_workers(), SizeIs(1));
  EXPECT_EQ(support.former_key_workers(0).person(), "k.worker");
}

TEST(MayRecord, IsTheKeyWorkerAndWhoAnswersForTheReview) {
  FamilySupport support = In(FamilySupport::STATE_UNASSIGNED);
  EXPECT_FALSE(MayRecord(support, "k.worker"));
  EXPECT_FALSE(MayRecord(support, ""));  // a system, while nobody is key worker
  EXPECT_TRUE(MayRecord(support, "c.coordinator"));
  ASSERT_TRUE(AssignTo(support, "k.worker").ok());
  EXPECT_TRUE(MayRecord(support, "k.worker"));
  ASSERT_TRUE(AssignTo(support, "l.later").ok());
  EXPECT_FALSE(MayRecord(support, "k.worker"));
}

TEST(Offer, IsNotBeforeTheDeath) {
  FamilySupport support = In(FamilySupport::STATE_UNASSIGNED);
  EXPECT_THAT(Violations(OfferIt(support, "COUNSELLING", 8)), ElementsAre("offer.offer_date"));
  EXPECT_TRUE(OfferIt(support, "COUNSELLING", 9).ok());
}

TEST(End, NeedsBereavementSupportToHaveBeenOffered) {
  FamilySupport support = In(FamilySupport::STATE_SUPPORTED);
  ASSERT_TRUE(OfferIt(support, "PRACTICAL").ok());
  EXPECT_EQ(BrokenRule(End(support, {})), "bereavement_support_offered");
  support = In(FamilySupport::STATE_SUPPORTED);
  ASSERT_TRUE(OfferIt(support).ok());
  EXPECT_TRUE(End(support, {}).ok());
}

struct DueCase {
  absl::Time accepted;
  absl::CivilDay last_day;
};

class KeyWorkerDue : public ::testing::TestWithParam<DueCase> {};

TEST_P(KeyWorkerDue, IsWorkingDaysAfterTheReviewWasTakenOn) {
  EXPECT_EQ(
      LastDayOf(DueAt(GetParam().accepted,
                      FamilyKeyWorkerRule(Settings::Create({}, {})->Of("testborough")).due_after,
                      WorkingDayCalendar())),
      GetParam().last_day);
}

INSTANTIATE_TEST_SUITE_P(
    Days, KeyWorkerDue,
    ::testing::Values(DueCase{LondonTime(2025, 3, 10, 10), absl::CivilDay(2025, 3, 12)},
                      DueCase{LondonTime(2025, 4, 17, 10), absl::CivilDay(2025, 4, 23)},  // Easter
                      DueCase{LondonTime(2024, 2, 28, 10), absl::CivilDay(2024, 3, 1)}));

}  // namespace
}  // namespace lscp::child_death_reviews
