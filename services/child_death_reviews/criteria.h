#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/protobuf/repeated_field.h"

// Decisions by criteria, each of which is answered. No SQL, no gRPC, no clock.
namespace lscp::child_death_reviews {

// That each criterion but UNSPECIFIED is in the request's field `criteria` once, and none of which
// `contradicts` says that it is not so. INVALID_ARGUMENT.
template <typename Finding, typename Contradicts>
absl::Status CheckCriteria(const google::protobuf::RepeatedPtrField<Finding>& criteria,
                           const std::string& contradiction, const Contradicts& contradicts) {
  std::vector<FieldViolation> violations;
  std::set<int> told;
  for (int i = 0; i < criteria.size(); ++i) {
    const std::string field = absl::StrCat("criteria[", i, "]");
    if (!told.insert(criteria[i].criterion()).second) {
      violations.push_back({field + ".criterion", "occurs twice"});
    }
    if (contradicts(criteria[i])) violations.push_back({field + ".met", contradiction});
  }
  using Criterion = decltype(criteria[0].criterion());
  const int wanted = google::protobuf::GetEnumDescriptor<Criterion>()->value_count() - 1;
  if (static_cast<int>(told.size()) != wanted) {
    violations.push_back({"criteria", "must name each criterion"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

// Whether a criterion is among those that are met.
template <typename Finding, typename Criterion>
bool IsMet(const google::protobuf::RepeatedPtrField<Finding>& criteria, Criterion criterion) {
  for (const Finding& finding : criteria) {
    if (finding.criterion() == criterion) return finding.met();
  }
  return false;
}

}  // namespace lscp::child_death_reviews
