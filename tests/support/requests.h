#pragma once

#include <string>

#include "safeguarding/referrals/v1/contacts_service.pb.h"

namespace lscp::tests {

// A request_id that nobody has used.
std::string NewRequestId();

// What a school sends about one invented child: complete and well-formed.
safeguarding::referrals::v1::SubmitContactRequest ConcernOf(const std::string& borough,
                                                            const std::string& reference);

// The hub's decision that early help will do, with words for the sender, of a contact as it was
// read.
safeguarding::referrals::v1::DecideContactRequest EarlyHelpFor(
    const safeguarding::referrals::v1::Contact& contact);

}  // namespace lscp::tests
