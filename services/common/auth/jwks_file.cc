#include "common/auth/jwks_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/config/load.h"
#include "common/observe/log.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

constexpr absl::Duration kBetweenChecks = absl::Seconds(1);

absl::StatusOr<std::shared_ptr<const KeySet>> Read(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string json, ReadFile(file));
  absl::StatusOr<KeySet> set = KeySet::Parse(json);
  if (!set.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot use ", file, ": ", set.status().message()));
  }
  return std::make_shared<const KeySet>(*std::move(set));
}

}  // namespace

absl::StatusOr<std::unique_ptr<JwksFile>> JwksFile::Open(const std::string& file) {
  std::unique_ptr<JwksFile> opened(new JwksFile(file));
  ASSIGN_OR_RETURN(opened->keys_.set, Read(file));
  return opened;
}

JwksFile::Keys JwksFile::Current(absl::Time now) {
  std::lock_guard lock(mutex_);
  // A clock set back must not stop the looking.
  if (now - checked_ >= kBetweenChecks || now < checked_) {
    checked_ = now;
    Reload();
  }
  return keys_;
}

void JwksFile::Reload() {
  if (!state_.Changed()) return;
  auto set = Read(state_.file());
  if (!set.ok()) {
    LogError("key set not reloaded, the old keys stay",
             {{"file", state_.file()}, {"reason", std::string(set.status().message())}});
    return;
  }
  keys_ = {*std::move(set), keys_.generation + 1};
  LogInfo("key set reloaded", {{"file", state_.file()}});
}

}  // namespace lscp
