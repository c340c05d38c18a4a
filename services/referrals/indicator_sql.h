#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/indicators/indicator.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "safeguarding/indicators/v1/indicators_service.pb.h"

// How this service states an indicator: its definition in words beside the SQL that counts it, of
// which the total and all breakdowns are made, so that they always speak of the same rows. All
// functions are thread-safe.
namespace lscp::referrals {

namespace indicators = safeguarding::indicators::v1;
using Definition = indicators::IndicatorDefinition;

// A property by which a figure is broken down: SQL of its value, NULL or empty for not recorded.
struct Part {
  std::string name;
  std::string key;
};

struct Statement {
  // The definition.
  const char* id;
  const char* title;
  const char* cohort;
  const char* numerator;
  const char* denominator = "";
  Definition::Unit unit = Definition::UNIT_COUNT;
  Definition::Polarity polarity = Definition::POLARITY_NEUTRAL;
  Definition::Basis basis = Definition::BASIS_PERIOD;
  std::vector<const char*> reports;
  const char* source;
  // The cohort's rows: tables, and which of their rows in the borough and period.
  std::string from;
  std::string where;
  // What a row adds to the numerator; a count adds 1.
  std::string adds = "1";
  std::vector<Part> parts = {};
};

IndicatorQuery QueryOf(const Statement& statement);

// SQL for the name of a code, without its enum's prefix ("POLICE"), in a column that holds its
// number; NULL for none.
std::string NameSql(const google::protobuf::EnumDescriptor* type, std::string_view column);
template <typename Enum>
std::string NameSql(std::string_view column) {
  return NameSql(google::protobuf::GetEnumDescriptor<Enum>(), column);
}

// The same for a column that holds the census's code of a referral source, and for its group.
std::string SourceSql(std::string_view column);
std::string SourceGroupSql(std::string_view column);

// The instant is one of the period; a deadline is one of the period when it passes in it. What is
// done at the very instant of a deadline is in time, so a deadline at midnight is the day before's.
std::string InPeriod(std::string_view instant);
std::string FallsDueInPeriod(std::string_view deadline);

// Clocks `t` with the records that they are about: of a table, under an alias. And whether what a
// clock is about was done in time.
std::string ClockSql(std::string_view collection, std::string_view table, std::string_view alias);
inline constexpr char kClockMet[] = "t.met_at IS NOT NULL AND t.met_at <= t.due_at";

}  // namespace lscp::referrals
