#include "gateway/test_contract.h"

#include <cstdlib>
#include <string>

#include "absl/strings/ascii.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/wrappers.pb.h"

namespace lscp::gateway {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::MethodDescriptorProto;
using google::protobuf::ServiceDescriptorProto;
using safeguarding::options::v1::MethodRule;

struct Row {
  const char* name;
  bool client_streams;
  bool server_streams;
  const char* rule;
};

constexpr Row kRows[] = {
    {"Get", false, false,
     "scope: 'name' kind: KIND_READ repeats: REPEATS_FREELY discloses: DISCLOSES_PERSONAL_DATA"},
    {"Change", false, false,
     "scope: 'name' kind: KIND_WRITE repeats: REPEATS_BY_REQUEST_ID discloses: DISCLOSES_NOTHING"},
    {"Decide", false, false,
     "scope: 'name' kind: KIND_WRITE repeats: REPEATS_NEVER discloses: DISCLOSES_NOTHING "
     "needs_person: true default_deadline_ms: 2000 max_deadline_ms: 4000"},
    {"Sweep", false, false, "kind: KIND_READ repeats: REPEATS_FREELY discloses: DISCLOSES_NOTHING"},
    {"Watch", false, true,
     "scope: 'parent' kind: KIND_WATCH repeats: REPEATS_FREELY discloses: DISCLOSES_NOTHING"},
    {"Upload", true, false,
     "scope: 'parent' kind: KIND_WRITE repeats: REPEATS_NEVER discloses: DISCLOSES_NOTHING"},
    {"Chat", true, true,
     "scope: 'parent' kind: KIND_READ repeats: REPEATS_FREELY discloses: DISCLOSES_NOTHING"},
    {"Deliver", false, false,
     "scope: 'parent' kind: KIND_WRITE repeats: REPEATS_BY_REQUEST_ID discloses: DISCLOSES_NOTHING "
     "internal: true"},
};

void AddCompiledIn(const FileDescriptor& file, FileDescriptorSet& files) {
  for (int i = 0; i < file.dependency_count(); ++i) AddCompiledIn(*file.dependency(i), files);
  file.CopyTo(files.add_file());
}

void AddMethod(const Row& row, ServiceDescriptorProto& service) {
  MethodDescriptorProto* method = service.add_method();
  method->set_name(row.name);
  method->set_input_type(".google.protobuf.StringValue");
  method->set_output_type(".google.protobuf.StringValue");
  method->set_client_streaming(row.client_streams);
  method->set_server_streaming(row.server_streams);
  MethodRule* rule = method->mutable_options()->MutableExtension(safeguarding::options::v1::rule);
  if (!google::protobuf::TextFormat::ParseFromString(row.rule, rule)) std::abort();
  rule->set_permission("things." + absl::AsciiStrToLower(row.name));
}

}  // namespace

FileDescriptorSet TestContract() {
  FileDescriptorSet files;
  AddCompiledIn(*google::protobuf::StringValue::descriptor()->file(), files);
  AddCompiledIn(*MethodRule::descriptor()->file(), files);
  FileDescriptorProto* file = files.add_file();
  file->set_name("example/v1/things_service.proto");
  file->set_package("example.v1");
  file->set_syntax("proto3");
  file->add_dependency("google/protobuf/wrappers.proto");
  file->add_dependency("safeguarding/options/v1/options.proto");
  ServiceDescriptorProto* service = file->add_service();
  service->set_name("Things");
  for (const Row& row : kRows) AddMethod(row, *service);
  return files;
}

MethodTable TestMethods() {
  absl::StatusOr<MethodTable> methods = MethodTable::Create(TestContract());
  if (!methods.ok()) std::abort();
  return *std::move(methods);
}

}  // namespace lscp::gateway
