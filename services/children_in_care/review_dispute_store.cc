#include "children_in_care/review_dispute_store.h"

#include <string>

#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::children_in_care {
namespace {

using pb::ReviewDispute;

std::string IdOf(const std::string& name) { return ResourceName::Parse(name)->id; }

Columns ColumnsOf(const ReviewDispute& dispute) {
  return {
      {"state", dispute.state()},
      {"child", IdOf(dispute.child())},
      {"care_review", IdOf(dispute.care_review())},
      {"stage", dispute.stage()},
      {"raised_at", ProtoToTime(dispute.raise_time())},
  };
}

}  // namespace

ReviewDisputeStore::ReviewDisputeStore()
    : CaseStore("reviewDisputes", "review_disputes", ColumnsOf) {}

absl::StatusOr<ReviewDisputeStore::Page> ReviewDisputeStore::Find(
    Reading& reading, const pb::ListReviewDisputesRequest& request) const {
  Where where;
  where.In("state", request.states()).In("stage", request.stages());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "raised_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::children_in_care
