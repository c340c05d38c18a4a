#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/indicators/statement.h"

// What this service's indicators share: SQL with the placeholders of IndicatorQuery, and how a
// statement is made of another. All functions are thread-safe.
namespace lscp::child_protection {

using Definition = IndicatorDefinition;
using Part = IndicatorPart;
using Statement = IndicatorStatement;

// A table of records about children under an alias, and `c`, what the register says of the child:
// the record that is left when several were merged. Where there is none, its columns are NULL.
std::string WithChild(std::string_view table, std::string_view alias);

// The child of a row of WithChild, one whatever the record: what Statement::each names.
std::string ChildOf(std::string_view alias);

// A row of the alias is the borough's.
std::string OfBorough(std::string_view alias);

// `column` is one of these codes.
std::string IsOneOf(std::string_view column, const std::vector<int>& codes);

Part TeamOf(std::string_view alias);

// Of the child `c`: sex; age on a day, in bands that each end below a year, "unborn" before birth.
struct AgeBand {
  int below;
  const char* name;
};
Part Sex();
Part Age(const std::string& day, const std::vector<AgeBand>& bands, const char* oldest);
// The bands of conferences and protection plans; of children in need; of young people at risk.
Part ProtectionAge(const std::string& day);
Part NeedAge(const std::string& day);
Part AdolescentAge(const std::string& day);

// How long something has lasted on a day since another, in bands that each end before a span.
struct DurationBand {
  const char* span;  // as SQL writes an interval, "3 MONTH"
  const char* name;
};
Part Duration(const std::string& from, const std::string& until,
              const std::vector<DurationBand>& bands, const char* longest);
// The bands of protection plans.
Part PlanDuration(const std::string& from, const std::string& until);

// Of the same cohort a share: of its rows, or of what it counts once; or a mean.
Statement ShareOf(Statement cohort, const char* numerator, std::string adds,
                  Definition::Polarity polarity = Definition::POLARITY_NEUTRAL);
Statement MeanOf(Statement cohort, const char* numerator, std::string adds,
                 Definition::Polarity polarity = Definition::POLARITY_NEUTRAL);

// Protection plans `p`, each with its child.
std::string Plans();
inline const IndicatorSpan kPlanSpan = {"p.started_on", "p.ended_on"};

}  // namespace lscp::child_protection
