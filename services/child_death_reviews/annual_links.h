#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/indicators/suppression.h"
#include "safeguarding/child_death_reviews/v1/annual_figures_service.pb.h"

// By which sums the figures of an annual report are tied to each other. No SQL, no gRPC, no clock.
namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// A year as its report names it: "2024-25".
std::string NameOfYear(int year);

// The figures of a report with their sums. What is the same number in several tables (the size of a
// cohort) is one figure. Not thread-safe.
class AnnualLinks {
 public:
  // `report` must outlive this.
  explicit AnnualLinks(pb::AnnualFigures& report);

  const LinkedFigures& figures() const { return figures_; }
  // INTERNAL when a cohort has another size in one place than in another.
  absl::Status Contradiction() const;
  // Whether the report leaves it out already.
  bool IsLeftOut(size_t figure) const { return places_[figure].front()->left_out(); }
  // Takes what is left out from the report; `left_out` has an entry for each figure.
  void LeaveOut(const std::vector<bool>& left_out);

 private:
  using Cohort = pb::AnnualTable::Cohort;

  // The number of a figure that is new, or that stands in other places too.
  size_t Add(pb::AnnualFigure& figure);
  size_t AddSame(size_t known, pb::AnnualFigure& figure);
  void AddFlows();
  void AddTable(pb::AnnualTable& table);
  void AddThisYear();

  pb::AnnualFigures& report_;
  LinkedFigures figures_;
  std::vector<std::vector<pb::AnnualFigure*>> places_;  // of each figure
  // Sizes of cohorts, by cohort and row.
  std::map<std::pair<int, int>, size_t> sizes_;
  // Of those by year of notification, the part of this year, by cohort and row.
  std::map<std::pair<int, int>, size_t> this_year_;
  bool contradicts_ = false;
};

}  // namespace lscp::child_death_reviews
