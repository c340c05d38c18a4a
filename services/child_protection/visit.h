#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "child_protection/plan.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/time/convert.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/child_in_need_plans_service.pb.h"
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
inline constexpr char kChildInNeedVisitRule[] = "child_in_need_visit";

// What visits need to know of the plan that they are made under.
struct VisitedPlan {
  std::string name;
  std::string team;
  absl::CivilDay start;
  std::optional<absl::CivilDay> end;

  // Of a protection plan or a child in need plan.
  template <typename Plan>
  static VisitedPlan Of(const Plan& plan) {
    return {plan.name(), plan.team(), *ProtoToDate(plan.start_date()),
            plan.has_end_date() ? ProtoToDate(plan.end_date()) : std::nullopt};
  }
  bool HeldOn(absl::CivilDay day) const { return start <= day && (!end || day <= *end); }
};

// How long after one visit the next is due, for a child who is under five on that day or not. No
// law sets the interval of these visits; the borough does.
Span VisitInterval(const Settings::Borough& borough, pb::Visit::Basis basis, bool under_five);

// The rules of visits, to be shown. Children under five may have another under a protection plan,
// and so may the first visit to a child in need.
TimescaleRule PlanVisitRule(const Settings::Borough& borough);
TimescaleRule ChildInNeedVisitRule(const Settings::Borough& borough);

// A child born on that day is under five on `day`; so is one who is not born, or not known to be.
bool IsUnderFive(const std::optional<absl::CivilDay>& birth_date, absl::CivilDay day);

// Last day on which the visit is in time that follows one on which the child was seen.
absl::CivilDay VisitDue(const Settings::Borough& borough, pb::Visit::Basis basis,
                        absl::CivilDay last_seen, const std::optional<absl::CivilDay>& birth_date);
// Last day on which the first visit under a plan is in time.
absl::CivilDay FirstVisitDue(const Settings::Borough& borough, pb::Visit::Basis basis,
                             absl::CivilDay start, const std::optional<absl::CivilDay>& birth_date);

// A visit as it is planned, without a name yet. `plan`, here and below, is that of the visit's
// basis which the child has on the day of the visit.
absl::StatusOr<pb::Visit> PlanVisit(const pb::PlanVisitRequest& request,
                                    const std::optional<VisitedPlan>& plan);

// A visit that was not planned, as it is recorded, without a name yet. `due`: by when the child was
// to be seen; none where nothing was due.
absl::StatusOr<pb::Visit> RecordVisit(const pb::RecordVisitRequest& request,
                                      const std::optional<VisitedPlan>& plan,
                                      const std::optional<absl::CivilDay>& due, const Step& step);

absl::Status Complete(pb::Visit& visit, const pb::CompleteVisitRequest& request,
                      const std::optional<VisitedPlan>& plan,
                      const std::optional<absl::CivilDay>& due, const Step& step);

absl::Status Cancel(pb::Visit& visit, const pb::CancelVisitRequest& request);

// What a visit changes of its plan, which has not ended. True if the child was seen later than
// before: the visit meets the clock, and the next begins.
bool NoteVisit(pb::ProtectionPlan& plan, const pb::Visit& visit, const Settings::Borough& borough,
               const std::optional<absl::CivilDay>& birth_date);
bool NoteVisit(pb::ChildInNeedPlan& plan, const pb::Visit& visit, const Settings::Borough& borough,
               const std::optional<absl::CivilDay>& birth_date);

// Puts the visit under the plan; it may be made later than planned, and then be under another.
void SetPlan(pb::Visit& visit, const std::optional<VisitedPlan>& plan);
// Name of the plan that it is under, whatever its basis; empty for none.
const std::string& PlanOf(const pb::Visit& visit);

// How the visits to a child stand on a day. `attempt` is the first unsuccessful visit since the
// child was last seen.
pb::VisitStanding::Standing StandingOf(absl::CivilDay due,
                                       const std::optional<absl::CivilDay>& attempt,
                                       absl::CivilDay today);

}  // namespace lscp::child_protection
