#pragma once

#include "absl/status/statusor.h"
#include "child_protection/enquiry_store.h"
#include "child_protection/parts.h"
#include "child_protection/strategy_discussion_store.h"
#include "common/events/sink.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Handlers of StrategyDiscussionsService. The contract says what they answer. Thread-safe; the
// parts must outlive this.
class StrategyDiscussions {
 public:
  explicit StrategyDiscussions(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::OpenStrategyDiscussionResponse> Open(
      const pb::OpenStrategyDiscussionRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetStrategyDiscussionResponse> Get(
      const pb::GetStrategyDiscussionRequest& request, Reading& reading);
  absl::StatusOr<pb::ListStrategyDiscussionsResponse> List(
      const pb::ListStrategyDiscussionsRequest& request, Reading& reading);
  absl::StatusOr<pb::AddChildrenResponse> AddChildren(const pb::AddChildrenRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::InviteAgenciesResponse> Invite(const pb::InviteAgenciesRequest& request,
                                                    Transaction& tx);
  absl::StatusOr<pb::HoldStrategyDiscussionResponse> Hold(
      const pb::HoldStrategyDiscussionRequest& request, Transaction& tx);
  absl::StatusOr<pb::DecideStrategyDiscussionResponse> Decide(
      const pb::DecideStrategyDiscussionRequest& request, Transaction& tx);
  absl::StatusOr<pb::CancelStrategyDiscussionResponse> Cancel(
      const pb::CancelStrategyDiscussionRequest& request, Transaction& tx);

  // The front door asks for one.
  absl::Status OnRequested(const safeguarding::referrals::v1::StrategyDiscussionRequested& request,
                           Transaction& tx);

 private:
  // Stores a new discussion and starts its clock.
  absl::Status Start(Transaction& tx, pb::StrategyDiscussion& discussion);

  const Parts parts_;
  const StrategyDiscussionStore store_;
  const EnquiryStore enquiries_;
};

// Registers the methods and what is done about the front door's event.
void RegisterStrategyDiscussions(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
