#pragma once

#include "absl/status/statusor.h"
#include "child_protection/concern_store.h"
#include "child_protection/parts.h"
#include "common/journal/transaction.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_protection/v1/concerns_service.pb.h"

namespace lscp::child_protection {

// Handlers of ConcernsService. The contract says what they answer. Thread-safe; the parts must
// outlive this.
class Concerns {
 public:
  explicit Concerns(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::RecordConcernResponse> Record(const pb::RecordConcernRequest& request,
                                                   Transaction& tx);
  absl::StatusOr<pb::GetConcernResponse> Get(const pb::GetConcernRequest& request,
                                             Reading& reading);
  absl::StatusOr<pb::ListConcernsResponse> List(const pb::ListConcernsRequest& request,
                                                Reading& reading);
  absl::StatusOr<pb::UpdateConcernResponse> Update(const pb::UpdateConcernRequest& request,
                                                   Transaction& tx);
  absl::StatusOr<pb::LinkChildToConcernResponse> Link(const pb::LinkChildToConcernRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::RecordDisruptionNoticeResponse> AddNotice(
      const pb::RecordDisruptionNoticeRequest& request, Transaction& tx);
  absl::StatusOr<pb::CloseConcernResponse> Close(const pb::CloseConcernRequest& request,
                                                 Transaction& tx);
  absl::StatusOr<pb::ReopenConcernResponse> Reopen(const pb::ReopenConcernRequest& request,
                                                   Transaction& tx);

 private:
  const Parts parts_;
  const ConcernStore store_;
};

// Registers the methods.
void RegisterConcerns(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
