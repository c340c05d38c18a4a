#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "children_in_care/care_now.h"
#include "domain/case_store.h"
#include "safeguarding/children_in_care/v1/care_reviews_service.pb.h"

namespace lscp::children_in_care {

// The reviews of the database. Immutable and thread-safe; errors as of CaseStore.
class CareReviewStore : public domain::CaseStore<pb::CareReview> {
 public:
  CareReviewStore();

  // The review of a child in care that is due, else the one that was due when the period of care of
  // that first day ended; locked. Nothing when there is none.
  absl::StatusOr<std::optional<pb::CareReview>> LockNext(Transaction& tx,
                                                         const CareNow& care) const;

  // The first due first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListCareReviewsRequest& request) const;
};

}  // namespace lscp::children_in_care
