#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "children_in_care/care_now.h"
#include "domain/case_store.h"
#include "safeguarding/children_in_care/v1/care_visits_service.pb.h"

namespace lscp::children_in_care {

// The visits of the database. Immutable and thread-safe; errors as of CaseStore.
class CareVisitStore : public domain::CaseStore<pb::CareVisit> {
 public:
  CareVisitStore();

  // When the child was last seen before a time, in this period of care.
  absl::StatusOr<std::optional<absl::Time>> LastSeen(Transaction& tx, std::string_view schedule,
                                                     absl::Time before) const;

  // The latest first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListCareVisitsRequest& request) const;
};

// The visit schedules of the database. Immutable and thread-safe; errors as of CaseStore.
class VisitScheduleStore : public domain::CaseStore<pb::VisitSchedule> {
 public:
  VisitScheduleStore();

  // The schedule of a period of care, locked: the one that is open, else the closed one of the same
  // first day; nothing when there is none.
  absl::StatusOr<std::optional<pb::VisitSchedule>> LockOf(Transaction& tx,
                                                          const CareNow& care) const;
  // The open one of a child in care, locked.
  absl::StatusOr<std::optional<pb::VisitSchedule>> LockOpen(Transaction& tx,
                                                            std::string_view child_in_care) const;

  // Those that are open, the earliest due first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListVisitSchedulesRequest& request) const;
};

}  // namespace lscp::children_in_care
