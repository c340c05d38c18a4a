#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gateway/client/channel.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"
#include "google/protobuf/dynamic_message.h"

namespace lscp::client {

// Methods that the server tells about by reflection: no message types of them need be compiled in.
class Reflected {
 public:
  explicit Reflected(Channel* channel) : channel_(channel) {}

  // Finds "package.Service.Method" or "package.Service/Method"; the package may be left out where
  // the service's name is unique. INVALID_ARGUMENT when there is none; the channel's errors.
  absl::StatusOr<const google::protobuf::MethodDescriptor*> FindMethod(const std::string& name);

  // A new message of the method's request or reply type. Lives no longer than this.
  std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor* type);

 private:
  absl::StatusOr<std::string> FullServiceName(const std::string& service);
  absl::Status Load(const std::string& symbol);

  Channel* const channel_;
  google::protobuf::SimpleDescriptorDatabase database_;
  google::protobuf::DescriptorPool pool_{&database_};
  google::protobuf::DynamicMessageFactory factory_{&pool_};
};

}  // namespace lscp::client
