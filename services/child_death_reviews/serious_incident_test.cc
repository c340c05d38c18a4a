#include "child_death_reviews/serious_incident.h"

#include "child_death_reviews/practice_review.h"
#include "child_death_reviews/testing/incidents.h"
#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::ExpectEveryStateAndVerb;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::LondonTime;
using lscp::testing::Violations;
using pb::SeriousIncident;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Step kLead = {"l.lead", "testcouncil", LondonTime(2025, 3, 10, 10)};

// Of 3 March 2025, aware on 4 March, with what every later step needs.
SeriousIncident In(SeriousIncident::State state) {
  auto incident = ParseText<SeriousIncident>(
      "name: 'boroughs/testborough/seriousIncidents/s1' kind: INCIDENT_KIND_DEATH "
      "place: INCIDENT_PLACE_IN_AREA "
      "incident_date { year: 2025 month: 3 day: 3 } aware_date { year: 2025 month: 3 day: 4 } "
      "notify_date { year: 2025 month: 3 day: 5 } "
      "rapid_review { complete_date { year: 2025 month: 3 day: 6 } } "
      "decision { type: REVIEW_TYPE_LEARNING_REVIEW "
      "  decide_date { year: 2025 month: 3 day: 7 } } "
      "report { report_date { year: 2025 month: 3 day: 8 } }");
  *incident.mutable_notification_criteria() = Notification("11100");
  incident.set_state(state);
  return incident;
}

absl::Status CorrectIt(SeriousIncident& incident, int aware_day = 4) {
  auto request = ParseText<pb::CorrectSeriousIncidentRequest>(
      "kind: INCIDENT_KIND_DEATH incident_date { year: 2025 month: 3 day: 3 }");
  *request.mutable_aware_date() = DateToProto(absl::CivilDay(2025, 3, aware_day));
  return Correct(incident, request);
}
absl::Status NotifyIt(SeriousIncident& incident, const std::string& met = "11100",
                      const std::string& fields = "") {
  auto request = ParseText<pb::NotifyNationalPanelRequest>(fields);
  *request.mutable_criteria() = Notification(met);
  return NotifyPanel(incident, request, kLead.now);
}
absl::Status RuleOutIt(SeriousIncident& incident, const std::string& met) {
  pb::RuleOutNotificationRequest request;
  *request.mutable_criteria() = Notification(met);
  return RuleOut(incident, request);
}
absl::Status CompleteIt(SeriousIncident& incident, const std::string& fields = kPartnersAll,
                        int day = 6) {
  auto request = ParseText<pb::CompleteRapidReviewRequest>("rapid_review { " + fields + " }");
  *request.mutable_rapid_review()->mutable_complete_date() =
      DateToProto(absl::CivilDay(2025, 3, day));
  return CompleteRapid(incident, request);
}
absl::Status DecideIt(SeriousIncident& incident, const std::string& type) {
  auto request = ParseText<pb::DecideReviewRequest>("type: REVIEW_TYPE_" + type);
  *request.mutable_criteria() = Criteria("00000000");
  return Decide(incident, request, kLead);
}
absl::Status AgreeIt(SeriousIncident& incident, const std::string& extent) {
  return AgreePublication(incident, ParseText<pb::AgreePublicationRequest>(
                                        "agreement { reason: 'x' extent: PUBLICATION_EXTENT_" +
                                        extent + " " + Agreements(2025, 3, 8) + " }"));
}

TEST(SeriousIncidentStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(SeriousIncident&)>> verbs = {
      {"CorrectSeriousIncident", [](SeriousIncident& i) { return CorrectIt(i); }},
      {"NotifyNationalPanel", [](SeriousIncident& i) { return NotifyIt(i); }},
      {"RuleOutNotification",
       [](SeriousIncident& i) {
         i.set_kind(pb::INCIDENT_KIND_OTHER);
         return RuleOutIt(i, "00100");
       }},
      {"CompleteRapidReview", [](SeriousIncident& i) { return CompleteIt(i); }},
      {"DecideReview held", [](SeriousIncident& i) { return DecideIt(i, "LEARNING_REVIEW"); }},
      {"DecideReview not held", [](SeriousIncident& i) { return DecideIt(i, "UNSPECIFIED"); }},
      {"ScopeReview",
       [](SeriousIncident& i) {
         return Scope(i, ParseText<pb::ScopeReviewRequest>(
                             "scope { from_date { year: 2025 month: 1 day: 1 } "
                             "to_date { year: 2025 month: 1 day: 1 } }"));
       }},
      {"RequestChronologies",
       [](SeriousIncident& i) { return TakeIncidentStep(i, "RequestChronologies"); }},
      {"ChaseChronologies",
       [](SeriousIncident& i) { return TakeIncidentStep(i, "ChaseChronologies"); }},
      {"RecordReport",
       [](SeriousIncident& i) {
         return RecordReport(i,
                             ParseText<pb::RecordReportRequest>(
                                 "report { report_date { year: 2025 month: 3 day: 8 } }"),
                             false);
       }},
      {"AgreePublication", [](SeriousIncident& i) { return AgreeIt(i, "REPORT"); }},
      {"AgreePublication of nothing", [](SeriousIncident& i) { return AgreeIt(i, "NOTHING"); }},
      {"PublishReview",
       [](SeriousIncident& i) {
         return Publish(i, ParseText<pb::PublishReviewRequest>(
                               "publication { publish_date { year: 2025 month: 3 day: 9 } }"));
       }},
      {"CloseSeriousIncident",
       [](SeriousIncident& i) {
         *i.mutable_notification_criteria() = Notification("00010");
         return Close(i, {}, 0);
       }},
  };
  ExpectEveryStateAndVerb(kSeriousIncidentTransitions, "RecordSeriousIncident", verbs, In);
}

TEST(SeriousIncidentStates, AreInTheReadme) {
  EXPECT_TRUE(IsWhole(kSeriousIncidentTransitions));
  EXPECT_TRUE(
      FileHolds(LSCP_CHILD_DEATH_REVIEWS_README, MarkdownTable(kSeriousIncidentTransitions)));
}

TEST(Record, IsOfWhatHadHappenedWhenTheAuthorityBecameAware) {
  const auto record = [](const std::string& fields) {
    return Record(ParseText<pb::RecordSeriousIncidentRequest>(
                      "incident_date { year: 2025 month: 3 day: 3 } " + fields),
                  kLead);
  };
  EXPECT_THAT(Violations(record("aware_date { year: 2025 month: 3 day: 2 }").status()),
              ElementsAre("aware_date"));
  const std::string aware = "aware_date { year: 2025 month: 3 day: 3 } ";
  EXPECT_EQ(record(aware)->lead(), "l.lead");
  const std::string linked = aware + "death_review: 'boroughs/testborough/deathReviews/r1' ";
  EXPECT_THAT(Violations(record(linked + "kind: INCIDENT_KIND_SERIOUS_HARM").status()),
              ElementsAre("death_review"));
  EXPECT_TRUE(record(linked + "kind: INCIDENT_KIND_DEATH_IN_CARE").ok());
}

TEST(Correct, LeavesTheNotificationAfterTheAuthorityWasAware) {
  SeriousIncident incident = In(SeriousIncident::STATE_NOTIFIED);
  EXPECT_THAT(Violations(CorrectIt(incident, 6)), ElementsAre("aware_date"));
  incident = In(SeriousIncident::STATE_NOTIFIED);
  EXPECT_TRUE(CorrectIt(incident, 5).ok());
}

TEST(Correct, LeavesWhatWasDecidedByTheFacts) {
  const auto harm = ParseText<pb::CorrectSeriousIncidentRequest>(
      "kind: INCIDENT_KIND_SERIOUS_HARM place: INCIDENT_PLACE_IN_AREA "
      "incident_date { year: 2025 month: 3 day: 3 } aware_date { year: 2025 month: 3 day: 4 }");
  SeriousIncident incident = In(SeriousIncident::STATE_NOTIFIED);
  EXPECT_TRUE(Correct(incident, harm).ok());
  *incident.mutable_notification_criteria() = Notification("11110");
  EXPECT_THAT(Violations(Correct(incident, harm)), ElementsAre("kind"));
  incident = In(SeriousIncident::STATE_RECORDED);
  incident.clear_notify_date();
  incident.set_death_review("boroughs/testborough/deathReviews/r1");
  EXPECT_THAT(Violations(Correct(incident, harm)), ElementsAre("kind"));
}

struct NotifiableCase {
  const char* kind;
  const char* place;
  const char* met;  // a digit for each criterion, in their order
  const char* fault;
};

class Notifiable : public ::testing::TestWithParam<NotifiableCase> {};

TEST_P(Notifiable, IsWhatTheCriteriaSay) {
  const auto& [kind, place, met, fault] = GetParam();
  SeriousIncident incident = In(SeriousIncident::STATE_RECORDED);
  auto kind_value = pb::INCIDENT_KIND_UNSPECIFIED;
  auto place_value = pb::INCIDENT_PLACE_UNSPECIFIED;
  ASSERT_TRUE(pb::IncidentKind_Parse(std::string("INCIDENT_KIND_") + kind, &kind_value));
  ASSERT_TRUE(pb::IncidentPlace_Parse(std::string("INCIDENT_PLACE_") + place, &place_value));
  incident.set_kind(kind_value);
  incident.set_place(place_value);
  SeriousIncident ruled_out = incident;
  const absl::Status notified = NotifyIt(incident, met);
  const absl::Status out = RuleOutIt(ruled_out, met);
  const std::string said = fault;
  if (said.find('[') != std::string::npos) {
    EXPECT_THAT(Violations(notified), ElementsAre(said));
    EXPECT_THAT(Violations(out), ElementsAre(said));
  } else {
    EXPECT_EQ(BrokenRule(notified), said);
    EXPECT_EQ(BrokenRule(out), said.empty() ? "not_notifiable" : "");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Criteria, Notifiable,
    ::testing::Values(NotifiableCase{"DEATH", "IN_AREA", "11100", ""},
                      NotifiableCase{"DEATH", "OUTSIDE_ENGLAND", "11100", ""},
                      NotifiableCase{"SERIOUS_HARM", "IN_AREA", "11100", ""},
                      NotifiableCase{"DEATH", "ELSEWHERE", "11000", "notifiable"},
                      NotifiableCase{"DEATH", "ELSEWHERE", "11010", ""},
                      NotifiableCase{"DEATH_IN_CARE", "IN_AREA", "01110", ""},
                      NotifiableCase{"DEATH_OF_CARE_LEAVER", "IN_AREA", "01101", ""},
                      NotifiableCase{"OTHER", "IN_AREA", "10100", "notifiable"},
                      NotifiableCase{"OTHER", "IN_AREA", "01100", "notifiable"},
                      NotifiableCase{"OTHER", "IN_AREA", "11100", ""},
                      NotifiableCase{"DEATH", "IN_AREA", "01100", "criteria[0].met"},
                      NotifiableCase{"SERIOUS_HARM", "IN_AREA", "10100", "criteria[1].met"},
                      NotifiableCase{"DEATH", "ELSEWHERE", "11100", "criteria[2].met"},
                      NotifiableCase{"SERIOUS_HARM", "IN_AREA", "11110", "criteria[3].met"},
                      NotifiableCase{"DEATH_OF_CARE_LEAVER", "IN_AREA", "01100",
                                     "criteria[4].met"}));

TEST(NotifyPanel, NamesEveryCriterionOnceAndADayOnWhichTheAuthorityWasAware) {
  SeriousIncident incident = In(SeriousIncident::STATE_RECORDED);
  EXPECT_THAT(Violations(NotifyIt(incident, "1110")), ElementsAre("criteria"));
  incident = In(SeriousIncident::STATE_RECORDED);
  EXPECT_THAT(Violations(NotifyIt(incident, "11100", "notify_date { year: 2025 month: 3 day: 3 }")),
              ElementsAre("notify_date"));
  incident = In(SeriousIncident::STATE_RECORDED);
  ASSERT_TRUE(NotifyIt(incident).ok());
  EXPECT_EQ(*ProtoToDate(incident.notify_date()), absl::CivilDay(2025, 3, 10));
}

TEST(NeedsRapidReview, IsNotForDeathsInCareWithoutAbuse) {
  SeriousIncident incident = In(SeriousIncident::STATE_NOTIFIED);
  EXPECT_TRUE(NeedsRapidReview(incident));
  *incident.mutable_notification_criteria() = Notification("01110");
  EXPECT_FALSE(NeedsRapidReview(incident));
}

TEST(CompleteRapid, IsOfTheThreePartnersOrSaysWhyNot) {
  SeriousIncident incident = In(SeriousIncident::STATE_NOTIFIED);
  const std::string two =
      "participants { partner: SAFEGUARDING_PARTNER_LOCAL_AUTHORITY took_part: true } "
      "participants { partner: SAFEGUARDING_PARTNER_POLICE informed: true } "
      "participants { partner: SAFEGUARDING_PARTNER_HEALTH } ";
  EXPECT_EQ(BrokenRule(CompleteIt(incident, two)), "partners_take_part");
  incident = In(SeriousIncident::STATE_NOTIFIED);
  EXPECT_TRUE(CompleteIt(incident, two + "absence_reason: 'x'").ok());
  incident = In(SeriousIncident::STATE_NOTIFIED);
  EXPECT_THAT(Violations(CompleteIt(incident, kPartnersAll, 4)),
              ElementsAre("rapid_review.complete_date"));
}

TEST(RecordAdvice, FollowsTheRapidReview) {
  const auto request = ParseText<pb::RecordPanelAdviceRequest>(
      "panel_advice { advice_date { year: 2025 month: 3 day: 5 } }");
  SeriousIncident incident = In(SeriousIncident::STATE_RAPID_REVIEWED);
  EXPECT_THAT(Violations(RecordAdvice(incident, request)), ElementsAre("panel_advice.advice_date"));
  incident.clear_rapid_review();
  EXPECT_EQ(BrokenRule(RecordAdvice(incident, request)), "rapid_review_completed");
}

TEST(LinkDeath, IsOfOneDeath) {
  SeriousIncident incident = In(SeriousIncident::STATE_CLOSED);
  ASSERT_TRUE(LinkDeath(incident, "boroughs/testborough/deathReviews/r1").ok());
  EXPECT_EQ(BrokenRule(LinkDeath(incident, "x")), "one_death_review");
  incident = In(SeriousIncident::STATE_RECORDED);
  incident.set_kind(pb::INCIDENT_KIND_SERIOUS_HARM);
  EXPECT_EQ(BrokenRule(LinkDeath(incident, "x")), "incident_is_death");
}

TEST(Close, NeedsTheRapidReviewAndTheRecommendations) {
  SeriousIncident incident = In(SeriousIncident::STATE_NOTIFIED);
  EXPECT_EQ(BrokenRule(Close(incident, {}, 0)), "rapid_review_held");
  incident = In(SeriousIncident::STATE_PUBLISHED);
  EXPECT_EQ(BrokenRule(Close(incident, {}, 1)), "recommendations_closed");
  incident = In(SeriousIncident::STATE_PUBLISHED);
  EXPECT_TRUE(Close(incident, {}, 0).ok());
}

TEST(ClearForList, LeavesNoDecisionWhereThereIsNone) {
  SeriousIncident incident = In(SeriousIncident::STATE_NOTIFIED);
  ClearForList(incident);
  EXPECT_TRUE(incident.has_decision());
  EXPECT_THAT(incident.notification_criteria(), IsEmpty());
  incident.clear_decision();
  ClearForList(incident);
  EXPECT_FALSE(incident.has_decision());
}

struct DueCase {
  absl::CivilDay aware;
  absl::CivilDay notification;
  absl::CivilDay rapid_review;
};

class IncidentDue : public ::testing::TestWithParam<DueCase> {};

TEST_P(IncidentDue, IsWorkingDaysAfterTheAuthorityBecameAware) {
  EXPECT_EQ(DueDay(IncidentNotificationRule(), GetParam().aware), GetParam().notification);
  EXPECT_EQ(DueDay(RapidReviewRule(), GetParam().aware), GetParam().rapid_review);
}

INSTANTIATE_TEST_SUITE_P(
    Days, IncidentDue,
    ::testing::Values(DueCase{absl::CivilDay(2025, 3, 3), absl::CivilDay(2025, 3, 10),
                              absl::CivilDay(2025, 3, 24)},
                      DueCase{absl::CivilDay(2025, 3, 8), absl::CivilDay(2025, 3, 14),
                              absl::CivilDay(2025, 3, 28)},  // a Saturday
                      DueCase{absl::CivilDay(2025, 4, 16), absl::CivilDay(2025, 4, 25),
                              absl::CivilDay(2025, 5, 12)},  // Easter, early May
                      DueCase{absl::CivilDay(2025, 12, 22), absl::CivilDay(2025, 12, 31),
                              absl::CivilDay(2026, 1, 15)},  // Christmas, New Year
                      DueCase{absl::CivilDay(2023, 5, 3), absl::CivilDay(2023, 5, 11),
                              absl::CivilDay(2023, 5, 25)},  // a coronation
                      DueCase{absl::CivilDay(2024, 2, 26), absl::CivilDay(2024, 3, 4),
                              absl::CivilDay(2024, 3, 18)}));  // a leap day

}  // namespace
}  // namespace lscp::child_death_reviews
