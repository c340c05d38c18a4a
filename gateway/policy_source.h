#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/auth/policy_file.h"

namespace lscp::gateway {

// A policy with what the gateway asks of it at every call.
struct PolicySnapshot {
  Policy policy;
  std::set<std::string, std::less<>> agencies;
  std::set<std::string, std::less<>> boroughs;  // every one that a grant or a route names
};

// The permission policy of a file, read again when the file changes. Thread-safe.
class PolicySource {
 public:
  // `routed` are the boroughs that routes name. Errors as of Policy::Load.
  static absl::StatusOr<std::unique_ptr<PolicySource>> Open(
      const std::string& file, std::set<std::string, std::less<>> routed);

  std::shared_ptr<const PolicySnapshot> Current() const { return current_.load(); }

  // Reads the file if it is another than before. A file that does not hold a policy is logged and
  // changes nothing. Reads from disk: not for threads that serve calls. True when it was replaced.
  bool Refresh();

 private:
  explicit PolicySource(std::set<std::string, std::less<>> routed) : routed_(std::move(routed)) {}
  void Take(const Policy& policy);

  const std::set<std::string, std::less<>> routed_;
  std::unique_ptr<PolicyFile> file_;
  std::atomic<std::shared_ptr<const PolicySnapshot>> current_;
};

}  // namespace lscp::gateway
