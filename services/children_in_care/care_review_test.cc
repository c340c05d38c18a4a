#include "children_in_care/care_review.h"

#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;
using lscp::testing::BrokenRule;
using lscp::testing::ExpectEveryStateAndVerb;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::Violations;
using pb::CareReview;
using ::testing::ElementsAre;

const CivilDay kStart(2025, 3, 3);  // a Monday
const ReviewedChild kSix = {CivilDay(2019, 1, 1), "w.worker"};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

CareNow Care(CivilDay start = kStart, std::optional<CivilDay> end = std::nullopt) {
  CareNow care;
  care.name = "boroughs/testborough/childrenInCare/c1";
  care.child = "boroughs/testborough/children/k1";
  care.worker = "w.worker";
  care.start = start;
  care.end = end;
  return care;
}

CareReview First() {
  CareReview review = BeginReviews(Care());
  review.set_name("boroughs/testborough/careReviews/r1");
  return review;
}

CareReview In(CareReview::State state) {
  CareReview review = First();
  review.set_state(state);
  *review.add_decisions()->mutable_due_date() = DateToProto(kStart + 40);
  return review;
}

pb::HoldReviewRequest Request(CivilDay day, const std::string& fields = "") {
  auto request = Parse<pb::HoldReviewRequest>(
      "reviewing_officer: 'o.officer' decisions { text: 'x' owner: 'o' due_date { year: 2025 "
      "month: 6 day: 2 } } decisions { text: 'y' owner: 'o' due_date { year: 2025 month: 5 day: 1 "
      "} } " +
      fields);
  if (request.participation() == pb::PARTICIPATION_UNSPECIFIED) {
    request.set_participation(pb::PARTICIPATION_SPOKE);
  }
  *request.mutable_hold_date() = DateToProto(day);
  return request;
}

TEST(CareReviewStates, AreWholeAndInTheReadme) {
  EXPECT_TRUE(IsWhole(kCareReviewTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILDREN_IN_CARE_README, MarkdownTable(kCareReviewTransitions)));
}

TEST(CareReviewStates, AreAsTheTableSaysInEveryCell) {
  const auto next = [](const char* verb) {
    return [verb](CareReview& review) -> absl::Status {
      const auto to = Next(kCareReviewTransitions, verb, review.state(), "");
      if (to.ok()) review.set_state(*to);
      return to.status();
    };
  };
  const auto forward =
      Parse<pb::BringReviewForwardRequest>("due_date { year: 2025 month: 3 day: 10 } reason: 'x'");
  const auto decision = Parse<pb::CompleteReviewDecisionRequest>(
      "number: 1 done_date { year: 2025 month: 4 day: 1 }");
  const std::map<std::string, std::function<absl::Status(CareReview&)>> verbs = {
      {"HoldReview, the next one", next("HoldReview, the next one")},
      {"EndCare", next("EndCare")},
      {"CorrectCare", next("CorrectCare")},
      {"AssignReviewingOfficer", [](CareReview& r) { return AssignOfficer(r, {}, kSix); }},
      {"BringReviewForward", [&](CareReview& r) { return BringForward(r, forward); }},
      {"HoldReview", [](CareReview& r) { return Hold(r, Request(kStart + 5), kSix).status(); }},
      {"CompleteReviewDecision", [&](CareReview& r) { return CompleteDecision(r, decision); }},
  };
  ExpectEveryStateAndVerb(kCareReviewTransitions, "StartCare", verbs, In);
}

TEST(CareReviewDue, IsByRegulation33) {
  EXPECT_EQ(CareReviewDue(pb::CARE_REVIEW_KIND_FIRST, kStart), CivilDay(2025, 3, 31));
  EXPECT_EQ(CareReviewDue(pb::CARE_REVIEW_KIND_FIRST, CivilDay(2022, 12, 23)),
            CivilDay(2023, 1, 25));
  EXPECT_EQ(CareReviewDue(pb::CARE_REVIEW_KIND_SECOND, CivilDay(2025, 11, 30)),
            CivilDay(2026, 2, 28));
  EXPECT_EQ(CareReviewDue(pb::CARE_REVIEW_KIND_LATER, CivilDay(2025, 8, 31)),
            CivilDay(2026, 2, 28));
}

TEST(Hold, MakesTheNextOneDue) {
  CareReview review = First();
  const auto second = Hold(review, Request(kStart + 28), kSix);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(review.timeliness(), pb::CARE_REVIEW_TIMELINESS_IN_TIME);
  EXPECT_EQ(ProtoToDate(review.decision_due_date()), CivilDay(2025, 5, 1));
  EXPECT_EQ(second->kind(), pb::CARE_REVIEW_KIND_SECOND);
  EXPECT_EQ(ProtoToDate(second->due_date()), CivilDay(2025, 6, 30));
  CareReview held = *second;
  const auto third = Hold(held, Request(CivilDay(2025, 7, 1)), kSix);
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_EQ(held.timeliness(), pb::CARE_REVIEW_TIMELINESS_LATE);
  EXPECT_EQ(third->kind(), pb::CARE_REVIEW_KIND_LATER);
  EXPECT_EQ(third->number(), 3u);
  EXPECT_EQ(ProtoToDate(third->due_date()), CivilDay(2026, 1, 1));
  EXPECT_EQ(third->reviewing_officer(), "o.officer");
}

TEST(Hold, MayAgreeOnAnEarlierNextReview) {
  struct Row {
    CivilDay due;
    bool allowed;
  };
  for (const Row& row : {Row{CivilDay(2025, 4, 30), true}, Row{CivilDay(2025, 6, 30), true},
                         Row{CivilDay(2025, 7, 1), false}, Row{CivilDay(2025, 3, 31), false}}) {
    CareReview review = First();
    auto request = Request(kStart + 28);
    *request.mutable_next_due_date() = DateToProto(row.due);
    const auto next = Hold(review, request, kSix);
    EXPECT_EQ(next.ok(), row.allowed) << row.due;
    if (next.ok()) {
      EXPECT_EQ(ProtoToDate(next->due_date()), row.due);
      EXPECT_EQ(ProtoToDate(next->regular_due_date()), CivilDay(2025, 6, 30));
    } else {
      EXPECT_THAT(Violations(next.status()), ElementsAre("next_due_date"));
    }
  }
}

TEST(Hold, AgreesWithTheChildsAge) {
  struct Row {
    CivilDay birth;
    const char* participation;
    const char* rule;
  };
  const CivilDay day = kStart + 10;  // 13 March 2025
  for (const Row& row : {
           Row{CivilDay(2021, 3, 14), "UNDER_FOUR", ""},
           Row{CivilDay(2021, 3, 13), "UNDER_FOUR", "participation_age"},
           Row{CivilDay(2021, 3, 14), "SPOKE", "participation_age"},
           Row{CivilDay(2021, 3, 13), "SYMBOLS", ""},
       }) {
    CareReview review = First();
    const auto held =
        Hold(review, Request(day, std::string("participation: PARTICIPATION_") + row.participation),
             {row.birth, "w.worker"});
    EXPECT_EQ(BrokenRule(held.status()), row.rule) << row.birth << row.participation;
  }
}

TEST(Hold, IsByAnIndependentOfficerAndInOrder) {
  CareReview review = First();
  auto request = Request(kStart + 1);
  request.set_reviewing_officer("w.worker");
  EXPECT_EQ(BrokenRule(Hold(review, request, kSix).status()), "independent");
  review = First();
  request.clear_reviewing_officer();
  EXPECT_THAT(Violations(Hold(review, request, kSix).status()), ElementsAre("reviewing_officer"));
  review = First();
  EXPECT_EQ(BrokenRule(Hold(review, Request(kStart - 1), kSix).status()), "in_order");
}

TEST(BringForward, OnlyMakesItEarlier) {
  CareReview review = First();
  EXPECT_EQ(
      BrokenRule(BringForward(review, Parse<pb::BringReviewForwardRequest>(
                                          "due_date { year: 2025 month: 3 day: 31 } reason: 'x'"))),
      "earlier");
  ASSERT_TRUE(BringForward(review, Parse<pb::BringReviewForwardRequest>(
                                       "due_date { year: 2025 month: 3 day: 10 } reason: 'x'"))
                  .ok());
  EXPECT_EQ(ProtoToDate(review.due_date()), CivilDay(2025, 3, 10));
  EXPECT_EQ(ProtoToDate(review.regular_due_date()), CivilDay(2025, 3, 31));
}

TEST(SetCare, MovesTheFirstReviewWithTheStartOfCare) {
  CareReview review = First();
  SetCare(review, Care(kStart + 7));
  EXPECT_EQ(ProtoToDate(review.due_date()), CivilDay(2025, 4, 7));
  SetCare(review, Care(kStart + 7, kStart + 9));
  EXPECT_EQ(review.state(), CareReview::STATE_NOT_NEEDED);
}

TEST(CompleteDecision, OnceAndOfThoseThatThereAre) {
  CareReview review = First();
  ASSERT_TRUE(Hold(review, Request(kStart + 28), kSix).ok());
  auto request = Parse<pb::CompleteReviewDecisionRequest>(
      "number: 2 done_date { year: 2025 month: 4 day: 9 }");
  ASSERT_TRUE(CompleteDecision(review, request).ok());
  EXPECT_EQ(ProtoToDate(review.decision_due_date()), CivilDay(2025, 6, 2));
  EXPECT_EQ(BrokenRule(CompleteDecision(review, request)), "decision_open");
  request.set_number(3);
  EXPECT_EQ(BrokenRule(CompleteDecision(review, request)), "decision_open");
}

}  // namespace
}  // namespace lscp::children_in_care
