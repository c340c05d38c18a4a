#pragma once

#include "absl/status/statusor.h"
#include "domain/case_store.h"
#include "safeguarding/children_in_care/v1/review_disputes_service.pb.h"

namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// The disputes of the database. Immutable and thread-safe; errors as of CaseStore.
class ReviewDisputeStore : public domain::CaseStore<pb::ReviewDispute> {
 public:
  ReviewDisputeStore();

  // The latest begun first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListReviewDisputesRequest& request) const;
};

}  // namespace lscp::children_in_care
