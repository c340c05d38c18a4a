#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/store/resource_store.h"
#include "safeguarding/referrals/v1/contacts_service.pb.h"

namespace lscp::referrals {

namespace pb = safeguarding::referrals::v1;

// The contacts of the database, without their agency checks. What belongs to a restricted child is
// there only for the people who may see the child; to others it is absent. Immutable and
// thread-safe; errors as of ResourceStore.
class ContactStore {
 public:
  using Store = ResourceStore<pb::Contact>;

  ContactStore();

  std::string NewName(std::string_view borough, absl::Time now) const;
  absl::Status Insert(Transaction& tx, pb::Contact& contact, Event event) const;
  absl::StatusOr<pb::Contact> Lock(Transaction& tx, std::string_view name,
                                   std::string_view etag) const;
  // As it is, neither locked nor hidden: for those who were asked about it.
  absl::StatusOr<pb::Contact> Read(Transaction& tx, std::string_view name) const;
  absl::Status Update(Transaction& tx, pb::Contact& contact,
                      std::optional<Event> event = std::nullopt) const;
  // Update after a child of the contact was tied to the register.
  absl::Status UpdateLink(Transaction& tx, pb::Contact& contact,
                          const pb::ConcernedChild& child) const;

  absl::StatusOr<pb::Contact> Get(Reading& reading, std::string_view name) const;
  // The hub's queue.
  absl::StatusOr<Store::Page> List(Reading& reading, const pb::ListContactsRequest& request) const;

  // As its sender may read it: a restriction does not hide from an agency what it sent.
  absl::StatusOr<pb::Contact> GetSent(Reading& reading, std::string_view name) const;
  // Those of the calling agency, the latest received first.
  absl::StatusOr<Store::Page> ListSent(Reading& reading,
                                       const pb::ListMyReferralsRequest& request) const;

 private:
  const Store store_;
};

}  // namespace lscp::referrals
