#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "referrals/indicator_sql.h"
#include "referrals/indicators.h"
#include "safeguarding/referrals/v1/assessments_service.pb.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

const char kCohort[] = "Assessments authorised in the period.";
const char kSource[] = "CIN census, assessments; improvement report, assessments page";
const char kAuthorised[] =
    "a.borough = {borough} AND a.authorised_at >= {begin} AND a.authorised_at < {end}";

const std::string kIsFactor = absl::StrCat("f.factor <> ", int{pb::ASSESSMENT_FACTOR_NO_FACTORS});

Part Team() { return {"team", "a.team"}; }
Part Type() { return {"type", NameSql<pb::Assessment::Type>("a.type")}; }
Part Outcome() { return {"outcome", NameSql<pb::AssessmentOutcome>("a.outcome")}; }

// The bands that boroughs report; 45 is the last in time.
Part Duration() {
  return {"working_days",
          "CASE WHEN a.working_days <= 25 THEN '0-25' WHEN a.working_days <= 40 THEN '26-40'"
          " WHEN a.working_days <= 45 THEN '41-45' ELSE '46+' END"};
}

Statement Authorised() {
  return {.id = "assessments_authorised",
          .title = "Assessments authorised",
          .cohort = kCohort,
          .numerator = "Assessments.",
          .reports = {"R6", "Q7", "A1", "A2"},
          .source = kSource,
          .from = "assessments a",
          .where = kAuthorised,
          .parts = {Outcome(), Team(), Type(), Duration()}};
}

// Of the assessments authorised in the period, a share.
Statement Share(const char* id, const char* title, const char* numerator, std::string adds,
                Definition::Polarity polarity, std::vector<Part> parts) {
  return {.id = id,
          .title = title,
          .cohort = kCohort,
          .numerator = numerator,
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = polarity,
          .reports = {"R6", "Q7"},
          .source = kSource,
          .from = "assessments a",
          .where = kAuthorised,
          .adds = std::move(adds),
          .parts = std::move(parts)};
}

Statement In45WorkingDays() {
  Statement statement = Share(
      "assessments_within_45_working_days", "Assessments authorised within 45 working days",
      "Those authorised by the end of the 45th working day after the day on which the referral was "
      "received.",
      "a.working_days <= 45", Definition::POLARITY_HIGHER_IS_BETTER, {Team(), Type(), Outcome()});
  statement.source =
      "Working Together to Safeguard Children, chapter 3; CIN census guide, section 4.9";
  return statement;
}

Statement MeanDuration() {
  Statement statement = Share("assessment_working_days", "Working days of an assessment",
                              "Working days from the referral's receipt to authorisation, summed.",
                              "a.working_days", Definition::POLARITY_LOWER_IS_BETTER, {Team()});
  statement.unit = Definition::UNIT_MEAN;
  return statement;
}

Statement MeanFactors() {
  return {.id = "factors_per_assessment",
          .title = "Factors of an assessment",
          .cohort = "Assessments authorised in the period that found a factor.",
          .numerator = "Factors found.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_MEAN,
          .reports = {"R6", "Q7"},
          .source = "CIN census, factors identified at the end of assessment",
          .from = absl::StrCat("(SELECT a.borough, a.id, a.team, a.authorised_at, COUNT(*) AS n"
                               " FROM assessments a JOIN assessment_factors f"
                               " ON f.borough = a.borough AND f.assessment = a.id WHERE ",
                               kAuthorised, " AND ", kIsFactor, " GROUP BY a.borough, a.id) a"),
          .where = "TRUE",
          .adds = "a.n",
          .parts = {Team()}};
}

Statement OpenOverdue() {
  return {.id = "open_assessments_overdue",
          .title = "Open assessments that are overdue",
          .cohort =
              "Assessments started by the end of the period and then neither authorised nor "
              "cancelled.",
          .numerator = "Those whose 45th working day after the referral had ended.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_LOWER_IS_BETTER,
          .basis = Definition::BASIS_SNAPSHOT,
          .reports = {"R6"},
          .source = kSource,
          .from = "assessments a",
          .where =
              "a.borough = {borough} AND a.started_on <= {last_day} AND "
              "(a.ended_at IS NULL OR a.ended_at >= {end})",
          .adds = "a.due_on <= {last_day}",
          .parts = {Team()}};
}

// Several factors may be found in one assessment, so it is counted in several parts; each part is a
// share of all assessments.
IndicatorQuery WithFactors() {
  IndicatorQuery query = QueryOf(Share(
      "assessments_with_factors", "Assessments that found factors",
      "Those that found a factor; by factor, those that found it.",
      absl::StrCat("EXISTS (SELECT 1 FROM assessment_factors f WHERE f.borough = a.borough AND "
                   "f.assessment = a.id AND ",
                   kIsFactor, ")"),
      Definition::POLARITY_NEUTRAL, {}));
  query.definition.set_source("CIN census, factors identified at the end of assessment");
  query.definition.add_breakdowns("factor");
  query.breakdowns.push_back(
      {"factor",
       absl::StrCat("SELECT ", NameSql<pb::AssessmentFactor>("f.factor"),
                    " AS part, COUNT(*), (SELECT COUNT(*) FROM assessments a WHERE ", kAuthorised,
                    ") FROM assessments a JOIN assessment_factors f ON f.borough = a.borough"
                    " AND f.assessment = a.id WHERE ",
                    kAuthorised, " GROUP BY part ORDER BY part"),
       true});
  return query;
}

}  // namespace

std::vector<IndicatorQuery> AssessmentIndicators() {
  const auto higher = Definition::POLARITY_HIGHER_IS_BETTER;
  const auto neutral = Definition::POLARITY_NEUTRAL;
  return {
      QueryOf(Authorised()),
      QueryOf(In45WorkingDays()),
      QueryOf(MeanDuration()),
      QueryOf(Share("assessments_child_seen", "Children seen during assessment",
                    "Those in which the child was seen.", "a.seen", higher, {Team()})),
      QueryOf(Share("assessments_child_seen_alone", "Children seen alone during assessment",
                    "Those in which the child was seen without parents or carers.", "a.seen_alone",
                    higher, {Team()})),
      QueryOf(Share("assessments_first_of_referral", "First assessments of a referral",
                    "Those before which no other assessment of the referral was started, but for "
                    "cancelled ones.",
                    "a.is_first_of_referral", neutral, {Team()})),
      WithFactors(),
      QueryOf(MeanFactors()),
      QueryOf(Share("assessments_extended", "Assessments with an agreed delay",
                    "Those for which a manager agreed a delay and recorded why.",
                    "a.extensions > 0", neutral, {Team(), Outcome()})),
      QueryOf(OpenOverdue()),
  };
}

}  // namespace lscp::referrals
