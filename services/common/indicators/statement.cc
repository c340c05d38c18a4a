#include "common/indicators/statement.h"

#include "absl/strings/str_cat.h"
#include "common/workflow/transition.h"
#include "google/protobuf/descriptor.h"

namespace lscp {
namespace {

std::string Figures(const IndicatorStatement& statement) {
  const std::string all =
      statement.each.empty() ? "COUNT(*)" : absl::StrCat("COUNT(DISTINCT ", statement.each, ")");
  if (statement.unit == IndicatorDefinition::UNIT_COUNT) return all + ", 0";
  if (statement.unit == IndicatorDefinition::UNIT_PERCENT && !statement.each.empty()) {
    return absl::StrCat("COUNT(DISTINCT CASE WHEN ", statement.adds, " THEN ", statement.each,
                        " END), ", all);
  }
  return absl::StrCat("COALESCE(SUM(", statement.adds, "), 0), ", all);
}

}  // namespace

IndicatorQuery QueryOf(const IndicatorStatement& statement) {
  IndicatorQuery query;
  IndicatorDefinition& definition = query.definition;
  definition.set_id(statement.id);
  definition.set_title(statement.title);
  definition.set_cohort(statement.cohort);
  definition.set_numerator(statement.numerator);
  definition.set_denominator(statement.denominator);
  definition.set_unit(statement.unit);
  definition.set_polarity(statement.polarity);
  definition.set_basis(statement.basis);
  definition.mutable_reports()->Assign(statement.reports.begin(), statement.reports.end());
  definition.set_source(statement.source);
  const std::string figures = Figures(statement);
  const std::string rows = absl::StrCat(" FROM ", statement.from, " WHERE ", statement.where);
  query.total = absl::StrCat("SELECT ", figures, rows);
  for (const IndicatorPart& part : statement.parts) {
    definition.add_breakdowns(part.name);
    query.breakdowns.push_back({part.name,
                                absl::StrCat("SELECT ", part.key, " AS part, ", figures, rows,
                                             " GROUP BY part ORDER BY part"),
                                part.overlapping});
  }
  if (!statement.came.empty()) {
    const std::string count = absl::StrCat("SELECT COUNT(*) FROM ", statement.from, " WHERE ");
    query.movement = {.came = count + statement.came, .went = count + statement.went};
  }
  return query;
}

std::string IndicatorSpan::AtEnd() const {
  return instants ? absl::StrCat(from, " < {end} AND (", until, " IS NULL OR ", until, " >= {end})")
                  : absl::StrCat(from, " <= {last_day} AND (", until, " IS NULL OR ", until,
                                 " > {last_day})");
}

std::string IndicatorSpan::Came() const { return instants ? InPeriod(from) : OnDayOfPeriod(from); }

std::string IndicatorSpan::Went() const {
  return instants ? InPeriod(until) : OnDayOfPeriod(until);
}

std::string IndicatorSpan::During() const {
  return instants
             ? absl::StrCat(from, " < {end} AND (", until, " IS NULL OR ", until, " >= {begin})")
             : absl::StrCat(from, " <= {last_day} AND (", until, " IS NULL OR ", until,
                            " >= {first_day})");
}

IndicatorStatement StockOf(IndicatorStatement statement, const std::string& rows,
                           const IndicatorSpan& span) {
  statement.basis = IndicatorDefinition::BASIS_SNAPSHOT;
  statement.where = absl::StrCat(rows, " AND ", span.AtEnd());
  statement.came = absl::StrCat(rows, " AND ", span.Came());
  statement.went = absl::StrCat(rows, " AND ", span.Went());
  return statement;
}

std::string NameSql(const google::protobuf::EnumDescriptor* type, std::string_view column) {
  std::string sql = absl::StrCat("CASE ", std::string(column));
  for (int i = 0; i < type->value_count(); ++i) {
    const int number = type->value(i)->number();
    if (number == 0) continue;
    absl::StrAppend(&sql, " WHEN ", number, " THEN '", workflow::StateName(*type, number), "'");
  }
  return sql + " END";
}

std::string InPeriod(std::string_view instant) {
  const std::string at(instant);
  return absl::StrCat(at, " >= {begin} AND ", at, " < {end}");
}

std::string OnDayOfPeriod(std::string_view day) {
  const std::string on(day);
  return absl::StrCat(on, " >= {first_day} AND ", on, " <= {last_day}");
}

std::string FallsDueInPeriod(std::string_view deadline) {
  const std::string due(deadline);
  return absl::StrCat(due, " > {begin} AND ", due, " <= {end}");
}

std::string ClockSql(std::string_view collection, std::string_view table, std::string_view alias) {
  const std::string a(alias);
  return absl::StrCat("timescales t JOIN ", std::string(table), " ", a, " ON ", a,
                      ".borough = t.borough AND t.subject = CONCAT('boroughs/', ", a,
                      ".borough, '/", std::string(collection), "/', ", a, ".id)");
}

}  // namespace lscp
