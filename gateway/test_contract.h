#pragma once

#include "gateway/method_table.h"
#include "google/protobuf/descriptor.pb.h"

namespace lscp::gateway {

// For tests: a contract of package "example.v1" with the service "example.v1.Things", whose methods
// take and give google.protobuf.StringValue:
//
//   Get       reads personal data, may be repeated     Watch   a watch, server streaming
//   Change    writes, by request_id                    Upload  client streaming
//   Decide    writes, never repeated, for people       Chat    bidirectional streaming
//   Sweep     reads, names no borough                  Deliver internal
//
// The permission of each is "things." and its name in lower case.
google::protobuf::FileDescriptorSet TestContract();

// The table of it.
MethodTable TestMethods();

}  // namespace lscp::gateway
