#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace lscp::db {

// What is bound to a placeholder: NULL, a number, text or bytes, an instant (DATETIME(6), UTC) or a
// day (DATE). An unset optional is NULL.
class Value {
 public:
  Value(std::nullptr_t) {}                                  // NOLINT(google-explicit-constructor)
  Value(bool value) : value_(int64_t{value}) {}             // NOLINT(google-explicit-constructor)
  Value(int value) : value_(int64_t{value}) {}              // NOLINT(google-explicit-constructor)
  Value(int64_t value) : value_(value) {}                   // NOLINT(google-explicit-constructor)
  Value(const char* value) : value_(std::string(value)) {}  // NOLINT
  Value(std::string value) : value_(std::move(value)) {}    // NOLINT
  Value(std::string_view value) : value_(std::string(value)) {}  // NOLINT
  Value(absl::Time value) : value_(value) {}                     // NOLINT
  Value(absl::CivilDay value) : value_(value) {}                 // NOLINT
  template <typename T>
  Value(const std::optional<T>& value) {  // NOLINT(google-explicit-constructor)
    if (value) *this = Value(*value);
  }

  using Variant = std::variant<std::monostate, int64_t, std::string, absl::Time, absl::CivilDay>;
  const Variant& variant() const { return value_; }

 private:
  Variant value_;
};

using Args = std::vector<Value>;

// The placeholders of so many values, for a list in SQL: "?, ?, ?"; empty for none.
std::string Placeholders(size_t count);

// A row of a result, as text: cheap to make, converted on access. Accessors of a NULL give the
// type's zero value; use Has first, or the Opt forms, where NULL means something.
class Row {
 public:
  explicit Row(std::vector<std::optional<std::string>> cells) : cells_(std::move(cells)) {}

  bool Has(size_t column) const { return cells_[column].has_value(); }
  int64_t Int(size_t column) const;
  std::string Text(size_t column) const { return cells_[column].value_or(""); }
  absl::Time Time(size_t column) const;
  absl::CivilDay Day(size_t column) const;
  std::optional<absl::Time> OptTime(size_t column) const;
  std::optional<absl::CivilDay> OptDay(size_t column) const;

 private:
  std::vector<std::optional<std::string>> cells_;
};

using Rows = std::vector<Row>;

}  // namespace lscp::db
