#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/rpc/raw_service.h"
#include "google/protobuf/descriptor.h"

namespace lscp::rpc {

// gRPC server reflection (v1 and v1alpha, whose messages are alike) over a descriptor pool. The
// pool must outlive the service. gRPC's own plugin only knows descriptors that are compiled in and
// has no v1; a gateway answers for services that it has no code of.
std::unique_ptr<RawService> MakeReflectionService(const google::protobuf::DescriptorPool* pool,
                                                  std::vector<std::string> service_names);

}  // namespace lscp::rpc
