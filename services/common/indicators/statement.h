#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/indicators/indicator.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "safeguarding/indicators/v1/indicators_service.pb.h"

// How a service states an indicator: its definition in words beside the SQL that counts it, of
// which the total and all breakdowns are made, so that they always speak of the same rows. All
// functions are thread-safe.
namespace lscp {

using safeguarding::indicators::v1::IndicatorDefinition;

// A property by which a figure is broken down: SQL of its value, NULL or empty for not recorded.
struct IndicatorPart {
  std::string name;
  std::string key;
  // What is counted may be in several parts.
  bool overlapping = false;
};

struct IndicatorStatement {
  // The definition.
  const char* id;
  const char* title;
  const char* cohort;
  const char* numerator;
  const char* denominator = "";
  IndicatorDefinition::Unit unit = IndicatorDefinition::UNIT_COUNT;
  IndicatorDefinition::Polarity polarity = IndicatorDefinition::POLARITY_NEUTRAL;
  IndicatorDefinition::Basis basis = IndicatorDefinition::BASIS_PERIOD;
  std::vector<const char*> reports = {};
  const char* source;
  // The cohort's rows: tables, and which of their rows in the borough and period.
  std::string from;
  std::string where = "";
  // What a row adds to the numerator; a count adds 1.
  std::string adds = "1";
  std::vector<IndicatorPart> parts = {};
  // What is counted once, however many rows are about it: SQL that names it. Rows when empty. For
  // such a share, `adds` is a condition that one of its rows meets.
  std::string each = "";
  // Of a stock of rows: which of `from` came into it in the period, and which left it.
  std::string came = "";
  std::string went = "";
};

IndicatorQuery QueryOf(const IndicatorStatement& statement);

// SQL for the name of a code, without its enum's prefix ("PACKED"), in a column that holds its
// number; NULL for none.
std::string NameSql(const google::protobuf::EnumDescriptor* type, std::string_view column);
template <typename Enum>
std::string NameSql(std::string_view column) {
  return NameSql(google::protobuf::GetEnumDescriptor<Enum>(), column);
}

// The instant, or the day, is one of the period; a deadline is one of the period when it passes in
// it. What is done at the very instant of a deadline is in time, so a deadline at midnight is the
// day before's.
std::string InPeriod(std::string_view instant);
std::string OnDayOfPeriod(std::string_view day);
std::string FallsDueInPeriod(std::string_view deadline);

// Rows that last from a day until a day, or from an instant until an instant; the end is NULL while
// they last. What ends on a day is not there at the day's end. So what is there is always what was
// there before and what came, less what went, provided that nothing ends before it begins.
struct IndicatorSpan {
  std::string from;
  std::string until;
  bool instants = false;

  std::string AtEnd() const;   // there at the end of the period
  std::string Came() const;    // began in the period
  std::string Went() const;    // ended in the period
  std::string During() const;  // there at some time of the period
};

// Makes a statement one of the stock that a span says, with its movement. `rows`: which rows of
// `from` are meant at all.
IndicatorStatement StockOf(IndicatorStatement statement, const std::string& rows,
                           const IndicatorSpan& span);

// Clocks `t` with the records that they are about: of a table, under an alias. And whether what a
// clock is about was done in time.
std::string ClockSql(std::string_view collection, std::string_view table, std::string_view alias);
// And whether the time for it was over at the end of the period, and it was not done.
inline constexpr char kClockOverdue[] =
    "t.started_at < {end} AND t.due_at <= {end} AND (t.met_at IS NULL OR t.met_at >= {end}) AND "
    "(t.cancelled_at IS NULL OR t.cancelled_at >= {end})";
inline constexpr char kClockMet[] = "t.met_at IS NOT NULL AND t.met_at <= t.due_at";

}  // namespace lscp
