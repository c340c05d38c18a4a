#include "child_death_reviews/asked_agency.h"

#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {

std::string NumberedName(std::string_view whole, std::string_view collection, int number) {
  ResourceName name = *ResourceName::Parse(whole);
  name.collection = std::string(collection);
  absl::StrAppend(&name.id, "-", number);
  return name.ToString();
}

std::string WholeOf(std::string_view numbered, std::string_view collection) {
  ResourceName name = *ResourceName::Parse(numbered);
  name.collection = std::string(collection);
  name.id.erase(name.id.rfind('-'));
  return name.ToString();
}

}  // namespace lscp::child_death_reviews
