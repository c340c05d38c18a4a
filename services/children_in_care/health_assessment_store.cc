#include "children_in_care/health_assessment_store.h"

#include <string>
#include <vector>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::children_in_care {
namespace {

using pb::HealthAssessment;

constexpr char kCollection[] = "healthAssessments";
constexpr char kTable[] = "health_assessments";

std::string IdOf(const std::string& name) { return ResourceName::Parse(name)->id; }

Columns ColumnsOf(const HealthAssessment& assessment) {
  return {
      {"state", assessment.state()},
      {"kind", assessment.kind()},
      {"child", IdOf(assessment.child())},
      {"health_record", IdOf(assessment.health_record())},
      {"agency", assessment.agency()},
      {"due_on", ProtoToDate(assessment.due_date())},
      {"assessed_on", ProtoToDate(assessment.result().assessment_date())},
      {"standing", assessment.standing()},
  };
}

template <typename Request>
ListQuery ByDue(const Request& request, const Where& where, bool descending) {
  return {.where = where.sql(),
          .args = where.args(),
          .sort_by = "due_on",
          .descending = descending,
          .page_size = request.page_size(),
          .page_token = request.page_token()};
}

}  // namespace

HealthAssessmentStore::HealthAssessmentStore()
    : CaseStore(kCollection, kTable, ColumnsOf), asked_(kCollection, kTable, ColumnsOf) {}

absl::StatusOr<HealthAssessment> HealthAssessmentStore::LockMine(Transaction& tx,
                                                                 std::string_view name,
                                                                 std::string_view etag) const {
  ASSIGN_OR_RETURN(HealthAssessment assessment, LockUnseen(tx, name));
  // First whether the caller may know of it, then whether it knows the current one.
  if (assessment.agency() != tx.caller().agency) {
    return PermissionDenied(tx.call().permission, name);
  }
  if (etag != assessment.etag()) return EtagMismatch(name, assessment.etag());
  return assessment;
}

absl::StatusOr<std::optional<HealthAssessment>> HealthAssessmentStore::LockOpen(
    Transaction& tx, std::string_view record) const {
  const ResourceName name = *ResourceName::Parse(record);
  Where where;
  where.Add("borough = ? AND health_record = ?", {name.borough, name.id})
      .In("state",
          std::vector<int>{HealthAssessment::STATE_REQUESTED, HealthAssessment::STATE_APPOINTED,
                           HealthAssessment::STATE_NOT_ATTENDED});
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.db().Query("SELECT id FROM health_assessments WHERE " + where.sql(), where.args()));
  if (rows.empty()) return std::nullopt;
  const ResourceName open{name.borough, kCollection, rows[0].Text(0)};
  ASSIGN_OR_RETURN(HealthAssessment assessment, LockUnseen(tx, open.ToString()));
  return assessment;
}

absl::StatusOr<HealthAssessmentStore::Page> HealthAssessmentStore::Find(
    Reading& reading, const pb::ListHealthAssessmentsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.agency().empty()) where.Add("agency = ?", {request.agency()});
  return List(reading, request, ByDue(request, where, true));
}

absl::StatusOr<HealthAssessmentStore::Page> HealthAssessmentStore::FindMine(
    Reading& reading, const pb::ListMyHealthAssessmentsRequest& request) const {
  Where where;
  where.Add("agency = ?", {reading.caller().agency}).In("state", request.states());
  return asked_.List(reading, request, ByDue(request, where, false));
}

}  // namespace lscp::children_in_care
