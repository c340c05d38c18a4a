#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway {

// Where calls go, by proto package and borough. A route that names the borough goes before one for
// all others. Immutable and thread-safe.
class RouteTable {
 public:
  using Routes = google::protobuf::RepeatedPtrField<safeguarding::config::v1::Route>;

  // INVALID_ARGUMENT when two routes are for the same service, package and borough.
  static absl::StatusOr<RouteTable> Create(const Routes& routes);

  // Index of the route for a call that is about `boroughs`; of several, about those that are served
  // here: a stack of some boroughs holds nothing of others. `service` is the caller's choice among
  // those that serve the package (metadata `lscp-service`), empty when it makes none.
  // UNIMPLEMENTED (NO_ROUTE): nobody serves the package in any of them, or the boroughs are served
  // in different places. INVALID_ARGUMENT: several services serve it and the caller must choose.
  absl::StatusOr<size_t> Find(std::string_view package, const std::vector<std::string>& boroughs,
                              std::string_view service) const;

  // Every borough that a route names.
  std::set<std::string, std::less<>> boroughs() const;

  // Indexes of the routes that serve a package.
  std::vector<size_t> Serving(std::string_view package) const;

  const safeguarding::config::v1::Route& route(size_t index) const {
    return routes_[static_cast<int>(index)];
  }
  size_t size() const { return static_cast<size_t>(routes_.size()); }

 private:
  absl::StatusOr<size_t> FindOne(std::string_view package, const std::string& borough,
                                 std::string_view service) const;

  Routes routes_;
};

}  // namespace lscp::gateway
