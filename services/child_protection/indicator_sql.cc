#include "child_protection/indicator_sql.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "safeguarding/referrals/v1/codes.pb.h"

namespace lscp::child_protection {
namespace {

Statement Of(Statement cohort, Definition::Unit unit, const char* numerator, std::string adds,
             Definition::Polarity polarity) {
  cohort.unit = unit;
  cohort.numerator = numerator;
  cohort.denominator = "All of the cohort.";
  cohort.adds = std::move(adds);
  cohort.polarity = polarity;
  cohort.came.clear();
  cohort.went.clear();
  return cohort;
}

}  // namespace

std::string WithChild(std::string_view table, std::string_view alias) {
  const std::string a(alias);
  return absl::StrCat(std::string(table), " ", a, " LEFT JOIN children r ON r.borough = ", a,
                      ".borough AND r.id = ", a,
                      ".child LEFT JOIN children c ON c.borough = r.borough AND c.id = r.survivor");
}

std::string ChildOf(std::string_view alias) {
  return absl::StrCat("COALESCE(c.id, ", std::string(alias), ".child)");
}

std::string OfBorough(std::string_view alias) {
  return absl::StrCat(std::string(alias), ".borough = {borough}");
}

std::string IsOneOf(std::string_view column, const std::vector<int>& codes) {
  return absl::StrCat(std::string(column), " IN (", absl::StrJoin(codes, ", "), ")");
}

Part TeamOf(std::string_view alias) { return {"team", absl::StrCat(std::string(alias), ".team")}; }

Part Sex() { return {"sex", NameSql<safeguarding::referrals::v1::Sex>("c.sex")}; }

Part Age(const std::string& day, const std::vector<AgeBand>& bands, const char* oldest) {
  std::string sql = absl::StrCat(
      "CASE WHEN c.birth_date IS NULL AND c.expected_birth_date IS NULL THEN NULL"
      " WHEN c.birth_date IS NULL OR c.birth_date > ",
      day, " THEN 'unborn'");
  for (const AgeBand& band : bands) {
    absl::StrAppend(&sql, " WHEN TIMESTAMPDIFF(YEAR, c.birth_date, ", day, ") < ", band.below,
                    " THEN '", band.name, "'");
  }
  return {"age", absl::StrCat(sql, " ELSE '", oldest, "' END")};
}

Part ProtectionAge(const std::string& day) {
  return Age(day, {{1, "under 1"}, {6, "1-5"}, {11, "6-10"}, {16, "11-15"}}, "16+");
}

Part NeedAge(const std::string& day) {
  return Age(day, {{5, "0-4"}, {10, "5-9"}, {16, "10-15"}}, "16+");
}

Part AdolescentAge(const std::string& day) {
  return Age(day, {{12, "under 12"}, {16, "12-15"}, {18, "16-17"}}, "18+");
}

Part Duration(const std::string& from, const std::string& until,
              const std::vector<DurationBand>& bands, const char* longest) {
  std::string sql = "CASE";
  for (const DurationBand& band : bands) {
    absl::StrAppend(&sql, " WHEN ", from, " > DATE_SUB(", until, ", INTERVAL ", band.span,
                    ") THEN '", band.name, "'");
  }
  return {"duration", absl::StrCat(sql, " ELSE '", longest, "' END")};
}

Part PlanDuration(const std::string& from, const std::string& until) {
  return Duration(from, until,
                  {{"3 MONTH", "<3 months"},
                   {"6 MONTH", "<6 months"},
                   {"1 YEAR", "<1 year"},
                   {"2 YEAR", "<2 years"}},
                  "2+ years");
}

Statement ShareOf(Statement cohort, const char* numerator, std::string adds,
                  Definition::Polarity polarity) {
  return Of(std::move(cohort), Definition::UNIT_PERCENT, numerator, std::move(adds), polarity);
}

Statement MeanOf(Statement cohort, const char* numerator, std::string adds,
                 Definition::Polarity polarity) {
  return Of(std::move(cohort), Definition::UNIT_MEAN, numerator, std::move(adds), polarity);
}

std::string Plans() { return WithChild("protection_plans", "p"); }

}  // namespace lscp::child_protection
