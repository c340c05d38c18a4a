#include "children_in_care/care_duties.h"

#include "children_in_care/care_now.h"
#include "children_in_care/care_review_service.h"
#include "children_in_care/care_visit_service.h"
#include "children_in_care/health_record_service.h"
#include "common/status/macros.h"

namespace lscp::children_in_care {

absl::Status KeepDuties(Transaction& tx, const pb::ChildInCare& record) {
  const auto care = LastCare(record);
  if (!care) return absl::OkStatus();
  RETURN_IF_ERROR(KeepHealth(tx, *care));
  RETURN_IF_ERROR(KeepReviews(tx, *care));
  return KeepVisits(tx, *care);
}

}  // namespace lscp::children_in_care
