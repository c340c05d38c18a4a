#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/db/connection.h"
#include "safeguarding/indicators/v1/indicators_service.pb.h"

namespace lscp {

// The period of a computation, in one borough.
struct IndicatorPeriod {
  std::string borough;
  absl::CivilDay first_day;  // inclusive, London
  absl::CivilDay last_day;   // inclusive, London
  absl::Time begin;          // start of first_day
  absl::Time end;            // end of last_day (exclusive)
};

// An indicator: its definition and the queries that count it. The queries name what they need of
// the period as {borough}, {first_day}, {last_day}, {begin}, {end}; values are bound, never pasted.
struct IndicatorQuery {
  safeguarding::indicators::v1::IndicatorDefinition definition;
  // One row: numerator, denominator (0 for a count).
  std::string total;
  struct Breakdown {
    std::string name;
    // Rows: key, numerator, denominator. A NULL or empty key is what was not recorded.
    std::string rows;
    // A record may be in several parts, so the parts need not add up to the total.
    bool overlapping = false;
  };
  std::vector<Breakdown> breakdowns;
  // Of a stock, whose total is what is there at the end of {last_day}: one number each, of what
  // came into it in the period and of what left it.
  struct Movement {
    std::string came;
    std::string went;
  };
  std::optional<Movement> movement;
};

// Computes an indicator. INTERNAL when parts that must add up to the total don't, and when a stock
// is not the one before and what came less what went: such a figure is never given. Other errors:
// the database's.
absl::StatusOr<safeguarding::indicators::v1::Indicator> Compute(db::Connection& db,
                                                                const IndicatorQuery& query,
                                                                const IndicatorPeriod& period);

// Computes several at one moment, whatever is written meanwhile; `db` is not in a transaction.
// Errors: those of Compute.
absl::StatusOr<std::vector<safeguarding::indicators::v1::Indicator>> ComputeAll(
    db::Connection& db, const std::vector<const IndicatorQuery*>& queries,
    const IndicatorPeriod& period);

}  // namespace lscp
