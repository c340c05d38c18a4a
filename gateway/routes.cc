#include "gateway/routes.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "gateway/metadata.h"

namespace lscp::gateway {
namespace {

using safeguarding::config::v1::Route;

template <typename List>
bool Holds(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

absl::Status NoRoute(std::string_view package, const std::string& why) {
  return Error(absl::StatusCode::kUnimplemented, reason::ERROR_REASON_NO_ROUTE,
               absl::StrCat("no route to '", std::string(package), "' ", why));
}

}  // namespace

absl::StatusOr<RouteTable> RouteTable::Create(const Routes& routes) {
  std::set<std::string> seen;
  for (const Route& route : routes) {
    std::vector<std::string> boroughs(route.boroughs().begin(), route.boroughs().end());
    if (boroughs.empty()) boroughs = {"all others"};
    for (const std::string& package : route.packages()) {
      for (const std::string& borough : boroughs) {
        const std::string what = absl::StrCat(route.service(), " ", package, " ", borough);
        if (!seen.insert(what).second) {
          return absl::InvalidArgumentError(absl::StrCat("two routes for ", what));
        }
      }
    }
  }
  RouteTable table;
  table.routes_ = routes;
  return table;
}

absl::StatusOr<size_t> RouteTable::Find(std::string_view package,
                                        const std::vector<std::string>& boroughs,
                                        std::string_view service) const {
  if (boroughs.empty()) return NoRoute(package, "without a borough");
  absl::StatusOr<size_t> first = absl::UnknownError("no borough");
  for (const std::string& borough : boroughs) {
    const absl::StatusOr<size_t> other = FindOne(package, borough, service);
    if (absl::IsInvalidArgument(other.status())) return other;
    if (!first.ok()) first = other;
    if (other.ok() && *other != *first) {
      return NoRoute(package,
                     "for several boroughs at once: they are served in different places; "
                     "ask for each by its name");
    }
  }
  return first;
}

absl::StatusOr<size_t> RouteTable::FindOne(std::string_view package, const std::string& borough,
                                           std::string_view service) const {
  std::optional<size_t> named, general;
  std::set<std::string> choices;
  for (const size_t index : Serving(package)) {
    const Route& candidate = route(index);
    if (!service.empty() && candidate.service() != service) continue;
    const bool is_named = Holds(candidate.boroughs(), borough);
    if (!is_named && !candidate.boroughs().empty()) continue;
    choices.insert(candidate.service());
    (is_named ? named : general) = index;
  }
  if (choices.size() > 1) {
    return InvalidField(
        kService, absl::StrCat("metadata is required: one of ", absl::StrJoin(choices, ", ")));
  }
  if (named) return *named;
  if (general) return *general;
  return NoRoute(package, absl::StrCat("for 'boroughs/", borough, "'"));
}

std::set<std::string, std::less<>> RouteTable::boroughs() const {
  std::set<std::string, std::less<>> boroughs;
  for (const Route& route : routes_) {
    boroughs.insert(route.boroughs().begin(), route.boroughs().end());
  }
  return boroughs;
}

std::vector<size_t> RouteTable::Serving(std::string_view package) const {
  std::vector<size_t> serving;
  for (size_t i = 0; i < size(); ++i) {
    if (Holds(route(i).packages(), package)) serving.push_back(i);
  }
  return serving;
}

}  // namespace lscp::gateway
