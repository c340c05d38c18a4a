#include "child_death_reviews/death_review_meeting_store.h"

#include "common/store/where.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathReviewMeeting;

Columns ColumnsOfMeeting(const DeathReviewMeeting& meeting) {
  return {
      {"state", meeting.state()},
      {"death_review", ResourceName::Parse(meeting.death_review())->id},
      {"meets_at", ProtoToTime(meeting.meet_time())},
  };
}

}  // namespace

DeathReviewMeetingStore::DeathReviewMeetingStore()
    : ResourceStore("deathReviewMeetings", "death_review_meetings", ColumnsOfMeeting) {}

absl::StatusOr<DeathReviewMeetingStore::Page> DeathReviewMeetingStore::Find(
    Reading& reading, const pb::ListDeathReviewMeetingsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.death_review().empty()) {
    const auto review = ResourceName::Parse(request.death_review());
    where.Add("borough = ? AND death_review = ?", {review->borough, review->id});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "meets_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_death_reviews
