#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/connection.h"
#include "common/lifecycle/service.h"

// Children who are missing or away from their placement without leave, as the child protection
// service tells. Of all children: one may come into care while it is missing. Errors of all calls:
// the database's.
namespace lscp::children_in_care {

struct MissingChild {
  std::string episode;  // name of the missing episode
  bool away_without_leave;
  absl::Time since;
};

// Who of these children, of any boroughs, is not back, by the names given; under whatever record of
// the register it was told.
absl::StatusOr<std::map<std::string, MissingChild>> FindMissing(
    db::Connection& db, const std::vector<std::string>& children);

// The condition that the child of a row of `children_in_care` is missing or away.
std::string IsMissingSql();

// Has the child protection service's events kept.
void FollowMissing(ServiceContext& context);

}  // namespace lscp::children_in_care
