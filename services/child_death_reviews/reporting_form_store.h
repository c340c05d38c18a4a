#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_death_reviews/v1/reporting_forms_service.pb.h"

namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// The reporting forms of the database. Immutable and thread-safe; errors as of ResourceStore.
class ReportingFormStore : public ResourceStore<pb::ReportingForm> {
 public:
  ReportingFormStore();

  // A reporting form of the calling agency; others are absent.
  absl::StatusOr<pb::ReportingForm> LockMine(Transaction& tx, std::string_view name,
                                             std::string_view etag) const;
  // Those of a death review, in the order in which they were asked for, locked.
  absl::StatusOr<std::vector<pb::ReportingForm>> LockOf(Transaction& tx,
                                                        std::string_view review) const;

  // The first due first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListReportingFormsRequest& request) const;
  // Those of the calling agency, the first due first.
  absl::StatusOr<Page> FindMine(Reading& reading,
                                const pb::ListMyReportingFormsRequest& request) const;
};

}  // namespace lscp::child_death_reviews
