#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/referrals/v1/contacts_service.pb.h"

namespace lscp::referrals {

namespace pb = safeguarding::referrals::v1;

// The agency checks of the database. Immutable and thread-safe; errors as of ResourceStore.
class AgencyCheckStore {
 public:
  using Store = ResourceStore<pb::AgencyCheck>;

  AgencyCheckStore();

  absl::Status Insert(Transaction& tx, pb::AgencyCheck& check) const;
  // A check that the calling agency was asked; others are absent.
  absl::StatusOr<pb::AgencyCheck> LockMine(Transaction& tx, std::string_view name,
                                           std::string_view etag) const;
  absl::Status Update(Transaction& tx, pb::AgencyCheck& check,
                      std::optional<Event> event = std::nullopt) const;

  // The checks of a contact that the caller may see, in the order in which they were requested.
  absl::StatusOr<std::vector<pb::AgencyCheck>> Of(db::Connection& db,
                                                  std::string_view contact) const;
  // The same, locked until the transaction ends.
  absl::StatusOr<std::vector<pb::AgencyCheck>> LockOf(Transaction& tx,
                                                      std::string_view contact) const;

  // Those of the calling agency, the earliest due first.
  absl::StatusOr<Store::Page> ListMine(Reading& reading,
                                       const pb::ListMyAgencyChecksRequest& request) const;

 private:
  const Store store_;
};

}  // namespace lscp::referrals
