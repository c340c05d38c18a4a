#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/child_in_need_plan_store.h"
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
  // A plan, by the basis of its visits, or none.
  struct PlanOfVisit {
    std::optional<pb::ProtectionPlan> protection;
    std::optional<pb::ChildInNeedPlan> in_need;

    std::optional<VisitedPlan> visited() const;
  };

  // The plan that the child had on a day, locked.
  absl::StatusOr<PlanOfVisit> PlanOn(Transaction& tx, pb::Visit::Basis basis,
                                     const std::string& child, absl::CivilDay day) const;
  absl::StatusOr<std::optional<pb::ProtectionPlan>> ProtectionPlanOn(Transaction& tx,
                                                                     const std::string& child,
                                                                     absl::CivilDay day) const;
  // By when the child was to be seen; nothing where nothing was due.
  absl::StatusOr<std::optional<absl::CivilDay>> DueOf(Transaction& tx, const pb::Visit& visit,
                                                      const std::optional<VisitedPlan>& plan,
                                                      const KnownChild& child,
                                                      absl::Time made) const;
  // What the visit changes of its plan and of the plan's clock.
  absl::Status TellPlan(Transaction& tx, const pb::Visit& visit, PlanOfVisit plan,
                        const KnownChild& child) const;
  template <typename AnyPlan, typename Store>
  absl::Status TellOne(Transaction& tx, const pb::Visit& visit, AnyPlan& plan, const Store& store,
                       const char* rule, const KnownChild& child) const;

  const Parts parts_;
  const VisitStore store_;
  const PlanStore plans_;
  const ChildInNeedPlanStore in_need_plans_;
};

// Registers the methods.
void RegisterVisits(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
