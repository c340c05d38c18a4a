#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/jwks.h"
#include "common/config/file_state.h"

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
  explicit JwksFile(const std::string& file) : state_(file) {}
  void Reload();

  std::mutex mutex_;  // guards what follows
  FileState state_;
  Keys keys_;
  absl::Time checked_ = absl::InfinitePast();
};

}  // namespace lscp
