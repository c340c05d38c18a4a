#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "safeguarding/child_protection/v1/codes.pb.h"
#include "safeguarding/child_protection/v1/strategy_discussions_service.pb.h"

namespace lscp::child_protection {
namespace {

namespace pb = safeguarding::child_protection::v1;

const char kSource[] = "Improvement report, strategy discussion involvements";
const char kFunnel[] = "Annual report, strategy discussions and section 47";
const char kSeats[] =
    "Strategy discussions held in the period, each once for social care, police, health and "
    "education, however many of a kind were there.";

// Working Together to Safeguard Children, chapter 3: at the least social care, health and police
// take part; boroughs report education with them.
constexpr pb::AgencyKind kExpected[] = {pb::AGENCY_KIND_SOCIAL_CARE, pb::AGENCY_KIND_POLICE,
                                        pb::AGENCY_KIND_HEALTH, pb::AGENCY_KIND_EDUCATION};

const std::vector<int> kSection47 = {pb::STRATEGY_OUTCOME_SECTION_47_JOINT,
                                     pb::STRATEGY_OUTCOME_SECTION_47_SINGLE_AGENCY};

std::string HeldInPeriod() { return absl::StrCat(OfBorough("d"), " AND ", InPeriod("d.held_at")); }

std::string DecidedInPeriod() {
  return absl::StrCat(OfBorough("d"), " AND ", InPeriod("d.decided_at"));
}

Statement Held() {
  return {.id = "strategy_discussions_held",
          .title = "Strategy discussions",
          .cohort = "Strategy discussions held in the period.",
          .numerator = "Discussions, not children.",
          .reports = {"R5", "Q6"},
          .source = kSource,
          .from = "strategy_discussions d",
          .where = HeldInPeriod(),
          .parts = {{"reason", NameSql<pb::StrategyReason>("d.reason")},
                    {"requester", NameSql<pb::StrategyRequester>("d.requester")},
                    TeamOf("d")}};
}

// A row for each discussion and each kind that is expected at it, also of those not invited.
std::string Seats() {
  std::string kinds;
  for (const pb::AgencyKind kind : kExpected) {
    absl::StrAppend(&kinds, kinds.empty() ? "SELECT " : " UNION ALL SELECT ", int{kind},
                    kinds.empty() ? " AS kind" : "");
  }
  return absl::StrCat("strategy_discussions d CROSS JOIN (", kinds,
                      ") k LEFT JOIN strategy_participants s ON s.borough = d.borough AND "
                      "s.discussion = d.id AND s.kind = k.kind");
}

Statement Involved(const char* id, const char* title, const char* cohort, const char* numerator,
                   std::string where, std::string adds) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = numerator,
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R5"},
          .source = kSource,
          .from = Seats(),
          .where = std::move(where),
          .adds = std::move(adds),
          .parts = {{"agency_kind", NameSql<pb::AgencyKind>("k.kind")}}};
}

Statement Decisions() {
  return {.id = "strategy_children_to_section_47",
          .title = "Children for whom a section 47 enquiry was decided",
          .cohort =
              "Children about whom a strategy discussion decided in the period, once for each "
              "discussion.",
          .numerator = "Those for whom an enquiry was decided, with the police or alone.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .reports = {"Q6"},
          .source = kFunnel,
          .from =
              "strategy_decisions s JOIN strategy_discussions d ON d.borough = s.borough AND "
              "d.id = s.discussion",
          .where = DecidedInPeriod(),
          .adds = IsOneOf("s.outcome", kSection47),
          .parts = {{"outcome", NameSql<pb::StrategyOutcome>("s.outcome")}, TeamOf("d")}};
}

Statement ToEnquiry() {
  Statement statement = ShareOf(
      Held(), "Those that decided on an enquiry about one of their children at least.",
      absl::StrCat("EXISTS (SELECT 1 FROM strategy_decisions s WHERE s.borough = d.borough AND "
                   "s.discussion = d.id AND ",
                   IsOneOf("s.outcome", kSection47), ")"));
  statement.id = "strategy_discussions_to_section_47";
  statement.title = "From the strategy discussion to section 47";
  statement.cohort = "Strategy discussions that decided in the period.";
  statement.reports = {"Q6"};
  statement.source = kFunnel;
  statement.where = DecidedInPeriod();
  return statement;
}

}  // namespace

std::vector<IndicatorQuery> StrategyIndicators() {
  return {
      QueryOf(Held()),
      QueryOf(Involved("strategy_agencies_invited", "Agencies invited to strategy discussions",
                       kSeats, "Those of kinds of agency that were invited.", HeldInPeriod(),
                       "COALESCE(s.invited, 0)")),
      QueryOf(Involved("strategy_agencies_attended", "Agencies at strategy discussions", kSeats,
                       "Those of kinds of agency that attended, invited or not.", HeldInPeriod(),
                       "COALESCE(s.attended, 0)")),
      QueryOf(Involved("strategy_agencies_attended_of_invited",
                       "Invited agencies that attended strategy discussions",
                       "Strategy discussions held in the period, each once for each of social "
                       "care, police, health and education that was invited.",
                       "Those of kinds of agency that attended.", HeldInPeriod() + " AND s.invited",
                       "s.attended")),
      QueryOf(Decisions()),
      QueryOf(ToEnquiry()),
  };
}

}  // namespace lscp::child_protection
