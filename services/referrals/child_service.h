#pragma once

#include "absl/status/statusor.h"
#include "common/journal/transaction.h"
#include "referrals/child_store.h"
#include "safeguarding/referrals/v1/children_service.pb.h"

namespace lscp::referrals {

// Handlers of ChildrenService. The contract says what they answer. Thread-safe; `store` must
// outlive this.
class Children {
 public:
  explicit Children(const ChildStore* store) : store_(store) {}

  absl::StatusOr<safeguarding::referrals::v1::CreateChildResponse> Create(
      const safeguarding::referrals::v1::CreateChildRequest& request, Transaction& tx);
  absl::StatusOr<safeguarding::referrals::v1::GetChildResponse> Get(
      const safeguarding::referrals::v1::GetChildRequest& request, Reading& reading);
  absl::StatusOr<safeguarding::referrals::v1::UpdateChildResponse> Update(
      const safeguarding::referrals::v1::UpdateChildRequest& request, Transaction& tx);
  absl::StatusOr<safeguarding::referrals::v1::ListChildrenResponse> List(
      const safeguarding::referrals::v1::ListChildrenRequest& request, Reading& reading);
  absl::StatusOr<safeguarding::referrals::v1::FindChildrenResponse> Find(
      const safeguarding::referrals::v1::FindChildrenRequest& request, Reading& reading);
  absl::StatusOr<safeguarding::referrals::v1::MergeChildrenResponse> Merge(
      const safeguarding::referrals::v1::MergeChildrenRequest& request, Transaction& tx);
  absl::StatusOr<safeguarding::referrals::v1::UnmergeChildrenResponse> Unmerge(
      const safeguarding::referrals::v1::UnmergeChildrenRequest& request, Transaction& tx);
  absl::StatusOr<safeguarding::referrals::v1::RestrictChildResponse> Restrict(
      const safeguarding::referrals::v1::RestrictChildRequest& request, Transaction& tx);
  absl::StatusOr<safeguarding::referrals::v1::LiftRestrictionResponse> LiftRestriction(
      const safeguarding::referrals::v1::LiftRestrictionRequest& request, Transaction& tx);

 private:
  const ChildStore* const store_;
};

}  // namespace lscp::referrals
