#include "common/auth/policy.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/config/load.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

using ProtoPolicy = safeguarding::config::v1::Policy;

constexpr char kEveryBorough[] = "*";
constexpr std::string_view kWholeCollection = ".*";

absl::Status Refused(const std::string& entry, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("policy: ", entry, ": ", std::string(why)));
}

// "contacts.submit" or "contacts.*": words with dots between.
bool IsPermission(std::string_view text) {
  if (text.ends_with(kWholeCollection)) text.remove_suffix(kWholeCollection.size());
  bool in_word = false;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!letter && (c != '.' || !in_word)) return false;
    in_word = letter;
  }
  return in_word;
}

bool CoversBorough(const ProtoPolicy::Grant& grant, std::string_view borough) {
  return std::ranges::any_of(grant.boroughs(), [&](const std::string& covered) {
    return covered == kEveryBorough || covered == borough;
  });
}

void AddOnce(std::vector<std::string>& roles, const std::string& role) {
  if (std::ranges::find(roles, role) == roles.end()) roles.push_back(role);
}

}  // namespace

absl::StatusOr<Policy> Policy::Create(const ProtoPolicy& proto) {
  Policy policy;
  policy.proto_ = proto;
  for (const auto& role : proto.roles()) {
    const std::string entry = absl::StrCat("role \"", role.name(), "\"");
    if (role.name().empty()) return Refused(entry, "has no name");
    auto [at, added] = policy.permissions_by_role_.try_emplace(role.name());
    if (!added) return Refused(entry, "is defined twice");
    for (const std::string& permission : role.permissions()) {
      if (!IsPermission(permission)) {
        return Refused(entry, absl::StrCat("malformed permission \"", permission, "\""));
      }
      at->second.insert(permission.ends_with('*') ? permission.substr(0, permission.size() - 1)
                                                  : permission);
    }
  }
  for (int i = 0; i < proto.agencies_size(); ++i) {
    const auto& agency = proto.agencies(i);
    const std::string entry = absl::StrCat("agency \"", agency.id(), "\"");
    if (agency.id().empty()) return Refused(entry, "has no id");
    if (!policy.agency_index_.try_emplace(agency.id(), i).second) {
      return Refused(entry, "is defined twice");
    }
    for (const auto& grant : agency.grants()) {
      if (grant.boroughs().empty()) return Refused(entry, "a grant names no borough");
      for (const auto* roles : {&grant.system_roles(), &grant.person_roles()}) {
        for (const std::string& role : *roles) {
          if (!policy.permissions_by_role_.contains(role)) {
            return Refused(entry, absl::StrCat("role \"", role, "\" is not defined"));
          }
        }
      }
    }
  }
  return policy;
}

absl::StatusOr<Policy> Policy::Load(const std::string& file) {
  ASSIGN_OR_RETURN(const ProtoPolicy proto, LoadTextProto<ProtoPolicy>(file));
  return Create(proto);
}

std::vector<Caller::Grant> Policy::GrantsFor(std::string_view agency, std::string_view person,
                                             const std::vector<std::string>& token_roles,
                                             const std::vector<std::string>& boroughs) const {
  std::vector<Caller::Grant> granted;
  const auto known = agency_index_.find(agency);
  if (known == agency_index_.end()) return granted;
  for (const std::string& borough : boroughs) {
    Caller::Grant here{borough, {}};
    for (const auto& grant : proto_.agencies(known->second).grants()) {
      if (!CoversBorough(grant, borough)) continue;
      for (const std::string& role : person.empty() ? grant.system_roles() : grant.person_roles()) {
        if (person.empty() || std::ranges::find(token_roles, role) != token_roles.end()) {
          AddOnce(here.roles, role);
        }
      }
    }
    if (!here.roles.empty()) granted.push_back(std::move(here));
  }
  return granted;
}

bool Policy::Permits(const std::vector<std::string>& roles, std::string_view permission) const {
  if (permission.empty() || permission.ends_with('.')) return false;
  for (const std::string& role : roles) {
    const auto known = permissions_by_role_.find(role);
    if (known == permissions_by_role_.end()) continue;
    const auto& held = known->second;
    if (held.contains(permission)) return true;
    for (size_t dot = permission.find('.'); dot != std::string_view::npos;
         dot = permission.find('.', dot + 1)) {
      if (held.contains(permission.substr(0, dot + 1))) return true;
    }
  }
  return false;
}

}  // namespace lscp
