#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/db/connection.h"
#include "common/time/london.h"
#include "common/timescales/rule.h"
#include "gtest/gtest.h"

// For the tests of handlers: what the platform's table of timescales holds.
namespace lscp::testing {

// When the clock of a rule is due, and when it was met or cancelled, as "due 2025-03-06 met
// 2025-03-04"; the last of several, "none" when there is none. Days are the last in time, in
// London.
inline std::string ClockText(db::Connection& db, const std::string& subject,
                             const std::string& rule) {
  const auto rows = db.Query(
      "SELECT due_at, met_at, cancelled_at FROM timescales WHERE subject = ? AND rule = ?"
      " ORDER BY started_at DESC",
      {subject, rule});
  EXPECT_TRUE(rows.ok()) << rows.status();
  if (!rows.ok() || rows->empty()) return "none";
  const auto day = [](absl::CivilDay day) { return absl::FormatCivilTime(day); };
  const db::Row& row = (*rows)[0];
  std::string text = absl::StrCat("due ", day(LastDayOf(row.Time(0))));
  if (row.Has(1)) absl::StrAppend(&text, " met ", day(LondonDay(row.Time(1))));
  if (row.Has(2)) absl::StrAppend(&text, " cancelled ", day(LondonDay(row.Time(2))));
  return text;
}

}  // namespace lscp::testing
