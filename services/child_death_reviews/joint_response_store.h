#pragma once

#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/joint_responses_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The joint responses of the database. Immutable and thread-safe; errors as of ResourceStore.
class JointResponseStore : public ResourceStore<pb::JointResponse> {
 public:
  JointResponseStore();

  // The latest begun first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListJointResponsesRequest& request) const;
};

}  // namespace lscp::child_death_reviews
