#include "children_in_care/indicators.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "children_in_care/care_review_service.h"
#include "children_in_care/care_visit_service.h"
#include "children_in_care/health_assessment_service.h"
#include "children_in_care/health_record_service.h"
#include "children_in_care/testing/fixture.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "gmock/gmock.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;

TEST(IndicatorDefinitions, SayEverything) {
  std::set<std::string> ids;
  for (const IndicatorQuery& query : Indicators()) {
    const auto& definition = query.definition;
    EXPECT_TRUE(ids.insert(definition.id()).second) << definition.id();
    for (const std::string& text :
         {definition.title(), definition.cohort(), definition.numerator(), definition.source()}) {
      EXPECT_FALSE(text.empty()) << definition.id();
    }
    EXPECT_EQ(definition.denominator().empty(),
              definition.unit() == safeguarding::indicators::v1::IndicatorDefinition::UNIT_COUNT)
        << definition.id();
  }
}

// Two children who came into care on 3 February 2025; it is 3 March, the day on which the initial
// health assessment and the first review of both are due. Their first visits were due on 10
// February.
class IndicatorsTest : public Fixture {
 protected:
  IndicatorsTest() {
    InCare(Child("k1"));
    InCare(Child("k2"));
  }

  // Of March 2025, or of another span.
  safeguarding::indicators::v1::Indicator Of(const std::string& id,
                                             CivilDay first = CivilDay(2025, 3, 1),
                                             CivilDay last = CivilDay(2025, 3, 31)) {
    for (const IndicatorQuery& query : Indicators()) {
      if (query.definition.id() != id) continue;
      const auto computed = Compute(harness_.Database(), query,
                                    {"barnet", first, last, StartOfDay(first), EndOfDay(last)});
      EXPECT_TRUE(computed.ok()) << computed.status();
      if (computed.ok()) return *computed;
    }
    ADD_FAILURE() << id;
    return {};
  }
  std::string Figure(const std::string& id) {
    const auto indicator = Of(id);
    return absl::StrCat(indicator.total().numerator(), "/", indicator.total().denominator());
  }
};

TEST_F(IndicatorsTest, InitialAssessmentsInTimeLateAndNotRecordedAreToldApart) {
  HealthRecords records;
  HealthAssessments assessments;
  const auto listed =
      harness_.Run(records, &HealthRecords::List,
                   Parse<pb::ListHealthRecordsRequest>("parent: 'boroughs/barnet'"));
  ASSERT_TRUE(listed.ok() && listed->health_records_size() == 2);
  const auto told = harness_.Run(
      assessments, &HealthAssessments::Record,
      Fixture::Of<pb::RecordHealthAssessmentRequest>(
          listed->health_records(0),
          "kind: ASSESSMENT_KIND_INITIAL consent { given_by: CONSENTER_PARENT consent_date { year: "
          "2025 month: 3 day: 3 } } result { assessment_date { year: 2025 month: 3 day: 3 } "
          "practitioner: PRACTITIONER_DOCTOR findings: 'x' health_plan: 'x' }"));
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(Figure("initial_health_assessments_in_time"), "1/2");
  EXPECT_EQ(Figure("review_health_assessments_in_time"), "0/0");
}

TEST_F(IndicatorsTest, ReviewsInTimeAndThoseInWhichTheChildTookPart) {
  CareReviews reviews;
  const auto listed = harness_.Run(reviews, &CareReviews::List,
                                   Parse<pb::ListCareReviewsRequest>("parent: 'boroughs/barnet'"));
  ASSERT_TRUE(listed.ok() && listed->care_reviews_size() == 2);
  int day = 3;
  for (const char* participation : {"SPOKE", "ABSENT"}) {
    const auto held = harness_.Run(
        reviews, &CareReviews::Hold,
        Fixture::Of<pb::HoldReviewRequest>(
            listed->care_reviews(day - 3),
            absl::StrCat("hold_date { year: 2025 month: 3 day: ", day,
                         " } reviewing_officer: 'o.officer' participation: PARTICIPATION_",
                         participation,
                         " decisions { text: 'x' owner: 'o' due_date { year: 2025 month: 5 day: 1 "
                         "} }")));
    ASSERT_TRUE(held.ok()) << held.status();
    harness_.clock.Advance(absl::Hours(24));
    ++day;
  }
  EXPECT_EQ(Figure("care_reviews_in_time"), "1/2");
  EXPECT_EQ(Figure("care_reviews_with_the_child"), "1/2");
}

TEST_F(IndicatorsTest, VisitsInTimeAndThoseOnWhichTheChildWasSeenAlone) {
  CareVisits visits;
  const auto listed =
      harness_.Run(visits, &CareVisits::ListSchedules,
                   Parse<pb::ListVisitSchedulesRequest>("parent: 'boroughs/barnet'"));
  ASSERT_TRUE(listed.ok() && listed->visit_schedules_size() == 2);
  const auto visit = [&](int which, int february, const std::string& account) {
    auto request = Fixture::Of<pb::RecordCareVisitRequest>(listed->visit_schedules(which), account);
    *request.mutable_visit_time() =
        TimeToProto(StartOfDay(CivilDay(2025, 2, february)) + absl::Hours(12));
    const auto recorded = harness_.Run(visits, &CareVisits::Record, request);
    EXPECT_TRUE(recorded.ok()) << recorded.status();
  };
  visit(0, 7, "child_seen: true seen_alone: true");
  visit(1, 11, "child_seen: true not_alone_reason: NOT_ALONE_REASON_CHILD_REFUSED");
  const auto in_time = Of("care_visits_in_time", CivilDay(2025, 2, 1), CivilDay(2025, 2, 28));
  EXPECT_EQ(in_time.total().numerator(), 1);
  EXPECT_EQ(in_time.total().denominator(), 2);
  const auto alone = Of("care_visits_seen_alone", CivilDay(2025, 2, 1), CivilDay(2025, 2, 28));
  EXPECT_EQ(alone.total().numerator(), 1);
  EXPECT_EQ(alone.total().denominator(), 2);
}

}  // namespace
}  // namespace lscp::children_in_care
