#include "common/auth/policy_file.h"

#include <utility>

#include "common/observe/log.h"
#include "common/status/macros.h"

namespace lscp {

absl::StatusOr<std::unique_ptr<PolicyFile>> PolicyFile::Open(const std::string& file) {
  std::unique_ptr<PolicyFile> opened(new PolicyFile(file));
  ASSIGN_OR_RETURN(Policy policy, Policy::Load(file));
  opened->current_.store(std::make_shared<const Policy>(std::move(policy)));
  return opened;
}

bool PolicyFile::Refresh() {
  if (!state_.Changed()) return false;
  absl::StatusOr<Policy> policy = Policy::Load(state_.file());
  if (!policy.ok()) {
    LogError("the policy file changed and holds no policy; the last one stays in force",
             {{"error", std::string(policy.status().message())}});
    return false;
  }
  current_.store(std::make_shared<const Policy>(*std::move(policy)));
  LogInfo("policy read again", {{"file", state_.file()}});
  return true;
}

}  // namespace lscp
