#pragma once

#include "absl/status/status.h"
#include "gateway/decision.h"
#include "grpcpp/client_context.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"

// Between gRPC's types and those of the decisions.
namespace lscp::gateway {

// The call as the decisions see it; refers to the context's memory.
Arrival ReadArrival(const grpc::CallbackServerContext& context, absl::Time now);

// Sets what travels to the service.
void Prepare(const Decision& decision, grpc::ClientContext& context);

// Initial metadata and trailers of the service, on their way to the caller.
void CopyInitialMetadata(const grpc::ClientContext& from, grpc::CallbackServerContext& to);
void CopyTrailers(const grpc::ClientContext& from, grpc::CallbackServerContext& to);

// An error of the gateway as it is sent.
grpc::Status ToWire(const absl::Status& status);

// A service's status as the caller gets it. One with details is the service's own word and goes on
// unchanged. One without comes from gRPC (connections, limits): its text may hold addresses, so it
// gets a reason and words of ours; what is INTERNAL is logged under an id.
grpc::Status FromService(const grpc::Status& status, const CallRecord& record);

}  // namespace lscp::gateway
