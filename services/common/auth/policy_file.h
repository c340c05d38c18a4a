#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/auth/policy.h"
#include "common/config/file_state.h"

namespace lscp {

// The permission policy of a file, read again when the file changes, so that a right that is taken
// away is gone without a restart. Current() is thread-safe.
class PolicyFile {
 public:
  // Errors as of Policy::Load.
  static absl::StatusOr<std::unique_ptr<PolicyFile>> Open(const std::string& file);

  std::shared_ptr<const Policy> Current() const { return current_.load(); }

  // Reads the file if it is another than before. A file that does not hold a policy is logged and
  // changes nothing. Reads from disk: not for threads that serve calls; one thread at a time. True
  // when the policy was replaced.
  bool Refresh();

 private:
  explicit PolicyFile(const std::string& file) : state_(file) {}

  FileState state_;
  std::atomic<std::shared_ptr<const Policy>> current_;
};

}  // namespace lscp
