#include "common/config/file_state.h"

#include <utility>

namespace lscp {
namespace {

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

FileState::FileState(std::string file) : file_(std::move(file)), seen_(Look(file_)) {}

bool FileState::Changed() {
  const struct stat now = Look(file_);
  if (IsSame(now, seen_)) return false;
  seen_ = now;
  return true;
}

}  // namespace lscp
