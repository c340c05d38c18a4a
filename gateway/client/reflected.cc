#include "gateway/client/reflected.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"

namespace lscp::client {
namespace {

using google::protobuf::FileDescriptorProto;
using google::protobuf::MethodDescriptor;
using grpc::reflection::v1alpha::ServerReflectionRequest;
using grpc::reflection::v1alpha::ServerReflectionResponse;

constexpr char kPath[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

absl::StatusOr<ServerReflectionResponse> Ask(Channel& channel,
                                             const ServerReflectionRequest& request) {
  ServerReflectionResponse reply;
  RETURN_IF_ERROR(
      channel.Stream(kPath, request.SerializeAsString(), {}, [&](const std::string& bytes) {
        reply.ParseFromString(bytes);
        return false;
      }));
  if (reply.has_error_response())
    return InvalidField("method", reply.error_response().error_message());
  return reply;
}

}  // namespace

absl::StatusOr<const MethodDescriptor*> Reflected::FindMethod(const std::string& name) {
  const size_t split = name.find_last_of("./");
  if (split == std::string::npos) return InvalidField("method", "is not SERVICE.METHOD");
  ASSIGN_OR_RETURN(const std::string service, FullServiceName(name.substr(0, split)));
  RETURN_IF_ERROR(Load(service));
  const auto* descriptor = pool_.FindServiceByName(service);
  const MethodDescriptor* method =
      descriptor ? descriptor->FindMethodByName(name.substr(split + 1)) : nullptr;
  if (method != nullptr) return method;
  std::string known;
  for (int i = 0; descriptor && i < descriptor->method_count(); ++i) {
    absl::StrAppend(&known, i == 0 ? ": " : ", ", descriptor->method(i)->name());
  }
  return InvalidField("method", absl::StrCat("is not one of ", service, known));
}

std::unique_ptr<google::protobuf::Message> Reflected::NewMessage(
    const google::protobuf::Descriptor* type) {
  return std::unique_ptr<google::protobuf::Message>(factory_.GetPrototype(type)->New());
}

absl::StatusOr<std::string> Reflected::FullServiceName(const std::string& service) {
  ServerReflectionRequest request;
  request.set_list_services("");
  ASSIGN_OR_RETURN(const ServerReflectionResponse reply, Ask(*channel_, request));
  std::string found;
  std::string known;
  for (const auto& entry : reply.list_services_response().service()) {
    if (entry.name() == service) return service;
    absl::StrAppend(&known, known.empty() ? "" : ", ", entry.name());
    if (!entry.name().ends_with("." + service)) continue;
    if (!found.empty()) return InvalidField("method", "names several services; give the package");
    found = entry.name();
  }
  if (found.empty()) return InvalidField("method", "names none of the services: " + known);
  return found;
}

absl::Status Reflected::Load(const std::string& symbol) {
  ServerReflectionRequest request;
  request.set_file_containing_symbol(symbol);
  ASSIGN_OR_RETURN(const ServerReflectionResponse reply, Ask(*channel_, request));
  for (const std::string& bytes : reply.file_descriptor_response().file_descriptor_proto()) {
    FileDescriptorProto file;
    if (!file.ParseFromString(bytes)) return absl::InternalError("reflection gave no descriptor");
    FileDescriptorProto known;
    if (!database_.FindFileByName(file.name(), &known)) database_.Add(file);
  }
  return absl::OkStatus();
}

}  // namespace lscp::client
