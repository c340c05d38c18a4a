#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/journal/transaction.h"
#include "common/lifecycle/service.h"
#include "safeguarding/referrals/v1/events.pb.h"

namespace lscp::child_protection {

// What this service keeps of the register of children, which the referrals service owns: who a
// child is, for those who ask by NHS number or by names and date of birth; the family group; who
// may see a restricted child. Names themselves are not kept but in the keys by which they are
// found. Immutable and thread-safe. Errors: the database's.
class Children {
 public:
  // What the register's events say. What is older than what is known changes nothing.
  absl::Status Change(db::Connection& db,
                      const safeguarding::referrals::v1::ChildChanged& change) const;
  absl::Status Merge(db::Connection& db,
                     const safeguarding::referrals::v1::ChildrenMerged& merge) const;
  absl::Status Unmerge(db::Connection& db,
                       const safeguarding::referrals::v1::ChildrenUnmerged& unmerge) const;

  // OK if each child is on the register, in the borough of the call, and the caller may see it;
  // else PERMISSION_DENIED, in the same words whatever is the case.
  template <typename Names>
  absl::Status Check(db::Connection& db, const Call& call, const Names& names) const {
    return CheckAll(db, call, {names.begin(), names.end()});
  }
  absl::Status CheckOne(db::Connection& db, const Call& call, const std::string& name) const {
    return CheckAll(db, call, {name});
  }

 private:
  static absl::Status CheckAll(db::Connection& db, const Call& call,
                               const std::vector<std::string>& names);
};

// What the rules need to know of a child of the register.
struct KnownChild {
  std::optional<absl::CivilDay> birth_date;
  std::string family_group;
};

// Nothing is known of a child who is not on the register. Errors: the database's.
absl::StatusOr<KnownChild> FindChild(db::Connection& db, std::string_view name);

// As FindChild, and nobody else who calls this works on the child until the transaction ends.
absl::StatusOr<KnownChild> LockChild(db::Connection& db, std::string_view name);

// Birth dates of children of one borough, in the order of their names. Errors: the database's.
absl::StatusOr<std::vector<std::optional<absl::CivilDay>>> BirthDatesOfAll(
    db::Connection& db, const std::vector<std::string>& names);
template <typename Names>
auto BirthDatesOf(db::Connection& db, const Names& names) {
  return BirthDatesOfAll(db, {names.begin(), names.end()});
}

// Has the register's events kept in `children`.
void FollowRegister(ServiceContext& context, const Children* children);

}  // namespace lscp::child_protection
