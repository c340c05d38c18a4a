#include "gateway/policy_source.h"

#include <utility>

#include "common/status/macros.h"

namespace lscp::gateway {

absl::StatusOr<std::unique_ptr<PolicySource>> PolicySource::Open(
    const std::string& file, std::set<std::string, std::less<>> routed) {
  auto source = std::unique_ptr<PolicySource>(new PolicySource(std::move(routed)));
  ASSIGN_OR_RETURN(source->file_, PolicyFile::Open(file));
  source->Take(*source->file_->Current());
  return source;
}

void PolicySource::Take(const Policy& policy) {
  auto snapshot = std::make_shared<PolicySnapshot>(PolicySnapshot{policy, {}, routed_});
  for (const auto& agency : snapshot->policy.proto().agencies()) {
    snapshot->agencies.insert(agency.id());
    for (const auto& grant : agency.grants()) {
      for (const std::string& borough : grant.boroughs()) {
        if (borough != "*") snapshot->boroughs.insert(borough);
      }
    }
  }
  current_.store(std::move(snapshot));
}

bool PolicySource::Refresh() {
  if (!file_->Refresh()) return false;
  Take(*file_->Current());
  return true;
}

}  // namespace lscp::gateway
