#include "common/auth/caller.h"

namespace lscp {

const std::vector<std::string>& Caller::RolesIn(std::string_view borough) const {
  static const auto& none = *new std::vector<std::string>;
  for (const Grant& grant : grants) {
    if (grant.borough == borough) return grant.roles;
  }
  return none;
}

safeguarding::internal::v1::CallerContext Caller::ToProto() const {
  safeguarding::internal::v1::CallerContext proto;
  proto.set_agency(agency);
  proto.set_person(person);
  proto.set_team(team);
  proto.set_purpose(purpose);
  for (const Grant& grant : grants) {
    auto* added = proto.add_grants();
    added->set_borough(grant.borough);
    for (const std::string& role : grant.roles) added->add_roles(role);
  }
  return proto;
}

Caller Caller::FromProto(const safeguarding::internal::v1::CallerContext& proto) {
  Caller caller{.agency = proto.agency(),
                .person = proto.person(),
                .team = proto.team(),
                .purpose = proto.purpose(),
                .grants = {}};
  for (const auto& grant : proto.grants()) {
    caller.grants.push_back({grant.borough(), {grant.roles().begin(), grant.roles().end()}});
  }
  return caller;
}

}  // namespace lscp
