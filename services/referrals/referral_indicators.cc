#include "absl/strings/str_cat.h"
#include "referrals/indicator_sql.h"
#include "referrals/indicators.h"
#include "safeguarding/referrals/v1/referrals_service.pb.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

const char kCohort[] = "Referrals received in the period, one for each child.";
const char kReceived[] =
    "r.borough = {borough} AND r.received_at >= {begin} AND r.received_at < {end}";

Part SourceGroup() { return {"source_group", NameSql<pb::ReferralSourceGroup>("r.source_group")}; }
Part Team() { return {"team", "r.team"}; }
Part PrimaryNeed() { return {"primary_need", NameSql<pb::PrimaryNeed>("r.primary_need")}; }

Statement Received() {
  return {.id = "referrals_received",
          .title = "Referrals to children's social care",
          .cohort = kCohort,
          .numerator = "Referrals.",
          .reports = {"R2", "Q1"},
          .source =
              "CIN census, referrals by source and primary need; improvement report, MASH "
              "page (referrals)",
          .from = "referrals r",
          .where = kReceived,
          .parts = {SourceGroup(),
                    {"source", NameSql<pb::ReferralSource>("r.source")},
                    PrimaryNeed(),
                    Team()}};
}

Statement ReReferrals() {
  return {.id = "re_referrals_within_12_months",
          .title = "Re-referrals within 12 months",
          .cohort = kCohort,
          .numerator = "Those received within 12 months of an earlier referral of the same child.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_LOWER_IS_BETTER,
          .reports = {"R2", "Q3"},
          .source = "DfE children's social care dashboard, annex B: re-referrals",
          .from = "referrals r",
          .where = kReceived,
          .adds = "r.re_referral",
          .parts = {SourceGroup(), PrimaryNeed(), Team()}};
}

Statement DecidedInTime() {
  return {.id = "referrals_decided_within_one_working_day",
          .title = "Referrals decided within one working day",
          .cohort =
              "Referrals whose first working day after the day of receipt ended in the "
              "period.",
          .numerator = "Those that social care decided by then, for the first time.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R2"},
          .source =
              "Working Together to Safeguard Children, chapter 3; CIN census guide, section "
              "4.9",
          .from = ClockSql("referrals", "referrals", "r"),
          // A clock that started later is that of a referral that was opened again.
          .where = absl::StrCat("t.borough = {borough} AND t.rule = 'referral_decision' AND "
                                "t.started_at = r.received_at AND ",
                                FallsDueInPeriod("t.due_at")),
          .adds = kClockMet,
          .parts = {SourceGroup(), Team()}};
}

Statement Decisions() {
  return {.id = "referrals_decided",
          .title = "Decisions on referrals",
          .cohort = "Referrals last decided in the period.",
          .numerator = "Referrals.",
          .reports = {"R2"},
          .source = "Working Together to Safeguard Children, chapter 3: type of response",
          .from = "referrals r",
          .where = absl::StrCat("r.borough = {borough} AND ", InPeriod("r.decided_at")),
          .parts = {{"decision", NameSql<pb::ReferralDecision>("r.decision")}, Team()}};
}

// The estimates of the settings as a table of borough, year and number.
std::string PopulationSql(const Settings& settings, const std::vector<std::string>& boroughs) {
  std::string sql = "SELECT '' AS borough, 0 AS year, 0 AS under_18";
  for (const std::string& borough : boroughs) {
    for (const pb::ChildPopulation& estimate : settings.Of(borough).populations()) {
      absl::StrAppend(&sql, " UNION ALL SELECT '", borough, "', ", estimate.year(), ", ",
                      estimate.under_18());
    }
  }
  return sql;
}

// Its denominator is no property of the rows, so it has no Statement's shape.
IndicatorQuery PerChild(const Settings& settings, const std::vector<std::string>& boroughs) {
  IndicatorQuery query = QueryOf(
      {.id = "referrals_per_child",
       .title = "Referrals per child under 18; times 10,000, the rate",
       .cohort = kCohort,
       .numerator = "Referrals; of the period, not scaled to a year.",
       .denominator = "Children under 18 who live in the borough: the estimate for the year in "
                      "which the period ends, or the last one before; 0 when there is none.",
       .unit = Definition::UNIT_MEAN,
       .reports = {"R2", "Q1"},
       .source = "CIN census, rate per 10,000 children; population as the settings say",
       .from = "referrals r",
       .where = kReceived});
  query.total = absl::StrCat(
      "SELECT COUNT(*), COALESCE((SELECT p.under_18 FROM (", PopulationSql(settings, boroughs),
      ") p WHERE p.borough = {borough} AND p.year <= YEAR({last_day}) ORDER BY p.year DESC LIMIT"
      " 1), 0) FROM referrals r WHERE ",
      kReceived);
  return query;
}

}  // namespace

std::vector<IndicatorQuery> ReferralIndicators(const Settings& settings,
                                               const std::vector<std::string>& boroughs) {
  return {QueryOf(Received()), PerChild(settings, boroughs), QueryOf(ReReferrals()),
          QueryOf(DecidedInTime()), QueryOf(Decisions())};
}

std::vector<IndicatorQuery> Indicators(const Settings& settings,
                                       const std::vector<std::string>& boroughs) {
  std::vector<IndicatorQuery> all = ContactIndicators();
  for (IndicatorQuery& query : ReferralIndicators(settings, boroughs)) {
    all.push_back(std::move(query));
  }
  for (IndicatorQuery& query : AssessmentIndicators()) all.push_back(std::move(query));
  return all;
}

}  // namespace lscp::referrals
