#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "safeguarding/internal/v1/caller.pb.h"

namespace lscp {

// Who is calling and what they may be where. A value; made by the gateway, received by services in
// metadata `lscp-caller-bin`.
struct Caller {
  struct Grant {
    std::string borough;
    std::vector<std::string> roles;
  };
  std::string agency;
  std::string person;  // empty: the agency's system
  std::string team;
  std::string purpose;
  std::vector<Grant> grants;

  // Roles held in a borough; empty when none.
  const std::vector<std::string>& RolesIn(std::string_view borough) const;

  safeguarding::internal::v1::CallerContext ToProto() const;
  static Caller FromProto(const safeguarding::internal::v1::CallerContext& proto);
};

}  // namespace lscp
