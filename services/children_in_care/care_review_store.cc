#include "children_in_care/care_review_store.h"

#include <string>

#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::children_in_care {
namespace {

using pb::CareReview;

constexpr char kCollection[] = "careReviews";

std::string IdOf(const std::string& name) { return ResourceName::Parse(name)->id; }

Columns ColumnsOf(const CareReview& review) {
  return {
      {"state", review.state()},
      {"child", IdOf(review.child())},
      {"child_in_care", IdOf(review.child_in_care())},
      {"care_started_on", ProtoToDate(review.care_start_date())},
      {"number", static_cast<int>(review.number())},
      {"due_on", ProtoToDate(review.due_date())},
      {"held_on", ProtoToDate(review.hold_date())},
      {"timeliness", review.timeliness()},
      {"participation", review.participation()},
      {"officer", review.reviewing_officer()},
      {"decision_due_on", ProtoToDate(review.decision_due_date())},
      {"team", review.team()},
  };
}

}  // namespace

CareReviewStore::CareReviewStore() : CaseStore(kCollection, "care_reviews", ColumnsOf) {}

absl::StatusOr<std::optional<CareReview>> CareReviewStore::LockNext(Transaction& tx,
                                                                    const CareNow& care) const {
  const ResourceName child = *ResourceName::Parse(care.name);
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.db().Query("SELECT id FROM care_reviews WHERE borough = ? AND child_in_care = ? AND"
                    " (state = ? OR (state = ? AND care_started_on = ?))"
                    " ORDER BY state, number DESC, id DESC LIMIT 1",
                    {child.borough, child.id, CareReview::STATE_DUE, CareReview::STATE_NOT_NEEDED,
                     care.start}));
  if (rows.empty()) return std::nullopt;
  const ResourceName name{child.borough, kCollection, rows[0].Text(0)};
  ASSIGN_OR_RETURN(CareReview review, LockUnseen(tx, name.ToString()));
  return review;
}

absl::StatusOr<CareReviewStore::Page> CareReviewStore::Find(
    Reading& reading, const pb::ListCareReviewsRequest& request) const {
  const absl::CivilDay today = LondonDay(reading.now());
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.reviewing_officer().empty()) {
    where.Add("officer = ?", {request.reviewing_officer()});
  }
  if (request.overdue()) where.Add("state = ? AND due_on < ?", {CareReview::STATE_DUE, today});
  if (request.decision_overdue()) where.Add("decision_due_on < ?", {today});
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "due_on",
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::children_in_care
