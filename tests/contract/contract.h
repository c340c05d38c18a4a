#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "safeguarding/options/v1/options.pb.h"

namespace lscp::tests {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using safeguarding::options::v1::FieldRule;
using safeguarding::options::v1::MethodRule;

// The public contract as the protos of this repository say it, comments included: what holds of
// every method is tested on every method, also of services that are yet to be written. Read from
// the descriptor set that the build makes, so nothing must be linked for it. Thread-safe.
class Contract {
 public:
  // Ends the process with a message when the descriptor set cannot be read.
  static const Contract& Get();

  const std::vector<const FileDescriptor*>& files() const { return files_; }  // of this repository
  const std::vector<const MethodDescriptor*>& methods() const { return methods_; }
  const std::vector<const Descriptor*>& messages() const { return messages_; }  // nested ones too
  const std::vector<const EnumDescriptor*>& enums() const { return enums_; }

  // An empty message of the method's request type.
  std::unique_ptr<Message> NewRequest(const MethodDescriptor& method) const;

 private:
  Contract();
  void Add(const Descriptor& message);

  std::vector<const FileDescriptor*> files_;
  std::vector<const MethodDescriptor*> methods_;
  std::vector<const Descriptor*> messages_;
  std::vector<const EnumDescriptor*> enums_;
};

MethodRule RuleOf(const MethodDescriptor& method);
FieldRule RuleOf(const FieldDescriptor& field);

// As gRPC calls it, "/package.Service/Method".
std::string PathOf(const MethodDescriptor& method);

// The comment above a method or a field, without its indentation.
std::string CommentOf(const MethodDescriptor& method);
std::string CommentOf(const FieldDescriptor& field);

// Visits the fields that a caller can set in a message of this type, at any depth, each once. What
// only the service sets is left out, and what is inside Google's own messages.
void VisitInput(const Descriptor& type, const std::function<void(const FieldDescriptor&)>& visit);

// True of the type of a message of this repository.
bool IsOurs(const Descriptor& type);

}  // namespace lscp::tests
