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

// What identifies a version of the file; a symbolic link swapped by Kubernetes leads to another
// inode.
struct stat Look(const std::string& file) {
  struct stat about = {};
  if (stat(file.c_str(), &about) != 0) about = {};
  return about;
}

bool IsSame(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

}  // namespace

absl::StatusOr<std::unique_ptr<JwksFile>> JwksFile::Open(const std::string& file) {
  std::unique_ptr<JwksFile> opened(new JwksFile(file));
  opened->seen_ = Look(file);  // before reading: a change in between is seen at the next look
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
  const struct stat about = Look(file_);
  if (IsSame(about, seen_)) return;
  seen_ = about;
  auto set = Read(file_);
  if (!set.ok()) {
    LogError("key set not reloaded, the old keys stay",
             {{"file", file_}, {"reason", std::string(set.status().message())}});
    return;
  }
  keys_ = {*std::move(set), keys_.generation + 1};
  LogInfo("key set reloaded", {{"file", file_}});
}

}  // namespace lscp
