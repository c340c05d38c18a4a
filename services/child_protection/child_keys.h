#pragma once

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "safeguarding/child_protection/v1/child_checks_service.pb.h"
#include "safeguarding/referrals/v1/events.pb.h"

// By what a child is recognised. Keys hold names in a comparable form: whose are equal to the ear
// and to the eye without accents, spaces and hyphens, with the first given name. All functions are
// thread-safe.
namespace lscp::child_protection {

std::string NhsNumberKey(const std::string& nhs_number);

// Of a child who is born.
std::string NameKey(const std::string& family_name, const std::string& given_name,
                    absl::CivilDay birth_date);

// Of an unborn child: the mother's family name and the month in which the child is expected.
std::string UnbornKey(const std::string& family_name, absl::CivilDay expected_birth_date);

// Keys of a child whom an agency asks about: by number and by names, as far as they are given.
// Empty when too little is given.
std::vector<std::string> KeysOf(const safeguarding::child_protection::v1::CheckChildRequest& asked);

// All keys of a child of the register, each once.
std::vector<std::string> KeysOf(const safeguarding::referrals::v1::ChildChanged& child);

}  // namespace lscp::child_protection
