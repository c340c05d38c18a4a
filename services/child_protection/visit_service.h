#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/children.h"
#include "child_protection/parts.h"
#include "child_protection/plan_store.h"
#include "child_protection/visit.h"
#include "child_protection/visit_store.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Handlers of VisitsService. The contract says what they answer. Thread-safe; the parts must
// outlive this.
class Visits {
 public:
  explicit Visits(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::PlanVisitResponse> Plan(const pb::PlanVisitRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordVisitResponse> Record(const pb::RecordVisitRequest& request,
                                                 Transaction& tx);
  absl::StatusOr<pb::CompleteVisitResponse> Complete(const pb::CompleteVisitRequest& request,
                                                     Transaction& tx);
  absl::StatusOr<pb::CancelVisitResponse> Cancel(const pb::CancelVisitRequest& request,
                                                 Transaction& tx);
  absl::StatusOr<pb::GetVisitResponse> Get(const pb::GetVisitRequest& request, Reading& reading);
  absl::StatusOr<pb::ListVisitsResponse> List(const pb::ListVisitsRequest& request,
                                              Reading& reading);
  absl::StatusOr<pb::ListVisitStandingsResponse> ListStandings(
      const pb::ListVisitStandingsRequest& request, Reading& reading);

 private:
  // The plan that the child had on a day, locked, for a visit under one.
  absl::StatusOr<std::optional<pb::ProtectionPlan>> PlanOn(Transaction& tx, pb::Visit::Basis basis,
                                                           const std::string& child,
                                                           absl::CivilDay day) const;
  // By when the child was to be seen; nothing where nothing was due.
  absl::StatusOr<std::optional<absl::CivilDay>> DueOf(Transaction& tx, const pb::Visit& visit,
                                                      const std::optional<pb::ProtectionPlan>& plan,
                                                      const KnownChild& child,
                                                      absl::Time made) const;
  // What the visit changes of its plan and of the plan's clock.
  absl::Status TellPlan(Transaction& tx, const pb::Visit& visit,
                        std::optional<pb::ProtectionPlan> plan, const KnownChild& child) const;

  const Parts parts_;
  const VisitStore store_;
  const PlanStore plans_;
};

// Registers the methods.
void RegisterVisits(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
