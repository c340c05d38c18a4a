#include "children_in_care/settings.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/config/check.h"
#include "common/status/macros.h"

namespace lscp::children_in_care {
namespace {

// As the Office for National Statistics codes local authorities.
bool IsAreaCode(const std::string& text) {
  return text.size() == 9 && absl::ascii_isupper(text[0]) &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

void CheckBorough(const Settings::Borough& borough, const std::string& where, Faults& faults) {
  faults.Need(!borough.display_name().empty(), where, "display_name is missing");
  faults.Need(IsAreaCode(borough.area_code()), where,
              "area_code must be a local authority's, as \"E09000016\"");
  std::set<std::string> seen = {borough.area_code()};
  for (const std::string& code : borough.adjoining_area_codes()) {
    const std::string what = absl::StrCat("adjoining_area_codes \"", code, "\" ");
    faults.Need(IsAreaCode(code), where, what + "must be a local authority's");
    faults.Need(seen.insert(code).second, where, what + "occurs twice or is the borough's own");
  }
}

}  // namespace

absl::StatusOr<Settings> Settings::Create(pb::ChildrenInCareSettings proto,
                                          const std::vector<std::string>& served) {
  ASSIGN_OR_RETURN(auto boroughs, ByBorough<Borough>::Create(
                                      "children in care", std::move(*proto.mutable_boroughs()),
                                      served, CheckBorough, [](Borough&) {}));
  return Settings(std::move(boroughs));
}

}  // namespace lscp::children_in_care
