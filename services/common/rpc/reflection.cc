#include "common/rpc/reflection.h"

#include <set>

#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"

namespace lscp::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using grpc::reflection::v1alpha::ServerReflectionRequest;
using grpc::reflection::v1alpha::ServerReflectionResponse;

// What reflection knows; shared by all streams and never changed.
struct Knowledge {
  const DescriptorPool* pool;
  std::vector<std::string> services;
};

void NotFound(const std::string& what, ServerReflectionResponse& reply) {
  reply.mutable_error_response()->set_error_code(grpc::StatusCode::NOT_FOUND);
  reply.mutable_error_response()->set_error_message(what + " is not known here");
}

// A file and everything it imports, imports first: clients need them all.
void AddFile(const FileDescriptor& file, std::set<std::string>& added,
             ServerReflectionResponse& reply) {
  if (!added.insert(file.name()).second) return;
  for (int i = 0; i < file.dependency_count(); ++i) AddFile(*file.dependency(i), added, reply);
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  reply.mutable_file_descriptor_response()->add_file_descriptor_proto(proto.SerializeAsString());
}

void AddFileOrError(const FileDescriptor* file, const std::string& asked,
                    ServerReflectionResponse& reply) {
  if (file == nullptr) return NotFound("'" + asked + "'", reply);
  std::set<std::string> added;
  AddFile(*file, added, reply);
}

ServerReflectionResponse Answer(const Knowledge& knowledge,
                                const ServerReflectionRequest& request) {
  ServerReflectionResponse reply;
  reply.set_valid_host(request.host());
  *reply.mutable_original_request() = request;
  const DescriptorPool& pool = *knowledge.pool;
  switch (request.message_request_case()) {
    case ServerReflectionRequest::kListServices:
      for (const std::string& name : knowledge.services) {
        reply.mutable_list_services_response()->add_service()->set_name(name);
      }
      break;
    case ServerReflectionRequest::kFileByFilename:
      AddFileOrError(pool.FindFileByName(request.file_by_filename()), request.file_by_filename(),
                     reply);
      break;
    case ServerReflectionRequest::kFileContainingSymbol:
      AddFileOrError(pool.FindFileContainingSymbol(request.file_containing_symbol()),
                     request.file_containing_symbol(), reply);
      break;
    case ServerReflectionRequest::kFileContainingExtension: {
      const auto& asked = request.file_containing_extension();
      const auto* type = pool.FindMessageTypeByName(asked.containing_type());
      const auto* extension =
          type ? pool.FindExtensionByNumber(type, asked.extension_number()) : nullptr;
      AddFileOrError(extension ? extension->file() : nullptr, asked.containing_type(), reply);
      break;
    }
    case ServerReflectionRequest::kAllExtensionNumbersOfType: {
      const auto* type = pool.FindMessageTypeByName(request.all_extension_numbers_of_type());
      if (type == nullptr) {
        NotFound("'" + request.all_extension_numbers_of_type() + "'", reply);
        break;
      }
      std::vector<const google::protobuf::FieldDescriptor*> extensions;
      pool.FindAllExtensions(type, &extensions);
      auto* numbers = reply.mutable_all_extension_numbers_response();
      numbers->set_base_type_name(type->full_name());
      for (const auto* extension : extensions) numbers->add_extension_number(extension->number());
      break;
    }
    case ServerReflectionRequest::MESSAGE_REQUEST_NOT_SET:
      reply.mutable_error_response()->set_error_code(grpc::StatusCode::INVALID_ARGUMENT);
      reply.mutable_error_response()->set_error_message("the request asks for nothing");
      break;
  }
  return reply;
}

// One stream: a question, its answer, the next question. Deletes itself.
class Stream : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit Stream(std::shared_ptr<const Knowledge> knowledge) : knowledge_(std::move(knowledge)) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    ServerReflectionRequest request;
    if (!request.ParseFromString(ToString(request_))) {
      return Finish({grpc::StatusCode::INVALID_ARGUMENT, "not a ServerReflectionRequest"});
    }
    reply_ = ToByteBuffer(Answer(*knowledge_, request).SerializeAsString());
    StartWrite(&reply_);
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return Finish({grpc::StatusCode::CANCELLED, "the caller went away"});
    StartRead(&request_);
  }

  void OnDone() override { delete this; }

 private:
  const std::shared_ptr<const Knowledge> knowledge_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer reply_;
};

}  // namespace

std::unique_ptr<RawService> MakeReflectionService(const DescriptorPool* pool,
                                                  std::vector<std::string> service_names) {
  auto knowledge = std::make_shared<const Knowledge>(Knowledge{pool, std::move(service_names)});
  auto service = std::make_unique<RawService>();
  for (const char* path : {"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                           "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"}) {
    service->AddBidi(path,
                     [knowledge](grpc::CallbackServerContext*) { return new Stream(knowledge); });
  }
  return service;
}

}  // namespace lscp::rpc
