#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/journal/chore.h"
#include "common/store/resource_store.h"
#include "safeguarding/child_protection/v1/conferences_service.pb.h"

namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// The invitations of the database. Immutable and thread-safe; errors as of ResourceStore.
class InvitationStore {
 public:
  using Store = ResourceStore<pb::Invitation>;

  InvitationStore();

  absl::Status Insert(Transaction& tx, pb::Invitation& invitation) const;
  absl::Status Update(Transaction& tx, pb::Invitation& invitation,
                      std::optional<Event> event = std::nullopt) const;
  // An invitation of the calling agency; others are absent.
  absl::StatusOr<pb::Invitation> LockMine(Transaction& tx, std::string_view name,
                                          std::string_view etag) const;

  // Any invitation, for the service itself.
  absl::StatusOr<pb::Invitation> Lock(Transaction& tx, std::string_view name) const;
  // Invitations whose reminder is due, the longest due first, `most` at most.
  absl::StatusOr<std::vector<Chore::Thing>> ToRemind(db::Connection& db, absl::Time now,
                                                     int most) const;

  // The invitations of a conference that the caller may see, in the order in which they were sent.
  absl::StatusOr<std::vector<pb::Invitation>> Of(db::Connection& db,
                                                 std::string_view conference) const;
  // The same, locked until the transaction ends.
  absl::StatusOr<std::vector<pb::Invitation>> LockOf(Transaction& tx,
                                                     std::string_view conference) const;

  // Those of the calling agency, the next conference first.
  absl::StatusOr<Store::Page> ListMine(Reading& reading,
                                       const pb::ListMyInvitationsRequest& request) const;

 private:
  const Store store_;
};

}  // namespace lscp::child_protection
