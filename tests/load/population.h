#pragma once

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"
#include "common/testing/mariadb.h"
#include "safeguarding/child_protection/v1/child_checks_service.pb.h"

namespace lscp::tests {

// An invented child: for the same number always the same, and no two alike. A field is as long for
// all, so that one child's can stand where another's was.
struct InventedChild {
  std::string id;
  std::string nhs_number;  // a valid one of those that the NHS does not issue
  std::string family_name, given_name;
  absl::CivilDay birth_date;
  bool has_plan = false;    // one in twenty has a child protection plan
  bool restricted = false;  // one in a hundred
};
constexpr int64_t kMostChildren = 10'000'000;
InventedChild ChildNumber(int64_t number);  // below kMostChildren

// Has the tables of child_protection in `schema`, which know nobody yet, hold the children with the
// numbers below `count`, as if the register had told of them. `directory` is for files, which are
// gone when this returns. Ends the process with a message when the server refuses something.
void Populate(testing::TestMariaDb& server, const std::string& schema, const std::string& borough,
              const std::string& directory, int64_t count);

// What an agency asks about the child: number, names and date of birth.
safeguarding::child_protection::v1::CheckChildRequest CheckOf(const std::string& borough,
                                                              const InventedChild& child);

}  // namespace lscp::tests
