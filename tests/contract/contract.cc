#include "tests/contract/contract.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"

namespace lscp::tests {
namespace {

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", LSCP_CONTRACT, why.c_str());
  std::abort();
}

google::protobuf::DescriptorPool& Pool() {
  static auto& pool = *new google::protobuf::DescriptorPool;
  return pool;
}

template <typename Described>
std::string CommentAbove(const Described& described) {
  google::protobuf::SourceLocation location;
  if (!described.GetSourceLocation(&location)) return "";
  std::string comment = absl::StrReplaceAll(location.leading_comments, {{"\n ", "\n"}});
  if (absl::StartsWith(comment, " ")) comment.erase(0, 1);
  return comment;
}

void Visit(const Descriptor& type, const std::function<void(const FieldDescriptor&)>& visit,
           std::set<const Descriptor*>& seen) {
  if (!IsOurs(type) || !seen.insert(&type).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (RuleOf(field).output_only()) continue;
    visit(field);
    if (field.message_type() != nullptr) Visit(*field.message_type(), visit, seen);
  }
}

}  // namespace

const Contract& Contract::Get() {
  static const auto& contract = *new Contract;
  return contract;
}

Contract::Contract() {
  std::ifstream in(LSCP_CONTRACT, std::ios::binary);
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromIstream(&in)) Fail("cannot be read");
  for (const auto& file : set.file()) {
    const FileDescriptor* built = Pool().BuildFile(file);
    if (built == nullptr) Fail(file.name() + " cannot be built");
    if (!absl::StartsWith(file.name(), "safeguarding/")) continue;
    files_.push_back(built);
    for (int i = 0; i < built->message_type_count(); ++i) Add(*built->message_type(i));
    for (int i = 0; i < built->enum_type_count(); ++i) enums_.push_back(built->enum_type(i));
    for (int i = 0; i < built->service_count(); ++i) {
      for (int j = 0; j < built->service(i)->method_count(); ++j) {
        methods_.push_back(built->service(i)->method(j));
      }
    }
  }
  if (methods_.empty()) Fail("has no methods");
}

void Contract::Add(const Descriptor& message) {
  messages_.push_back(&message);
  for (int i = 0; i < message.nested_type_count(); ++i) Add(*message.nested_type(i));
  for (int i = 0; i < message.enum_type_count(); ++i) enums_.push_back(message.enum_type(i));
}

std::unique_ptr<Message> Contract::NewRequest(const MethodDescriptor& method) const {
  static auto& factory = *new google::protobuf::DynamicMessageFactory(&Pool());
  return std::unique_ptr<Message>(factory.GetPrototype(method.input_type())->New());
}

MethodRule RuleOf(const MethodDescriptor& method) {
  return method.options().GetExtension(safeguarding::options::v1::rule);
}

FieldRule RuleOf(const FieldDescriptor& field) {
  return field.options().GetExtension(safeguarding::options::v1::field);
}

std::string PathOf(const MethodDescriptor& method) {
  return "/" + method.service()->full_name() + "/" + method.name();
}

std::string CommentOf(const MethodDescriptor& method) { return CommentAbove(method); }
std::string CommentOf(const FieldDescriptor& field) { return CommentAbove(field); }

void VisitInput(const Descriptor& type, const std::function<void(const FieldDescriptor&)>& visit) {
  std::set<const Descriptor*> seen;
  Visit(type, visit, seen);
}

bool IsOurs(const Descriptor& type) { return absl::StartsWith(type.full_name(), "safeguarding."); }

}  // namespace lscp::tests
