#include "referrals/indicator_sql.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/workflow/transition.h"
#include "google/protobuf/descriptor.h"
#include "referrals/codes.h"
#include "safeguarding/referrals/v1/codes.pb.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

template <typename Enum>
std::string NameOf(Enum value) {
  return workflow::StateName(*google::protobuf::GetEnumDescriptor<Enum>(), value);
}

// CASE over the census's codes of sources.
template <typename KeyOf>
std::string BySource(std::string_view column, const KeyOf& key_of) {
  std::string sql = absl::StrCat("CASE ", std::string(column));
  const auto* sources = pb::ReferralSource_descriptor();
  for (int i = 1; i < sources->value_count(); ++i) {
    const auto source = static_cast<pb::ReferralSource>(sources->value(i)->number());
    absl::StrAppend(&sql, " WHEN '", CodeOf(source), "' THEN '", key_of(source), "'");
  }
  return sql + " END";
}

std::string Figures(const Statement& statement) {
  if (statement.unit == Definition::UNIT_COUNT) return "COUNT(*), 0";
  return absl::StrCat("COALESCE(SUM(", statement.adds, "), 0), COUNT(*)");
}

}  // namespace

IndicatorQuery QueryOf(const Statement& statement) {
  IndicatorQuery query;
  Definition& definition = query.definition;
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
  for (const Part& part : statement.parts) {
    definition.add_breakdowns(part.name);
    query.breakdowns.push_back({part.name, absl::StrCat("SELECT ", part.key, " AS part, ", figures,
                                                        rows, " GROUP BY part ORDER BY part")});
  }
  return query;
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

std::string SourceSql(std::string_view column) {
  return BySource(column, [](pb::ReferralSource source) { return NameOf(source); });
}

std::string SourceGroupSql(std::string_view column) {
  return BySource(column, [](pb::ReferralSource source) { return NameOf(SourceGroupOf(source)); });
}

std::string InPeriod(std::string_view instant) {
  const std::string at(instant);
  return absl::StrCat(at, " >= {begin} AND ", at, " < {end}");
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

}  // namespace lscp::referrals
