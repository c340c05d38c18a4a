#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/caller.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp {

// The permission policy: which agency holds which roles where, and what a role permits. Immutable
// and thread-safe.
class Policy {
 public:
  // INVALID_ARGUMENT naming the entry: a role granted but not defined, a role or agency defined
  // twice, a malformed permission, a grant without a borough.
  static absl::StatusOr<Policy> Create(const safeguarding::config::v1::Policy& proto);
  // Reads the text-format file.
  static absl::StatusOr<Policy> Load(const std::string& file);

  // What the agency's caller may be in each of `boroughs`: the system roles when `person` is empty,
  // else those person roles that the token names. A borough in which it has no role is left out; an
  // unknown agency is granted nothing.
  std::vector<Caller::Grant> GrantsFor(std::string_view agency, std::string_view person,
                                       const std::vector<std::string>& token_roles,
                                       const std::vector<std::string>& boroughs) const;

  // One of the roles holds the permission, by name or as part of a collection ("contacts.*").
  bool Permits(const std::vector<std::string>& roles, std::string_view permission) const;

  const safeguarding::config::v1::Policy& proto() const { return proto_; }

 private:
  safeguarding::config::v1::Policy proto_;
  // A whole collection ("contacts.*") is kept as its prefix ("contacts.").
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> permissions_by_role_;
  std::map<std::string, int, std::less<>> agency_index_;
};

}  // namespace lscp
