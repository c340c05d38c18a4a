#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "child_death_reviews/death_panel_case.h"
#include "common/db/connection.h"

namespace lscp::child_death_reviews {

// What a death review that was taken on consists of, for finding out what it lacks. Not for a
// reply: nothing is disclosed, and the caller has made sure that the review may be seen. Errors:
// the database's.
absl::StatusOr<ReviewParts> ReadParts(db::Connection& db, std::string_view review);
// Its child death review meetings, the earliest first.
absl::StatusOr<std::vector<pb::DeathReviewMeeting>> ReadMeetings(db::Connection& db,
                                                                 std::string_view review);

}  // namespace lscp::child_death_reviews
