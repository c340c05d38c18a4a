#include "child_death_reviews/joint_response_store.h"

#include "common/store/where.h"

namespace lscp::child_death_reviews {
namespace {

Columns ColumnsOfResponse(const pb::JointResponse& response) {
  return {
      {"state", response.state()},
      {"begun_at", ProtoToTime(response.begin_time())},
      {"planning_meeting_at", response.has_planning_meeting()
                                  ? ProtoToTime(response.planning_meeting().hold_time())
                                  : std::nullopt},
  };
}

}  // namespace

JointResponseStore::JointResponseStore()
    : ResourceStore("jointResponses", "joint_responses", ColumnsOfResponse) {}

absl::StatusOr<JointResponseStore::Page> JointResponseStore::Find(
    Reading& reading, const pb::ListJointResponsesRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (request.no_planning_meeting()) where.Add("planning_meeting_at IS NULL");
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "begun_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_death_reviews
