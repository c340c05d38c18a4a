#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/db/connection.h"
#include "common/lifecycle/service.h"
#include "safeguarding/referrals/v1/events.pb.h"

// What this service keeps of the register of children, which the referrals service owns: birth and
// death, what figures are broken down by, who may see a restricted child. Errors of all calls: the
// database's.
namespace lscp::children_in_care {

// What the register's event says. What is older than what is known changes nothing.
absl::Status ChangeChild(db::Connection& db,
                         const safeguarding::referrals::v1::ChildChanged& change);

// What the rules need to know of a child of the register.
struct KnownChild {
  std::optional<absl::CivilDay> birth_date;
};

// Nothing is known of a child who is not on the register. Nobody else who calls this works on the
// child until the transaction ends.
absl::StatusOr<KnownChild> LockChild(db::Connection& db, std::string_view name);

// Has the register's events kept.
void FollowRegister(ServiceContext& context);

}  // namespace lscp::children_in_care
