#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "domain/case_store.h"
#include "safeguarding/children_in_care/v1/health_assessments_service.pb.h"

namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// The health assessments of the database. Immutable and thread-safe; errors as of CaseStore.
class HealthAssessmentStore : public domain::CaseStore<pb::HealthAssessment> {
 public:
  HealthAssessmentStore();

  // One that the calling agency is asked for; others are absent. Nobody's restriction hides the
  // child from the agency that is to assess it.
  absl::StatusOr<pb::HealthAssessment> LockMine(Transaction& tx, std::string_view name,
                                                std::string_view etag) const;
  // The one of a health record that is asked for and not answered, locked.
  absl::StatusOr<std::optional<pb::HealthAssessment>> LockOpen(Transaction& tx,
                                                               std::string_view record) const;

  // The latest due first.
  absl::StatusOr<Page> Find(Reading& reading,
                            const pb::ListHealthAssessmentsRequest& request) const;
  // Those of the calling agency, the first due first.
  absl::StatusOr<Page> FindMine(Reading& reading,
                                const pb::ListMyHealthAssessmentsRequest& request) const;

 private:
  const ResourceStore<pb::HealthAssessment> asked_;
};

}  // namespace lscp::children_in_care
