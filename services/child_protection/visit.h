#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "child_protection/plan.h"
#include "child_protection/settings.h"
#include "child_protection/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/visits_service.pb.h"

// The rules of a visit. No SQL, no gRPC, no clock. Errors are those that the contract documents;
// after one, neither the visit nor a plan is to be stored.
namespace lscp::child_protection {

// What is done to a visit, and in which states.
inline constexpr Transition<pb::Visit::State> kVisitTransitions[] = {
    {"PlanVisit", {pb::Visit::STATE_UNSPECIFIED}, pb::Visit::STATE_PLANNED},
    {"RecordVisit, child seen", {pb::Visit::STATE_UNSPECIFIED}, pb::Visit::STATE_SEEN},
    {"RecordVisit, child not seen", {pb::Visit::STATE_UNSPECIFIED}, pb::Visit::STATE_UNSUCCESSFUL},
    {"CompleteVisit, child seen", {pb::Visit::STATE_PLANNED}, pb::Visit::STATE_SEEN},
    {"CompleteVisit, child not seen", {pb::Visit::STATE_PLANNED}, pb::Visit::STATE_UNSUCCESSFUL},
    {"CancelVisit", {pb::Visit::STATE_PLANNED}, pb::Visit::STATE_CANCELLED},
};

inline constexpr char kPlanVisitRule[] = "protection_plan_visit";

// How long after one visit the next is due, for a child who is under five on that day or not. No
// law sets the interval of these visits; the borough does.
Span VisitInterval(const Settings::Borough& borough, pb::Visit::Basis basis, bool under_five);

// The rule of visits under a protection plan, to be shown; children under five may have another.
TimescaleRule PlanVisitRule(const Settings::Borough& borough);

// A child born on that day is under five on `day`; so is one who is not born, or not known to be.
bool IsUnderFive(const std::optional<absl::CivilDay>& birth_date, absl::CivilDay day);

// Last day on which the visit is in time that follows what happened on `from`: the last visit on
// which the child was seen, or the beginning of the plan.
absl::CivilDay VisitDue(const Settings::Borough& borough, pb::Visit::Basis basis,
                        absl::CivilDay from, const std::optional<absl::CivilDay>& birth_date);

// A visit as it is planned, without a name yet; `plan` is the child's plan, for a visit under one.
absl::StatusOr<pb::Visit> PlanVisit(const pb::PlanVisitRequest& request,
                                    const pb::ProtectionPlan* plan);

// A visit that was not planned, as it is recorded, without a name yet. `due`: by when the child was
// to be seen; none where nothing was due.
absl::StatusOr<pb::Visit> RecordVisit(const pb::RecordVisitRequest& request,
                                      const pb::ProtectionPlan* plan,
                                      const std::optional<absl::CivilDay>& due, const Step& step);

absl::Status Complete(pb::Visit& visit, const pb::CompleteVisitRequest& request,
                      const pb::ProtectionPlan* plan, const std::optional<absl::CivilDay>& due,
                      const Step& step);

absl::Status Cancel(pb::Visit& visit, const pb::CancelVisitRequest& request);

// What a visit changes of its plan, which is active. True if the child was seen later than before:
// the visit meets the clock, and the next begins.
bool NoteVisit(pb::ProtectionPlan& plan, const pb::Visit& visit, const Settings::Borough& borough,
               const std::optional<absl::CivilDay>& birth_date);

// How the visits to a child stand on a day. `attempt` is the first unsuccessful visit since the
// child was last seen.
pb::VisitStanding::Standing StandingOf(absl::CivilDay due,
                                       const std::optional<absl::CivilDay>& attempt,
                                       absl::CivilDay today);

}  // namespace lscp::child_protection
