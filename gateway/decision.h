#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gateway/admission.h"
#include "gateway/limits.h"
#include "gateway/metadata.h"
#include "gateway/method_table.h"
#include "gateway/policy_source.h"
#include "gateway/routes.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

// A call as it arrives. The metadata refers to the transport's memory.
struct Arrival {
  std::string spiffe_id;  // of the client's certificate; empty when it has none
  MetadataView metadata;
  absl::Time deadline = absl::InfiniteFuture();
  absl::Time now;
};

// What is said of a call in metrics and in the log, also of one that is refused. Labels take their
// values from the policy and the routes, so that nobody can invent them.
struct CallRecord {
  std::string agency = "unknown";
  std::string borough = "unknown";
  std::string trace_id;
};

// What to do with a call.
struct Decision {
  InFlightLimit::Slot slot;  // held while the call is under way
  size_t route = 0;
  absl::Time deadline = absl::InfiniteFuture();
  MetadataList metadata;  // to send on
};

// Everything that is decided about a call before a byte of it travels on: a function of method,
// metadata and peer. The order is that of README.md: cheap checks first, and nothing is looked up
// for a caller that is not known. Thread-safe.
class Decider {
 public:
  // `config` has its defaults filled in. All must outlive this.
  Decider(const safeguarding::config::v1::GatewayConfig& config, const RouteTable& routes,
          const PolicySource& policy, VerifyToken verify_token);

  // The decision, or the error to answer. Fills `record` as far as it gets.
  absl::StatusOr<Decision> Decide(const Method& method, const Arrival& arrival, CallRecord& record);

  int in_flight() const { return in_flight_.in_flight(); }

 private:
  absl::StatusOr<size_t> FindRoute(const Method& method, const Sender& sender,
                                   const Admitted& admitted, const MetadataView& metadata) const;

  const safeguarding::config::v1::GatewayConfig& config_;
  const RouteTable& routes_;
  const PolicySource& policy_;
  const VerifyToken verify_token_;
  RateLimit rate_;
  InFlightLimit in_flight_;
};

}  // namespace lscp::gateway
