#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/auth/caller.h"

namespace lscp {

// What is known of a call once it is authorised. Travels with the work that the call causes.
struct Call {
  Caller caller;
  std::string method;                 // "safeguarding.referrals.v1.ContactsService/SubmitContact"
  std::string borough;                // "barnet", or "-" for a list across boroughs
  std::vector<std::string> boroughs;  // those the caller may see with this call
  std::string permission;             // that was checked
  std::string trace_id;               // 32 hex digits
  absl::Time now;  // when the call was accepted; the one "now" of everything it does
  absl::Time deadline = absl::InfiniteFuture();
};

}  // namespace lscp
