#include "child_death_reviews/practice_review.h"

#include "child_death_reviews/testing/incidents.h"
#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::LondonTime;
using lscp::testing::Violations;
using pb::SeriousIncident;
using ::testing::ElementsAre;
using ::testing::SizeIs;

const Step kLead = {"l.lead", "testcouncil", LondonTime(2025, 3, 24, 10)};

SeriousIncident In(SeriousIncident::State state, pb::IncidentKind kind = pb::INCIDENT_KIND_DEATH) {
  auto incident = ParseText<SeriousIncident>(
      "name: 'boroughs/testborough/seriousIncidents/s1' place: INCIDENT_PLACE_IN_AREA "
      "aware_date { year: 2006 month: 1 day: 4 } "
      "rapid_review { complete_date { year: 2006 month: 1 day: 5 } } "
      "decision { type: REVIEW_TYPE_LOCAL_CHILD_SAFEGUARDING_PRACTICE_REVIEW "
      "  decide_date { year: 2025 month: 1 day: 31 } } "
      "report { report_date { year: 2025 month: 6 day: 2 } }");
  *incident.mutable_notification_criteria() = Notification("11100");
  incident.set_kind(kind);
  incident.set_state(state);
  return incident;
}

TEST(ReviewTypes, HaveARuleEachWithASource) {
  for (int type = 1; type < pb::ReviewType_descriptor()->value_count(); ++type) {
    const ReviewTypeRule* rule = RuleOfType(static_cast<pb::ReviewType>(type));
    ASSERT_NE(rule, nullptr) << type;
    EXPECT_NE(std::string(rule->source), "");
  }
  EXPECT_EQ(RuleOfType(pb::REVIEW_TYPE_UNSPECIFIED), nullptr);
}

struct DatedCase {
  pb::ReviewType type;
  absl::CivilDay day;
  bool possible;
};

class DatedType : public ::testing::TestWithParam<DatedCase> {};

TEST_P(DatedType, WasPossibleOnItsDaysOnly) {
  EXPECT_EQ(PossibleOn(GetParam().type, GetParam().day), GetParam().possible);
}

INSTANTIATE_TEST_SUITE_P(
    Days, DatedType,
    ::testing::Values(
        DatedCase{pb::REVIEW_TYPE_SERIOUS_CASE_REVIEW, absl::CivilDay(2006, 3, 31), false},
        DatedCase{pb::REVIEW_TYPE_SERIOUS_CASE_REVIEW, absl::CivilDay(2006, 4, 1), true},
        DatedCase{pb::REVIEW_TYPE_SERIOUS_CASE_REVIEW, absl::CivilDay(2019, 9, 28), true},
        DatedCase{pb::REVIEW_TYPE_SERIOUS_CASE_REVIEW, absl::CivilDay(2019, 9, 29), false},
        DatedCase{pb::REVIEW_TYPE_LOCAL_CHILD_SAFEGUARDING_PRACTICE_REVIEW,
                  absl::CivilDay(2018, 6, 28), false},
        DatedCase{pb::REVIEW_TYPE_LOCAL_CHILD_SAFEGUARDING_PRACTICE_REVIEW,
                  absl::CivilDay(2018, 6, 29), true},
        DatedCase{pb::REVIEW_TYPE_LOCAL_CHILD_SAFEGUARDING_PRACTICE_REVIEW,
                  absl::CivilDay(2031, 1, 1), true},
        DatedCase{pb::REVIEW_TYPE_LEARNING_REVIEW, absl::CivilDay(2013, 3, 20), false},
        DatedCase{pb::REVIEW_TYPE_LEARNING_REVIEW, absl::CivilDay(2013, 3, 21), true},
        DatedCase{pb::REVIEW_TYPE_PRACTICE_LEARNING_REVIEW, absl::CivilDay(2018, 6, 28), false},
        DatedCase{pb::REVIEW_TYPE_PRACTICE_LEARNING_REVIEW, absl::CivilDay(2019, 11, 1), true},
        DatedCase{pb::REVIEW_TYPE_UNSPECIFIED, absl::CivilDay(2020, 1, 1), false}));

absl::Status DecideIt(SeriousIncident& incident, const std::string& type, const std::string& met,
                      absl::CivilDay day = absl::CivilDay(2025, 3, 24)) {
  auto request = ParseText<pb::DecideReviewRequest>("rationale: 'x' type: REVIEW_TYPE_" + type);
  *request.mutable_criteria() = Criteria(met);
  *request.mutable_decide_date() = DateToProto(day);
  return Decide(incident, request, kLead);
}

struct HeldCase {
  pb::IncidentKind kind;
  const char* type;
  const char* met;
  bool held;
};

class Held : public ::testing::TestWithParam<HeldCase> {};

TEST_P(Held, IsAReviewWhoseCriteriaAreMet) {
  const auto& [kind, type, met, held] = GetParam();
  SeriousIncident incident = In(SeriousIncident::STATE_RAPID_REVIEWED, kind);
  if (kind == pb::INCIDENT_KIND_DEATH_IN_CARE) {
    *incident.mutable_notification_criteria() = Notification("01110");
  }
  const bool past = std::string(type) == "SERIOUS_CASE_REVIEW";
  const absl::Status decided = DecideIt(
      incident, type, met, past ? absl::CivilDay(2012, 5, 1) : absl::CivilDay(2025, 3, 24));
  EXPECT_EQ(decided.ok(), held) << decided;
  EXPECT_EQ(BrokenRule(decided), held ? "" : "review_criteria");
}

constexpr char kLocal[] = "LOCAL_CHILD_SAFEGUARDING_PRACTICE_REVIEW";

INSTANTIATE_TEST_SUITE_P(
    Criteria, Held,
    ::testing::Values(
        HeldCase{pb::INCIDENT_KIND_DEATH, kLocal, "10000000", true},
        HeldCase{pb::INCIDENT_KIND_SERIOUS_HARM, kLocal, "00000001", true},
        HeldCase{pb::INCIDENT_KIND_DEATH, kLocal, "00000000", false},
        HeldCase{pb::INCIDENT_KIND_DEATH_IN_CARE, kLocal, "10000000", false},
        HeldCase{pb::INCIDENT_KIND_DEATH_IN_CARE, "PRACTICE_LEARNING_REVIEW", "00000000", true},
        HeldCase{pb::INCIDENT_KIND_DEATH, "LEARNING_REVIEW", "00000000", true},
        HeldCase{pb::INCIDENT_KIND_DEATH, "SERIOUS_CASE_REVIEW", "00000000", true},
        HeldCase{pb::INCIDENT_KIND_SERIOUS_HARM, "SERIOUS_CASE_REVIEW", "00100000", true},
        HeldCase{pb::INCIDENT_KIND_SERIOUS_HARM, "SERIOUS_CASE_REVIEW", "11011111", false},
        HeldCase{pb::INCIDENT_KIND_DEATH_IN_CARE, "SERIOUS_CASE_REVIEW", "00100000", false}));

TEST(Decide, IsWrongInTheFieldThatIsNamed) {
  const auto decide = [](const std::string& type, const std::string& met, absl::CivilDay day) {
    SeriousIncident incident = In(SeriousIncident::STATE_RAPID_REVIEWED);
    return Violations(DecideIt(incident, type, met, day));
  };
  const absl::CivilDay today(2025, 3, 24);
  EXPECT_THAT(decide(kLocal, "1000000", today), ElementsAre("criteria"));
  EXPECT_THAT(decide("SERIOUS_CASE_REVIEW", "11111111", today), ElementsAre("type"));
  EXPECT_THAT(decide("UNSPECIFIED", "11111111", absl::CivilDay(2006, 1, 4)),
              ElementsAre("decide_date"));
}

TEST(Decide, AgainstAReviewNeedsNoCriterionAndIsKeptWhenItChanges) {
  SeriousIncident incident = In(SeriousIncident::STATE_RAPID_REVIEWED);
  incident.clear_decision();
  ASSERT_TRUE(DecideIt(incident, "UNSPECIFIED", "11111111").ok());
  EXPECT_EQ(incident.state(), SeriousIncident::STATE_NO_REVIEW);
  ASSERT_TRUE(DecideIt(incident, kLocal, "11111111").ok());
  EXPECT_EQ(incident.state(), SeriousIncident::STATE_COMMISSIONED);
  ASSERT_THAT(incident.earlier_decisions(), SizeIs(1));
  EXPECT_EQ(incident.earlier_decisions(0).type(), pb::REVIEW_TYPE_UNSPECIFIED);
  EXPECT_EQ(incident.decision().decided_by(), "l.lead");
}

TEST(Scope, EndsAfterItBegins) {
  SeriousIncident incident = In(SeriousIncident::STATE_COMMISSIONED);
  EXPECT_THAT(Violations(Scope(incident, ParseText<pb::ScopeReviewRequest>(
                                             "scope { from_date { year: 2024 month: 1 day: 2 } "
                                             "to_date { year: 2024 month: 1 day: 1 } }"))),
              ElementsAre("scope.to_date"));
}

TEST(RecordReport, WaitsForTheChronologies) {
  const auto report = [](int day, bool owed) {
    SeriousIncident incident = In(SeriousIncident::STATE_SCOPED);
    pb::RecordReportRequest request;
    *request.mutable_report()->mutable_report_date() = DateToProto(absl::CivilDay(2025, 1, day));
    return RecordReport(incident, request, owed);
  };
  EXPECT_EQ(BrokenRule(report(31, true)), "chronologies_returned");
  EXPECT_THAT(Violations(report(30, false)), ElementsAre("report.report_date"));
  EXPECT_TRUE(report(31, false).ok());
}

absl::Status AgreeIt(const std::string& fields) {
  SeriousIncident incident = In(SeriousIncident::STATE_REPORTED);
  return AgreePublication(incident,
                          ParseText<pb::AgreePublicationRequest>("agreement { " + fields + " }"));
}

TEST(AgreePublication, IsOfTheReportUnlessThePartnersSayWhyNot) {
  const std::string all = Agreements(2025, 6, 3);
  EXPECT_TRUE(AgreeIt("extent: PUBLICATION_EXTENT_REPORT " + all).ok());
  for (const std::string extent : {"IMPROVEMENTS", "NOTHING"}) {
    EXPECT_THAT(Violations(AgreeIt("extent: PUBLICATION_EXTENT_" + extent + " " + all)),
                ElementsAre("agreement.reason"));
    EXPECT_TRUE(AgreeIt("reason: 'x' extent: PUBLICATION_EXTENT_" + extent + " " + all).ok());
  }
}

TEST(AgreePublication, IsOfThreePartnersOnceEachAfterTheReport) {
  const std::string report = "extent: PUBLICATION_EXTENT_REPORT ";
  const std::string all = Agreements(2025, 6, 2);
  const std::string police =
      "partners { partner: SAFEGUARDING_PARTNER_POLICE agree_date { year: 2025 month: 6 day: 2 } }";
  EXPECT_EQ(BrokenRule(AgreeIt(report + police)), "partners_agree");
  EXPECT_THAT(Violations(AgreeIt(report + all + police)),
              ElementsAre("agreement.partners[3].partner"));
  EXPECT_THAT(Violations(AgreeIt(report + Agreements(2025, 6, 1))),
              ElementsAre("agreement.partners[0].agree_date", "agreement.partners[1].agree_date",
                          "agreement.partners[2].agree_date"));
}

struct PublishCase {
  const char* type;
  absl::CivilDay sent;  // 1970: not at all
  absl::CivilDay published;
  const char* delay;
  const char* rule;
};

class Published : public ::testing::TestWithParam<PublishCase> {};

// Decided on 31 January 2025: due on 31 July.
TEST_P(Published, InTimeAndSevenWorkingDaysAfterThePanelWasSentIt) {
  const auto& [type, sent, published, delay, rule] = GetParam();
  SeriousIncident incident = In(SeriousIncident::STATE_AGREED);
  auto value = pb::REVIEW_TYPE_UNSPECIFIED;
  ASSERT_TRUE(pb::ReviewType_Parse(std::string("REVIEW_TYPE_") + type, &value));
  incident.mutable_decision()->set_type(value);
  pb::PublishReviewRequest request;
  pb::Publication& publication = *request.mutable_publication();
  *publication.mutable_publish_date() = DateToProto(published);
  if (sent.year() > 1970) *publication.mutable_send_date() = DateToProto(sent);
  publication.set_delay_reason(delay);
  const absl::Status status = Publish(incident, request);
  EXPECT_EQ(BrokenRule(status), rule);
  EXPECT_EQ(status.ok(), std::string(rule).empty()) << status;
}

INSTANTIATE_TEST_SUITE_P(
    Days, Published,
    ::testing::Values(
        PublishCase{kLocal, absl::CivilDay(2025, 7, 22), absl::CivilDay(2025, 7, 31), "", ""},
        PublishCase{kLocal, absl::CivilDay(2025, 7, 23), absl::CivilDay(2025, 7, 31), "",
                    "sent_before"},
        PublishCase{kLocal, absl::CivilDay(1970, 1, 1), absl::CivilDay(2025, 7, 31), "",
                    "sent_before"},
        PublishCase{kLocal, absl::CivilDay(2025, 7, 1), absl::CivilDay(2025, 8, 1), "",
                    "delay_explained"},
        PublishCase{kLocal, absl::CivilDay(2025, 7, 1), absl::CivilDay(2025, 8, 1), "inquest", ""},
        PublishCase{kLocal, absl::CivilDay(2025, 8, 15), absl::CivilDay(2025, 8, 27), "inquest",
                    ""},  // over a bank holiday
        PublishCase{kLocal, absl::CivilDay(2025, 8, 18), absl::CivilDay(2025, 8, 27), "inquest",
                    "sent_before"},
        PublishCase{"SERIOUS_CASE_REVIEW", absl::CivilDay(1970, 1, 1), absl::CivilDay(2025, 8, 1),
                    "", "delay_explained"},
        PublishCase{"LEARNING_REVIEW", absl::CivilDay(1970, 1, 1), absl::CivilDay(2026, 8, 1), "",
                    ""}));

TEST(Publish, HasItsDaysInOrder) {
  SeriousIncident incident = In(SeriousIncident::STATE_AGREED);
  *incident.mutable_agreement() = ParseText<pb::PublicationAgreement>(Agreements(2025, 6, 10));
  EXPECT_THAT(Violations(Publish(incident, ParseText<pb::PublishReviewRequest>(
                                               "publication { "
                                               "publish_date { year: 2025 month: 6 day: 9 } "
                                               "send_date { year: 2025 month: 6 day: 10 } }"))),
              ElementsAre("publication.publish_date", "publication.send_date"));
}

}  // namespace
}  // namespace lscp::child_death_reviews
