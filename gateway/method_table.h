#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "safeguarding/options/v1/options.pb.h"

namespace lscp::gateway {

// What the gateway knows of a method: its place in the contract and the contract's rule for it.
struct Method {
  std::string path;     // "/safeguarding.referrals.v1.ContactsService/GetContact"
  std::string package;  // "safeguarding.referrals.v1"
  std::string service;  // "safeguarding.referrals.v1.ContactsService"
  std::string name;     // "GetContact"
  bool client_streams = false;
  bool server_streams = false;
  safeguarding::options::v1::MethodRule rule;

  bool streams() const { return client_streams || server_streams; }
};

// The methods that partners may call, read from the suite's descriptor set: a new service or method
// needs no code here. Methods that services keep among themselves (rule.internal) are not in it.
// Immutable and thread-safe; what it hands out lives as long as it does.
class MethodTable {
 public:
  // FAILED_PRECONDITION when the file cannot be read, is no descriptor set, or has a method without
  // a rule.
  static absl::StatusOr<MethodTable> Load(const std::string& file);
  static absl::StatusOr<MethodTable> Create(const google::protobuf::FileDescriptorSet& files);

  // nullptr for what is not in the table.
  const Method* Find(std::string_view path) const;

  const std::vector<std::unique_ptr<const Method>>& methods() const { return methods_; }
  // Full names of the services that have such a method, sorted.
  const std::vector<std::string>& services() const { return services_; }
  // Everything in the set, and gRPC's own health and reflection services, for reflection.
  const google::protobuf::DescriptorPool& pool() const { return *pool_; }

 private:
  MethodTable() = default;
  absl::Status AddService(const google::protobuf::ServiceDescriptor& service);

  std::unique_ptr<google::protobuf::DescriptorPool> pool_;
  std::vector<std::unique_ptr<const Method>> methods_;
  std::vector<std::string> services_;
  std::unordered_map<std::string_view, const Method*> by_path_;
};

}  // namespace lscp::gateway
