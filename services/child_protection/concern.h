#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/journal/step.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/concerns_service.pb.h"

// The rules of people, places and patterns of concern. No SQL, no gRPC, no clock. Errors are those
// that the contract documents; after one, the concern is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

inline constexpr Transition<pb::Concern::State> kConcernTransitions[] = {
    {"RecordConcern", {pb::Concern::STATE_UNSPECIFIED}, pb::Concern::STATE_OPEN},
    {"UpdateConcern", {pb::Concern::STATE_OPEN}, pb::Concern::STATE_OPEN},
    {"LinkChildToConcern", {pb::Concern::STATE_OPEN}, pb::Concern::STATE_OPEN},
    {"RecordDisruptionNotice", {pb::Concern::STATE_OPEN}, pb::Concern::STATE_OPEN},
    {"CloseConcern", {pb::Concern::STATE_OPEN}, pb::Concern::STATE_CLOSED},
    {"ReopenConcern", {pb::Concern::STATE_CLOSED}, pb::Concern::STATE_OPEN},
};

// A concern as it starts, without a name yet. INVALID_ARGUMENT when a theme or a child occurs
// twice.
absl::StatusOr<pb::Concern> NewConcern(const pb::RecordConcernRequest& request, const Step& step);

absl::Status Write(pb::Concern& concern, const pb::UpdateConcernRequest& request);

absl::Status Link(pb::Concern& concern, const pb::LinkChildToConcernRequest& request,
                  const Step& step);

absl::Status AddNotice(pb::Concern& concern, const pb::RecordDisruptionNoticeRequest& request,
                       const Step& step);

absl::Status Close(pb::Concern& concern, const pb::CloseConcernRequest& request);

absl::Status Reopen(pb::Concern& concern, const pb::ReopenConcernRequest& request);

}  // namespace lscp::child_protection
