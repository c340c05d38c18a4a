#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_death_reviews/v1/annual_figures_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// Handlers of AnnualFiguresService. The contract says what they answer. Thread-safe.
class AnnualReport {
 public:
  // `served`: the boroughs that share the reviews.
  explicit AnnualReport(std::vector<std::string> served) : served_(std::move(served)) {}

  absl::StatusOr<pb::GetAnnualFiguresResponse> Get(const pb::GetAnnualFiguresRequest& request,
                                                   Reading& reading);
  absl::StatusOr<pb::GetPublishedAnnualFiguresResponse> GetPublished(
      const pb::GetPublishedAnnualFiguresRequest& request, Reading& reading);

 private:
  const std::vector<std::string> served_;
};

void RegisterAnnualFigures(ServiceContext& context);

}  // namespace lscp::child_death_reviews
