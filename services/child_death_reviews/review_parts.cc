#include "child_death_reviews/review_parts.h"

#include <string>

#include "common/status/macros.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

// The documents of a table that belong to the review, as its column `key` says.
template <typename Resource>
absl::StatusOr<std::vector<Resource>> Documents(db::Connection& db, const std::string& table,
                                                const std::string& key, std::string_view review,
                                                const std::string& order) {
  const ResourceName name = *ResourceName::Parse(review);
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query("SELECT document FROM " + table + " WHERE borough = ? AND " + key +
                                " = ? ORDER BY " + order,
                            {name.borough, name.id}));
  std::vector<Resource> resources;
  for (const db::Row& row : rows) {
    if (!resources.emplace_back().ParseFromString(row.Text(0))) {
      return absl::DataLossError("a stored document cannot be read");
    }
  }
  return resources;
}

template <typename Resource>
absl::StatusOr<Resource> Document(db::Connection& db, const std::string& table,
                                  std::string_view review) {
  ASSIGN_OR_RETURN(auto documents, Documents<Resource>(db, table, "id", review, "id"));
  return documents.empty() ? Resource() : std::move(documents.front());
}

}  // namespace

absl::StatusOr<ReviewParts> ReadParts(db::Connection& db, std::string_view review) {
  ReviewParts parts;
  ASSIGN_OR_RETURN(parts.review, Document<pb::DeathReview>(db, "death_reviews", review));
  ASSIGN_OR_RETURN(parts.response, Document<pb::JointResponse>(db, "joint_responses", review));
  ASSIGN_OR_RETURN(parts.support, Document<pb::FamilySupport>(db, "family_supports", review));
  ASSIGN_OR_RETURN(parts.forms, Documents<pb::ReportingForm>(db, "reporting_forms", "death_review",
                                                             review, "LENGTH(id), id"));
  ASSIGN_OR_RETURN(parts.meetings, ReadMeetings(db, review));
  return parts;
}

absl::StatusOr<std::vector<pb::DeathReviewMeeting>> ReadMeetings(db::Connection& db,
                                                                 std::string_view review) {
  return Documents<pb::DeathReviewMeeting>(db, "death_review_meetings", "death_review", review,
                                           "meets_at, id");
}

}  // namespace lscp::child_death_reviews
