#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/indicators/suppression.h"
#include "safeguarding/child_death_reviews/v1/annual_figures_service.pb.h"

// What an annual report says in numbers (Child Death Review: statutory and operational guidance,
// 2018, chapter 6: the partners' report). No SQL, no gRPC, no clock.
namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// A death review as it is counted; codes are the numbers of the contract's enums.
struct CountedReview {
  std::string borough;
  absl::CivilDay notified_on;
  std::optional<absl::CivilDay> reviewed_on;
  std::optional<absl::CivilDay> completed_on;
  std::optional<absl::CivilDay> birth_date;
  absl::CivilDay death_date;
  int sex = 0;
  int ethnicity = 0;
  int place = 0;
  int expectedness = 0;
  int category = 0;
  int modifiability = 0;
};

// The first and last day of a year that begins on 1 April.
absl::CivilDay FirstDayOf(int year);
absl::CivilDay LastDayOf(int year);

// Counts the year of this number for these boroughs and all of them together: rows of other
// boroughs are left out. Every figure is a count of the same rows. INTERNAL when they do not add
// up.
absl::StatusOr<pb::AnnualFigures> Tabulate(const std::vector<CountedReview>& reviews, int number,
                                           const std::vector<std::string>& boroughs);

// Every part adds up to its total, every borough to the whole, and stocks and flows to each other.
// INTERNAL when not: such figures are never given.
absl::Status CheckAddsUp(const pb::AnnualFigures& figures);

// The figures as they may be published. Errors: those of CheckAddsUp and of Suppress.
absl::StatusOr<pb::AnnualFigures> ForPublication(pb::AnnualFigures exact,
                                                 const SuppressionRule& rule);

}  // namespace lscp::child_death_reviews
