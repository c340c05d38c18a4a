#include "common/lifecycle/peer_origin.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"
#include "common/validate/resource_name.h"

namespace lscp {
namespace {

std::set<std::string> BoroughsOf(const safeguarding::config::v1::ServiceConfig& config,
                                 const std::string& agency) {
  std::set<std::string> boroughs;
  for (const auto& subscriber : config.subscribers()) {
    if (!subscriber.has_peer() || subscriber.peer().agency() != agency) continue;
    boroughs.insert(subscriber.boroughs().begin(), subscriber.boroughs().end());
  }
  return boroughs;
}

}  // namespace

absl::Status CheckPeerOrigin(const safeguarding::config::v1::ServiceConfig& config,
                             const Call& call,
                             const safeguarding::events::v1::DeliverFromPeerRequest& request) {
  const std::set<std::string> answered_for = BoroughsOf(config, call.caller.agency);
  std::vector<FieldViolation> violations;
  for (int i = 0; i < request.events_size(); ++i) {
    const auto& event = request.events(i);
    const std::vector<std::string> id = absl::StrSplit(event.id(), '/');
    if (id.size() != 3 || !answered_for.contains(id[1])) {
      return PermissionDenied(call.permission, request.parent());
    }
    if (BoroughOf(event.resource()) != id[1]) {
      violations.push_back({absl::StrCat("events[", i, "].resource"),
                            "is not of the borough that the event comes from"});
    }
    if (BoroughOf(event.subject()) != call.borough) {
      violations.push_back(
          {absl::StrCat("events[", i, "].subject"), "is not of the borough that is called"});
    }
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

}  // namespace lscp
