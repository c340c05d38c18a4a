#include "child_death_reviews/reporting_form_store.h"

#include "child_death_reviews/asked_agency_store.h"
#include "child_death_reviews/reporting_form.h"
#include "common/store/where.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

using pb::ReportingForm;

Columns ColumnsOfForm(const ReportingForm& form) {
  return {
      {"death_review", ResourceName::Parse(ReviewOfForm(form.name()))->id},
      {"agency", form.agency()},
      {"state", form.state()},
      {"due_at", ProtoToTime(form.due_time())},
      {"returned_at", form.has_return_time() ? ProtoToTime(form.return_time()) : std::nullopt},
  };
}

}  // namespace

ReportingFormStore::ReportingFormStore()
    : ResourceStore("reportingForms", "reporting_forms", ColumnsOfForm) {}

absl::StatusOr<ReportingForm> ReportingFormStore::LockMine(Transaction& tx, std::string_view name,
                                                           std::string_view etag) const {
  return LockOwn(*this, tx, name, etag);
}

absl::StatusOr<std::vector<ReportingForm>> ReportingFormStore::LockOf(
    Transaction& tx, std::string_view review) const {
  return LockNumbered(*this, tx, "reportingForms", "reporting_forms", "death_review", review);
}

absl::StatusOr<ReportingFormStore::Page> ReportingFormStore::Find(
    Reading& reading, const pb::ListReportingFormsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.agency().empty()) where.Add("agency = ?", {request.agency()});
  if (!request.death_review().empty()) {
    const auto review = ResourceName::Parse(request.death_review());
    where.Add("borough = ? AND death_review = ?", {review->borough, review->id});
  }
  if (request.overdue()) {
    where.Add("state = ? AND due_at < ?", {ReportingForm::STATE_REQUESTED, reading.now()});
  }
  return List(reading, request, FirstDue(request, where, "due_at"));
}

absl::StatusOr<ReportingFormStore::Page> ReportingFormStore::FindMine(
    Reading& reading, const pb::ListMyReportingFormsRequest& request) const {
  Where where;
  where.Add("agency = ?", {reading.caller().agency}).In("state", request.states());
  return List(reading, request, FirstDue(request, where, "due_at"));
}

}  // namespace lscp::child_death_reviews
