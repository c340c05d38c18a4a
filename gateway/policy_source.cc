#include "gateway/policy_source.h"

#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "common/observe/log.h"
#include "common/status/macros.h"

namespace lscp::gateway {
namespace {

// Differs when the file was written or replaced; a mounted ConfigMap is replaced by a symlink.
std::string StateOf(const std::string& file) {
  struct stat info {};
  if (stat(file.c_str(), &info) != 0) return "";
  return absl::StrCat(info.st_ino, "/", info.st_size, "/", info.st_mtim.tv_sec, ".",
                      info.st_mtim.tv_nsec);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PolicySource>> PolicySource::Open(
    const std::string& file, std::set<std::string, std::less<>> routed) {
  auto source = std::unique_ptr<PolicySource>(new PolicySource(file, std::move(routed)));
  source->seen_ = StateOf(file);
  RETURN_IF_ERROR(source->Read());
  return source;
}

absl::Status PolicySource::Read() {
  ASSIGN_OR_RETURN(Policy policy, Policy::Load(file_));
  auto snapshot = std::make_shared<PolicySnapshot>(PolicySnapshot{std::move(policy), {}, routed_});
  for (const auto& agency : snapshot->policy.proto().agencies()) {
    snapshot->agencies.insert(agency.id());
    for (const auto& grant : agency.grants()) {
      for (const std::string& borough : grant.boroughs()) {
        if (borough != "*") snapshot->boroughs.insert(borough);
      }
    }
  }
  current_.store(std::move(snapshot));
  return absl::OkStatus();
}

bool PolicySource::Refresh() {
  std::string state = StateOf(file_);
  if (state.empty() || state == seen_) return false;
  seen_ = std::move(state);
  const absl::Status read = Read();
  if (!read.ok()) {
    LogError("the policy file changed and holds no policy; the last one stays in force",
             {{"error", std::string(read.message())}});
    return false;
  }
  LogInfo("policy read again", {{"file", file_}});
  return true;
}

}  // namespace lscp::gateway
