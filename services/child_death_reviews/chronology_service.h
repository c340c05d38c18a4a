#pragma once

#include "absl/status/statusor.h"
#include "child_death_reviews/chronology_store.h"
#include "child_death_reviews/serious_incident_store.h"
#include "child_death_reviews/settings.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of ChronologiesService for those who ask. The contract says what they answer.
// Thread-safe; the settings must outlive this.
class Chronologies {
 public:
  explicit Chronologies(const Settings* settings) : settings_(settings) {}

  absl::StatusOr<pb::RequestChronologiesResponse> Request(
      const pb::RequestChronologiesRequest& request, Transaction& tx);
  absl::StatusOr<pb::ChaseChronologiesResponse> Chase(const pb::ChaseChronologiesRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::GetChronologyResponse> Get(const pb::GetChronologyRequest& request,
                                                Reading& reading);
  absl::StatusOr<pb::ListChronologiesResponse> List(const pb::ListChronologiesRequest& request,
                                                    Reading& reading);
  absl::StatusOr<pb::CombineChronologiesResponse> Combine(
      const pb::CombineChronologiesRequest& request, Reading& reading);
  absl::StatusOr<pb::WithdrawChronologyResponse> Withdraw(
      const pb::WithdrawChronologyRequest& request, Transaction& tx);

 private:
  const Settings* const settings_;
  const SeriousIncidentStore incidents_;
  const ChronologyStore store_;
};

// Handlers for the agencies that are asked. An agency sees its own chronologies; those of others
// are absent. Thread-safe.
class ChronologyAgencies {
 public:
  absl::StatusOr<pb::ListMyChronologiesResponse> List(const pb::ListMyChronologiesRequest& request,
                                                      Reading& reading);
  absl::StatusOr<pb::SubmitChronologyResponse> Submit(const pb::SubmitChronologyRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::DeclareNothingHeldResponse> DeclareNothing(
      const pb::DeclareNothingHeldRequest& request, Transaction& tx);

 private:
  const ChronologyStore store_;
};

void RegisterChronologies(ServiceContext& context, const Settings* settings);

}  // namespace lscp::child_death_reviews
