#pragma once

#include <string>

#include "safeguarding/referrals/v1/contacts_service.pb.h"

namespace lscp::tests {

// A request_id that nobody has used.
std::string NewRequestId();

// What a school sends about one invented child: complete and well-formed.
safeguarding::referrals::v1::SubmitContactRequest ConcernOf(const std::string& borough,
                                                            const std::string& reference);

}  // namespace lscp::tests
