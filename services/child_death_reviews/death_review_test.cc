#include "child_death_reviews/death_review.h"

#include "child_death_reviews/review_completion.h"
#include "common/testing/rules.h"
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
using pb::DeathReview;
using ::testing::ElementsAre;

constexpr char kArea[] = "E09000016";
const Step kCoordinator = {"c.coordinator", "testhealth", LondonTime(2025, 3, 10, 10)};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

pb::DeathNotification Notification(const std::string& particulars = "") {
  auto request = Parse<pb::NotifyDeathRequest>(
      "kind: NOTIFIER_KIND_HOSPITAL particulars { given_name: 'Testa' "
      "family_name: 'Beispiel' "
      "birth_date { year: 2020 month: 1 day: 1 } death_date { year: 2025 "
      "month: 3 day: 9 } " +
      particulars + " }");
  auto notification = Notify(request, kCoordinator);
  EXPECT_TRUE(notification.ok()) << notification.status();
  notification->set_name("boroughs/testborough/deathNotifications/n1");
  return *notification;
}

DeathReview Begun(const std::string& particulars = "residence_area: 'E09000016'") {
  DeathReview review = Begin(Notification(particulars), kArea);
  review.set_name("boroughs/testborough/deathReviews/r1");
  return review;
}

DeathReview InScope(DeathReview::State state) {
  DeathReview review = Begun();
  review.set_state(state);
  return review;
}

DeathReview OutOfScope(DeathReview::State state) {
  DeathReview review = Begun("birth: BIRTH_KIND_TERMINATION");
  review.set_state(state);
  return review;
}

absl::Status AcceptIt(DeathReview& review, const std::string& fields = "") {
  return Accept(review, Parse<pb::AcceptDeathReviewRequest>(fields), kCoordinator);
}

absl::Status RuleItOut(DeathReview& review) {
  return RuleOut(review, Parse<pb::RuleOutDeathReviewRequest>("reason: 'x'"), kCoordinator);
}

absl::Status MergeInto(DeathReview& duplicate) {
  DeathReview review = Begun();
  review.set_name("boroughs/testborough/deathReviews/r2");
  return Merge(review, duplicate, kArea);
}

TEST(DeathReviewStates, AreAsTheTableSaysInEveryCell) {
  const auto in = [](DeathReview::State state) { return InScope(state); };
  const std::map<std::string, std::function<absl::Status(DeathReview&)>> verbs = {
      {"NotifyDeath again",
       [](DeathReview& r) {
         auto notification = Notification();
         return Join(r, notification, kArea);
       }},
      {"CorrectParticulars",
       [](DeathReview& r) {
         return Correct(
             r,
             Parse<pb::CorrectParticularsRequest>("particulars { death_date { year: 2025 month: "
                                                  "3 day: 9 } }"),
             kArea);
       }},
      {"AcceptDeathReview", [](DeathReview& r) { return AcceptIt(r); }},
      {"RuleOutDeathReview",
       [](DeathReview& r) {
         DeathReview out = OutOfScope(r.state());
         const absl::Status status = RuleItOut(out);
         r = out;
         return status;
       }},
      {"MergeDeathReviews", MergeInto},
      {"HandOverDeathReview",
       [](DeathReview& r) {
         return HandOver(r, Parse<pb::HandOverDeathReviewRequest>("area: 'E10000012'"), kArea,
                         kCoordinator.now);
       }},
      {"AnswerHandOver accepted",
       [](DeathReview& r) {
         return AnswerHandOver(r, Parse<pb::AnswerHandOverRequest>("accepted: true"),
                               kCoordinator.now);
       }},
      {"AnswerHandOver refused",
       [](DeathReview& r) { return AnswerHandOver(r, {}, kCoordinator.now); }},
      {"RequestReportingForms",
       [](DeathReview& r) { return TakeReviewStep(r, "RequestReportingForms"); }},
      {"ChaseReportingForms",
       [](DeathReview& r) { return TakeReviewStep(r, "ChaseReportingForms"); }},
      {"RecordNationalNotification",
       [](DeathReview& r) { return RecordNational(r, {}, kCoordinator.now); }},
      {"RecordReviewDelay",
       [](DeathReview& r) {
         return RecordDelay(r,
                            Parse<pb::RecordReviewDelayRequest>(
                                "delay { until_date { year: 2026 month: 1 day: 1 } }"),
                            kCoordinator);
       }},
      {"PlanDeathReviewMeeting",
       [](DeathReview& r) { return TakeReviewStep(r, "PlanDeathReviewMeeting"); }},
      {"ReportDeathReviewMeeting",
       [](DeathReview& r) { return TakeReviewStep(r, "ReportDeathReviewMeeting"); }},
      {"PutOnDeathPanelAgenda",
       [](DeathReview& r) { return TakeReviewStep(r, "PutOnDeathPanelAgenda"); }},
      {"RecordDeathPanelAnalysis", [](DeathReview& r) { return SetOutcome(r, {}); }},
      {"CompleteDeathReview",
       [](DeathReview& r) {
         r.mutable_national_notice_time();
         return CompleteReview(r, {}, true, kCoordinator.now);
       }},
      {"ReopenDeathReview",
       [](DeathReview& r) {
         return ReopenReview(r, {}, Settings::Create({}, {})->Of("testborough"), kCoordinator);
       }},
  };
  ExpectEveryStateAndVerb(kDeathReviewTransitions, "NotifyDeath", verbs, in);
}

TEST(DeathReviewStates, AreInTheReadme) {
  EXPECT_TRUE(IsWhole(kDeathReviewTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILD_DEATH_REVIEWS_README, MarkdownTable(kDeathReviewTransitions)));
}

TEST(Notify, NamesTheAreaThatHandsOverIfAndOnlyIfOneDoes) {
  for (const char* fields :
       {"kind: NOTIFIER_KIND_OTHER_AREA", "kind: NOTIFIER_KIND_POLICE from_area: 'E10000012'"}) {
    EXPECT_THAT(Violations(Notify(Parse<pb::NotifyDeathRequest>(fields), kCoordinator).status()),
                ElementsAre("from_area"));
  }
}

TEST(Notify, NamesTheCallingPersonBeforeAnybodyElse) {
  const auto request =
      Parse<pb::NotifyDeathRequest>("kind: NOTIFIER_KIND_POLICE notifier: 'p.constable'");
  EXPECT_EQ(Notify(request, kCoordinator)->notifier(), "c.coordinator");
  EXPECT_EQ(Notify(request, {"", "testpolice", kCoordinator.now})->notifier(), "p.constable");
}

TEST(Join, SaysWhatContradictsUntilItIsCorrected) {
  DeathReview review = Begun();
  auto later = Notification("sex: SEX_FEMALE");
  later.mutable_particulars()->set_given_name("Testo");
  ASSERT_TRUE(Join(review, later, kArea).ok());
  EXPECT_THAT(later.contradictions(), ElementsAre("given_name"));
  EXPECT_THAT(review.contradictions(), ElementsAre("given_name"));
  EXPECT_EQ(review.particulars().sex(), pb::SEX_FEMALE);
  ASSERT_TRUE(Join(review, later, kArea).ok());
  EXPECT_THAT(review.contradictions(), ElementsAre("given_name"));
  pb::CorrectParticularsRequest correction;
  *correction.mutable_particulars() = later.particulars();
  ASSERT_TRUE(Correct(review, correction, kArea).ok());
  EXPECT_TRUE(review.contradictions().empty());
  EXPECT_EQ(review.scope(),
            pb::SCOPE_FINDING_UNKNOWN);  // where the child lived is gone
}

TEST(Accept, NeedsADeathInScope) {
  DeathReview out = OutOfScope(DeathReview::STATE_NOTIFIED);
  EXPECT_EQ(BrokenRule(AcceptIt(out)), "in_scope");
  DeathReview unknown = Begun("");
  EXPECT_EQ(BrokenRule(AcceptIt(unknown)), "in_scope");
}

TEST(Accept, NeedsAnAgreementWhenAnotherAreaIsResponsible) {
  DeathReview review = Begun("residence_area: 'E10000012' death_area: 'E09000016'");
  EXPECT_EQ(BrokenRule(AcceptIt(review)), "responsible_area");
  review = Begun("residence_area: 'E10000012' death_area: 'E09000016'");
  ASSERT_TRUE(AcceptIt(review, "agreement: 'agreed by telephone'").ok());
  EXPECT_EQ(review.coordinator(), "c.coordinator");
}

TEST(RuleOut, NeedsADeathOutOfScope) {
  DeathReview in = InScope(DeathReview::STATE_NOTIFIED);
  EXPECT_EQ(BrokenRule(RuleItOut(in)), "out_of_scope");
  DeathReview unknown = Begun("");
  EXPECT_EQ(BrokenRule(RuleItOut(unknown)), "out_of_scope");
}

TEST(Merge, MakesTheDuplicatesNotificationsTheOthers) {
  DeathReview review = Begun("sex: SEX_MALE");
  DeathReview duplicate = Begun("sex: SEX_FEMALE residence_area: 'E09000016'");
  duplicate.set_name("boroughs/testborough/deathReviews/r2");
  duplicate.clear_notifications();
  duplicate.add_notifications("boroughs/testborough/deathNotifications/n2");
  *duplicate.mutable_first_notice_time() = TimeToProto(kCoordinator.now - absl::Hours(1));
  review.add_possible_duplicates(duplicate.name());
  ASSERT_TRUE(Merge(review, duplicate, kArea).ok());
  EXPECT_EQ(duplicate.state(), DeathReview::STATE_MERGED);
  EXPECT_EQ(duplicate.merged_into(), review.name());
  EXPECT_EQ(review.notifications_size(), 2);
  EXPECT_EQ(review.scope(), pb::SCOPE_FINDING_RESIDENT);
  EXPECT_THAT(review.contradictions(), ElementsAre("sex"));
  EXPECT_TRUE(review.possible_duplicates().empty());
  EXPECT_EQ(*ProtoToTime(review.first_notice_time()), kCoordinator.now - absl::Hours(1));
}

TEST(Merge, IsOfTwo) {
  DeathReview review = Begun();
  DeathReview same = review;
  EXPECT_THAT(Violations(Merge(review, same, kArea)), ElementsAre("duplicate"));
}

TEST(Merge, EndsNothingOnWhichWorkHasBegun) {
  DeathReview review = Begun();
  DeathReview duplicate = Begun();
  duplicate.set_name("boroughs/testborough/deathReviews/r2");
  *duplicate.mutable_accept_time() = TimeToProto(kCoordinator.now);
  EXPECT_EQ(BrokenRule(Merge(review, duplicate, kArea)), "never_taken_on");
}

TEST(HandOver, IsToAnotherArea) {
  DeathReview review = Begun();
  EXPECT_THAT(
      Violations(HandOver(review, Parse<pb::HandOverDeathReviewRequest>("area: 'E09000016'"), kArea,
                          kCoordinator.now)),
      ElementsAre("area"));
}

TEST(RecordNational, IsOnceAndNotBeforeTheFirstNotification) {
  DeathReview review = Begun();
  auto request = Parse<pb::RecordNationalNotificationRequest>("reference: 'N-1'");
  *request.mutable_notice_time() = TimeToProto(kCoordinator.now - absl::Hours(1));
  EXPECT_THAT(Violations(RecordNational(review, request, kCoordinator.now)),
              ElementsAre("notice_time"));
  request.clear_notice_time();
  ASSERT_TRUE(RecordNational(review, request, kCoordinator.now).ok());
  EXPECT_EQ(BrokenRule(RecordNational(review, request, kCoordinator.now)),
            "one_national_notification");
}

TEST(ClearForList, LeavesNamesAndDays) {
  DeathReview review = Begun("circumstances: 'x' parents: 'y' nhs_number: '9990000018'");
  ClearForList(review);
  EXPECT_EQ(review.particulars().family_name(), "Beispiel");
  EXPECT_TRUE(review.particulars().has_birth_date());
  EXPECT_EQ(review.particulars().circumstances() + review.particulars().parents(), "");
}

}  // namespace
}  // namespace lscp::child_death_reviews
