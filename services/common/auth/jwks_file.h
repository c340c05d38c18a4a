#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/jwks.h"

namespace lscp {

// A key set in a file, re-read when the file changes. Thread-safe.
class JwksFile {
 public:
  // Reads the file. INVALID_ARGUMENT or the reason why it cannot be read, with its name.
  static absl::StatusOr<std::unique_ptr<JwksFile>> Open(const std::string& file);

  struct Keys {
    std::shared_ptr<const KeySet> set;
    uint64_t generation = 0;  // another number for another set
  };

  // The keys that hold at `now`. Looks at the file at most once a second; a bad new one is logged
  // once, and the keys before it stay.
  Keys Current(absl::Time now);

 private:
  explicit JwksFile(std::string file) : file_(std::move(file)) {}
  void Reload();

  const std::string file_;
  std::mutex mutex_;  // guards what follows
  Keys keys_;
  absl::Time checked_ = absl::InfinitePast();
  struct stat seen_ = {};  // all zero while the file is missing
};

}  // namespace lscp
