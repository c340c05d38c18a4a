#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "children_in_care/care_now.h"
#include "domain/case_store.h"
#include "safeguarding/children_in_care/v1/health_records_service.pb.h"

namespace lscp::children_in_care {

// The health records of the database. Immutable and thread-safe; errors as of CaseStore.
class HealthRecordStore : public domain::CaseStore<pb::HealthRecord> {
 public:
  HealthRecordStore();

  // The record of a period of care, locked: the one that is open, else the closed one of the same
  // first day; nothing when there is none.
  absl::StatusOr<std::optional<pb::HealthRecord>> LockOf(Transaction& tx,
                                                         const CareNow& care) const;

  // The latest begun first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListHealthRecordsRequest& request) const;
};

}  // namespace lscp::children_in_care
