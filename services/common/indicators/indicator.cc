#include "common/indicators/indicator.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/time/london.h"

namespace lscp {
namespace {

using safeguarding::indicators::v1::Breakdown;
using safeguarding::indicators::v1::Figure;
using safeguarding::indicators::v1::Indicator;

constexpr char kNotRecorded[] = "NOT_RECORDED";

struct Bound {
  std::string sql;
  db::Args args;
};

// Puts a placeholder for each name of the period, with its value.
absl::StatusOr<Bound> Bind(std::string_view text, const IndicatorPeriod& period) {
  const std::pair<std::string_view, db::Value> names[] = {
      {"{borough}", period.borough},   {"{first_day}", period.first_day},
      {"{last_day}", period.last_day}, {"{begin}", period.begin},
      {"{end}", period.end},
  };
  Bound bound;
  while (!text.empty()) {
    const size_t open = text.find('{');
    bound.sql.append(text.substr(0, open));
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    bool known = false;
    for (const auto& [name, value] : names) {
      if (!text.starts_with(name)) continue;
      bound.sql += '?';
      bound.args.push_back(value);
      text.remove_prefix(name.size());
      known = true;
      break;
    }
    if (!known) return absl::InternalError("an indicator's query has an unknown name");
  }
  return bound;
}

absl::StatusOr<db::Rows> Query(db::Connection& db, const std::string& text,
                               const IndicatorPeriod& period) {
  ASSIGN_OR_RETURN(const Bound bound, Bind(text, period));
  return db.Query(bound.sql, bound.args);
}

void SetFigure(const db::Row& row, size_t column, Figure* figure) {
  figure->set_numerator(row.Int(column));
  figure->set_denominator(row.Int(column + 1));
}

absl::Status CheckSum(const Indicator& indicator, const Breakdown& breakdown) {
  int64_t sum = 0;
  for (const auto& part : breakdown.parts()) sum += part.figure().numerator();
  if (sum == indicator.total().numerator()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("parts of ", indicator.id(), " by ", breakdown.name(),
                                          " add up to ", sum, ", not to ",
                                          indicator.total().numerator()));
}

absl::StatusOr<int64_t> Number(db::Connection& db, const std::string& text,
                               const IndicatorPeriod& period) {
  ASSIGN_OR_RETURN(const db::Rows rows, Query(db, text, period));
  if (rows.size() != 1) return absl::InternalError("a figure of an indicator is not one row");
  return rows[0].Int(0);
}

// The day before the period.
IndicatorPeriod Before(const IndicatorPeriod& period) {
  const absl::CivilDay day = period.first_day - 1;
  return {period.borough, day, day, StartOfDay(day), period.begin};
}

absl::Status AddMovement(db::Connection& db, const IndicatorQuery& query,
                         const IndicatorPeriod& period, Indicator& indicator) {
  ASSIGN_OR_RETURN(const int64_t before, Number(db, query.total, Before(period)));
  ASSIGN_OR_RETURN(const int64_t came, Number(db, query.movement->came, period));
  ASSIGN_OR_RETURN(const int64_t went, Number(db, query.movement->went, period));
  if (before + came - went != indicator.total().numerator()) {
    return absl::InternalError(absl::StrCat("the stock of ", indicator.id(), " is ",
                                            indicator.total().numerator(), ", not ", before, " + ",
                                            came, " - ", went));
  }
  indicator.mutable_movement()->set_before(before);
  indicator.mutable_movement()->set_came(came);
  indicator.mutable_movement()->set_went(went);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Indicator> Compute(db::Connection& db, const IndicatorQuery& query,
                                  const IndicatorPeriod& period) {
  Indicator indicator;
  indicator.set_id(query.definition.id());
  ASSIGN_OR_RETURN(const db::Rows total, Query(db, query.total, period));
  if (total.size() != 1) return absl::InternalError("an indicator's total is not one row");
  SetFigure(total[0], 0, indicator.mutable_total());
  for (const IndicatorQuery::Breakdown& part : query.breakdowns) {
    Breakdown* breakdown = indicator.add_breakdowns();
    breakdown->set_name(part.name);
    breakdown->set_overlapping(part.overlapping);
    ASSIGN_OR_RETURN(const db::Rows rows, Query(db, part.rows, period));
    for (const db::Row& row : rows) {
      auto* entry = breakdown->add_parts();
      // Blank is a finding of its own, neither zero nor left out.
      entry->set_key(row.Text(0).empty() ? kNotRecorded : row.Text(0));
      SetFigure(row, 1, entry->mutable_figure());
    }
    if (!part.overlapping) RETURN_IF_ERROR(CheckSum(indicator, *breakdown));
  }
  if (query.movement) RETURN_IF_ERROR(AddMovement(db, query, period, indicator));
  return indicator;
}

absl::StatusOr<std::vector<Indicator>> ComputeAll(db::Connection& db,
                                                  const std::vector<const IndicatorQuery*>& queries,
                                                  const IndicatorPeriod& period) {
  RETURN_IF_ERROR(db.Run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
  RETURN_IF_ERROR(db.Run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"));
  std::vector<Indicator> indicators;
  for (const IndicatorQuery* query : queries) {
    absl::StatusOr<Indicator> indicator = Compute(db, *query, period);
    if (!indicator.ok()) {
      db.Run("ROLLBACK").IgnoreError();  // a connection that fails is not used again
      return indicator.status();
    }
    indicators.push_back(*std::move(indicator));
  }
  RETURN_IF_ERROR(db.Run("COMMIT"));
  return indicators;
}

}  // namespace lscp
