#pragma once

#include <optional>
#include <set>
#include <string_view>

#include "common/journal/call.h"
#include "common/journal/feed.h"
#include "common/rpc/methods.h"
#include "safeguarding/referrals/v1/contacts_service.pb.h"

namespace lscp::referrals {

namespace pb = safeguarding::referrals::v1;

inline constexpr std::string_view kContactsService = "safeguarding.referrals.v1.ContactsService";

// What the method behind a journal entry does to a contact; UNSPECIFIED when it is none of the
// contacts service's.
pb::ContactChange ChangeOf(const FeedEntry& entry);

// The entry is of a resource of this collection, in a borough that the call may see.
bool IsOf(const FeedEntry& entry, const Call& call, std::string_view collection);

// What WatchContacts sends for an entry. `changes`: only these; all when empty.
std::optional<rpc::WatchReply> ForHub(const Call& call, const std::set<int>& changes,
                                      const FeedEntry& entry);

}  // namespace lscp::referrals
