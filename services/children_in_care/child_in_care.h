#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "children_in_care/settings.h"
#include "common/journal/step.h"
#include "common/journal/transaction.h"
#include "common/workflow/transition.h"
#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"

// The rules of a child in care: each operation records a step, of which the care chain is made
// (care_chain.h). No SQL, no gRPC, no clock. Errors are those that the contract documents; after
// one, the record is not to be stored.
namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// Children Act 1989, section 22: a child is looked after while it is in the authority's care or
// accommodated by it. What a correction leads to depends on the last step.
inline constexpr Transition<pb::ChildInCare::State> kChildInCareTransitions[] = {
    {"StartCare",
     {pb::ChildInCare::STATE_UNSPECIFIED, pb::ChildInCare::STATE_CEASED},
     pb::ChildInCare::STATE_LOOKED_AFTER},
    {"ChangeCare", {pb::ChildInCare::STATE_LOOKED_AFTER}, pb::ChildInCare::STATE_LOOKED_AFTER},
    {"MoveTemporarily", {pb::ChildInCare::STATE_LOOKED_AFTER}, pb::ChildInCare::STATE_LOOKED_AFTER},
    {"ReturnToPlacement",
     {pb::ChildInCare::STATE_LOOKED_AFTER},
     pb::ChildInCare::STATE_LOOKED_AFTER},
    {"EndCare", {pb::ChildInCare::STATE_LOOKED_AFTER}, pb::ChildInCare::STATE_CEASED},
    {"CorrectCare to looked after",
     {pb::ChildInCare::STATE_LOOKED_AFTER, pb::ChildInCare::STATE_CEASED},
     pb::ChildInCare::STATE_LOOKED_AFTER},
    {"CorrectCare to ceased",
     {pb::ChildInCare::STATE_LOOKED_AFTER, pb::ChildInCare::STATE_CEASED},
     pb::ChildInCare::STATE_CEASED},
    {"AssignChildInCare",
     {pb::ChildInCare::STATE_LOOKED_AFTER},
     pb::ChildInCare::STATE_LOOKED_AFTER},
    {"RecordAreaNotice",
     {pb::ChildInCare::STATE_LOOKED_AFTER},
     pb::ChildInCare::STATE_LOOKED_AFTER},
    {"ApprovePlacement",
     {pb::ChildInCare::STATE_LOOKED_AFTER},
     pb::ChildInCare::STATE_LOOKED_AFTER},
};

// What the rules need to know beside the record.
struct CareFacts {
  std::optional<absl::CivilDay> birth_date;
  const Settings::Borough* borough;
  bool missing = false;  // now, or away without leave
};

// `record` has its name, and what was recorded of the child before, if anything.
absl::Status StartCare(pb::ChildInCare& record, const pb::StartCareRequest& request,
                       const CareFacts& facts);
absl::Status ChangeCare(pb::ChildInCare& record, const pb::ChangeCareRequest& request,
                        const CareFacts& facts);
absl::Status MoveTemporarily(pb::ChildInCare& record, const pb::MoveTemporarilyRequest& request,
                             const CareFacts& facts);
absl::Status ReturnToPlacement(pb::ChildInCare& record, const pb::ReturnToPlacementRequest& request,
                               const CareFacts& facts);
absl::Status EndCare(pb::ChildInCare& record, const pb::EndCareRequest& request,
                     const CareFacts& facts);
// Steps keep their ids, and placements what was noticed and approved of them.
absl::Status CorrectCare(pb::ChildInCare& record, const pb::CorrectCareRequest& request,
                         const CareFacts& facts);
absl::Status AssignChildInCare(pb::ChildInCare& record,
                               const pb::AssignChildInCareRequest& request);
absl::Status RecordAreaNotice(pb::ChildInCare& record, const pb::RecordAreaNoticeRequest& request,
                              const CareFacts& facts, const Step& step);
absl::Status ApprovePlacement(pb::ChildInCare& record, const pb::ApprovePlacementRequest& request,
                              const CareFacts& facts, const Step& step);

// What other services are told of a change; nothing of one that is nobody else's business.
std::optional<Event> EventOf(const pb::ChildInCare& before, const pb::ChildInCare& after);
// Of periods of care that are others than were told.
Event CorrectedEvent(const pb::ChildInCare& record);

}  // namespace lscp::children_in_care
