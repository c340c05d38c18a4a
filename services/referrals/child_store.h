#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/referrals/v1/children_service.pb.h"

namespace lscp::referrals {

// The register of children. A restricted child does not exist for those who may not see it: same
// error, same words. Immutable and thread-safe. Errors as of ResourceStore.
class ChildStore {
 public:
  using Child = safeguarding::referrals::v1::Child;

  ChildStore();

  std::string NewName(std::string_view borough, absl::Time now) const {
    return store_.NewName(borough, now);
  }

  // ALREADY_EXISTS if a child in use has the same NHS number, UPN or council id.
  absl::Status Insert(Transaction& tx, Child& child, std::optional<Event> event) const;
  // A change of what is recorded.
  absl::Status Update(Transaction& tx, Child& child, std::optional<Event> event) const;
  // A change of the people allowed.
  absl::Status UpdateRestriction(Transaction& tx, Child& child, std::optional<Event> event) const;
  // Two records that were joined or parted.
  absl::Status UpdateMerge(Transaction& tx, Child& survivor, Child& duplicate,
                           std::optional<Event> event) const;

  // Of a child that the caller may see:
  absl::StatusOr<Child> Lock(Transaction& tx, std::string_view name, std::string_view etag) const;
  absl::StatusOr<Child> Read(Transaction& tx, std::string_view name) const;
  absl::StatusOr<Child> Get(Reading& reading, std::string_view name) const;

  // Of any child, for those who may change restrictions.
  absl::StatusOr<Child> LockRestricted(Transaction& tx, std::string_view name,
                                       std::string_view etag) const;

  using Page = ResourceStore<Child>::Page;
  absl::StatusOr<Page> List(Reading& reading,
                            const safeguarding::referrals::v1::ListChildrenRequest& request) const;

  // A record, and the one that is the child's: the same, unless the record is merged.
  struct Candidate {
    Child record;
    Child survivor;
  };
  // Visible records with one of these search keys, those with most of them at least. Not disclosed
  // yet: the caller says which ones it shows.
  absl::StatusOr<std::vector<Candidate>> Gather(db::Connection& db, const Call& call,
                                                const std::vector<std::string>& keys) const;

 private:
  absl::Status CheckVisible(db::Connection& db, const Call& call, const Child& child) const;

  const ResourceStore<Child> store_;
};

}  // namespace lscp::referrals
