#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lscp {

// Name of a resource, `boroughs/{borough}/{collection}/{id}` (AIP-122). Ids are lower-case letters,
// digits and inner hyphens, 63 at most (a borough's 40); a collection is lowerCamelCase.
struct ResourceName {
  std::string borough;  // "-" in a name that stands for all boroughs
  std::string collection;
  std::string id;

  // Nothing unless it is such a name. Total: any bytes can be given.
  static std::optional<ResourceName> Parse(std::string_view name);

  bool AcrossBoroughs() const { return borough == "-"; }
  std::string ToString() const;

  friend bool operator==(const ResourceName&, const ResourceName&) = default;
};

// The borough of a resource's name or of a parent `boroughs/{borough}`: "-" for all of them, empty
// when it is neither.
std::string BoroughOf(std::string_view name);

// True of an id that a name may hold.
bool IsResourceId(std::string_view id);
bool IsBoroughId(std::string_view id);

}  // namespace lscp
