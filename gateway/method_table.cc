#include "gateway/method_table.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "grpc/health/v1/health.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"

namespace lscp::gateway {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using safeguarding::options::v1::KIND_UNSPECIFIED;
using safeguarding::options::v1::MethodRule;

absl::Status AddFile(const FileDescriptorProto& file, DescriptorPool& pool) {
  if (pool.FindFileByName(file.name()) || pool.BuildFile(file)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the descriptor of '", file.name(), "' does not fit the rest of its set"));
}

// The server answers health and reflection itself; their descriptors are compiled in.
absl::Status AddOwnServices(DescriptorPool& pool) {
  for (const FileDescriptor* file :
       {grpc::health::v1::HealthCheckRequest::descriptor()->file(),
        grpc::reflection::v1alpha::ServerReflectionRequest::descriptor()->file()}) {
    FileDescriptorProto proto;
    file->CopyTo(&proto);
    RETURN_IF_ERROR(AddFile(proto, pool));
  }
  return absl::OkStatus();
}

std::unique_ptr<const Method> MakeMethod(const MethodDescriptor& method, const MethodRule& rule) {
  auto entry = std::make_unique<Method>();
  entry->path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
  entry->package = method.file()->package();
  entry->service = method.service()->full_name();
  entry->name = method.name();
  entry->client_streams = method.client_streaming();
  entry->server_streams = method.server_streaming();
  entry->rule = rule;
  return entry;
}

}  // namespace

absl::StatusOr<MethodTable> MethodTable::Load(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  FileDescriptorSet files;
  if (!in || !files.ParseFromIstream(&in)) {
    return absl::FailedPreconditionError(absl::StrCat("no descriptor set in '", file, "'"));
  }
  return Create(files);
}

absl::StatusOr<MethodTable> MethodTable::Create(const FileDescriptorSet& files) {
  MethodTable table;
  table.pool_ = std::make_unique<DescriptorPool>();
  for (const FileDescriptorProto& file : files.file()) {
    RETURN_IF_ERROR(AddFile(file, *table.pool_));
  }
  RETURN_IF_ERROR(AddOwnServices(*table.pool_));
  for (const FileDescriptorProto& proto : files.file()) {
    const FileDescriptor* file = table.pool_->FindFileByName(proto.name());
    for (int i = 0; i < file->service_count(); ++i) {
      RETURN_IF_ERROR(table.AddService(*file->service(i)));
    }
  }
  std::sort(table.services_.begin(), table.services_.end());
  return table;
}

absl::Status MethodTable::AddService(const ServiceDescriptor& service) {
  const size_t before = methods_.size();
  for (int i = 0; i < service.method_count(); ++i) {
    const MethodDescriptor& method = *service.method(i);
    // The pool keeps options in the compiled-in type, which knows the suite's extensions.
    const MethodRule& rule = method.options().GetExtension(safeguarding::options::v1::rule);
    if (rule.kind() == KIND_UNSPECIFIED) {
      return absl::FailedPreconditionError(
          absl::StrCat("method '", method.full_name(), "' states no rule"));
    }
    if (rule.internal()) continue;
    methods_.push_back(MakeMethod(method, rule));
    by_path_[methods_.back()->path] = methods_.back().get();
  }
  if (methods_.size() > before) services_.push_back(service.full_name());
  return absl::OkStatus();
}

const Method* MethodTable::Find(std::string_view path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : found->second;
}

}  // namespace lscp::gateway
