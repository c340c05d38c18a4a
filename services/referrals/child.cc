#include "referrals/child.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

void CheckDisabilities(const Child& child, const std::string& path,
                       std::vector<FieldViolation>& faults) {
  std::set<int> seen;
  for (const int disability : child.disabilities()) {
    if (!seen.insert(disability).second) {
      faults.push_back({path + ".disabilities", "holds a disability twice"});
      break;
    }
  }
  // Children in need census: NONE says that there is no disability.
  if (seen.contains(pb::DISABILITY_NONE) && seen.size() > 1) {
    faults.push_back({path + ".disabilities", "NONE stands alone"});
  }
}

void CheckDates(const Child& child, const std::string& path, std::vector<FieldViolation>& faults) {
  const auto born = ProtoToDate(child.birth_date());
  const auto died = ProtoToDate(child.death_date());
  if (!born && !ProtoToDate(child.expected_birth_date())) {
    faults.push_back({path + ".birth_date", "or expected_birth_date is required"});
  }
  if (born && died && *died < *born) {
    faults.push_back({path + ".death_date", "must not be before birth_date"});
  }
  for (int i = 0; i < child.addresses_size(); ++i) {
    const auto from = ProtoToDate(child.addresses(i).from_date());
    const auto to = ProtoToDate(child.addresses(i).to_date());
    if (from && to && *to < *from) {
      faults.push_back(
          {absl::StrCat(path, ".addresses[", i, "].to_date"), "must not be before from_date"});
    }
  }
}

void CheckRelationships(const Child& child, const std::string& path,
                        std::vector<FieldViolation>& faults) {
  for (int i = 0; i < child.relationships_size(); ++i) {
    const pb::Relationship& relationship = child.relationships(i);
    const std::string here = absl::StrCat(path, ".relationships[", i, "]");
    if (relationship.child().empty() == relationship.person_name().empty()) {
      faults.push_back({here, "needs either child or person_name"});
    }
    if (!relationship.child().empty() && relationship.child() == child.name()) {
      faults.push_back({here + ".child", "must be another child"});
    }
  }
}

// OK if the record's state allows the verb.
absl::Status Check(std::string_view verb, const Child& child) {
  return Next(kChildTransitions, verb, child.state(), child.name()).status();
}

}  // namespace

std::vector<FieldViolation> FaultsOf(const Child& child, const std::string& path) {
  std::vector<FieldViolation> faults;
  if (child.family_name().empty()) faults.push_back({path + ".family_name", "is required"});
  CheckDates(child, path, faults);
  CheckDisabilities(child, path, faults);
  CheckRelationships(child, path, faults);
  if (!child.upn().empty() && child.upn_unknown_reason() != pb::UPN_UNKNOWN_REASON_UNSPECIFIED) {
    faults.push_back({path + ".upn_unknown_reason", "must not be given with upn"});
  }
  return faults;
}

absl::Status CheckUpdate(const Child& child) { return Check("UpdateChild", child); }

absl::Status Merge(Child& survivor, Child& duplicate, const std::string& reason) {
  if (survivor.name() == duplicate.name()) {
    return InvalidField("duplicate", "must be another child than name");
  }
  RETURN_IF_ERROR(Check("MergeChildren", survivor));
  ASSIGN_OR_RETURN(const Child::State merged,
                   Next(kChildTransitions, "MergeChildren", duplicate.state(), duplicate.name()));
  if (duplicate.restricted() && !survivor.restricted()) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "restriction_kept",
                              survivor.name(),
                              "the duplicate is restricted: restrict the survivor first");
  }
  duplicate.set_state(merged);
  duplicate.set_merged_into(survivor.name());
  duplicate.set_merge_reason(reason);
  return absl::OkStatus();
}

absl::Status Unmerge(Child& survivor, Child& duplicate, const std::string& reason) {
  ASSIGN_OR_RETURN(const Child::State active,
                   Next(kChildTransitions, "UnmergeChildren", duplicate.state(), duplicate.name()));
  if (duplicate.merged_into() != survivor.name()) {
    return PreconditionFailed(reason::ERROR_REASON_TRANSITION_NOT_ALLOWED, "STATE",
                              duplicate.name(), "the record is merged into another one");
  }
  duplicate.set_state(active);
  duplicate.clear_merged_into();
  duplicate.set_merge_reason(reason);
  return absl::OkStatus();
}

absl::Status Restrict(Child& child, const google::protobuf::RepeatedPtrField<std::string>& people,
                      const std::string& reason, const std::string& person) {
  RETURN_IF_ERROR(Check("RestrictChild", child));
  if (std::find(people.begin(), people.end(), person) == people.end()) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "caller_is_allowed", child.name(),
                              "the calling person must be among allowed_people");
  }
  child.set_restricted(true);
  child.set_restriction_reason(reason);
  // Each person once, in an order that doesn't depend on the request.
  const std::set<std::string> sorted(people.begin(), people.end());
  child.mutable_allowed_people()->Assign(sorted.begin(), sorted.end());
  return absl::OkStatus();
}

absl::Status Lift(Child& child, const std::string& reason) {
  RETURN_IF_ERROR(Check("LiftRestriction", child));
  if (!child.restricted()) {
    return PreconditionFailed(reason::ERROR_REASON_TRANSITION_NOT_ALLOWED, "STATE", child.name(),
                              "the record is not restricted");
  }
  child.set_restricted(false);
  child.set_restriction_reason(reason);
  child.clear_allowed_people();
  return absl::OkStatus();
}

bool MaySee(const Child& child, const std::string& person) {
  if (!child.restricted()) return true;
  return !person.empty() && std::find(child.allowed_people().begin(), child.allowed_people().end(),
                                      person) != child.allowed_people().end();
}

pb::ChildChanged ChangeOf(const Child& child, int64_t revision) {
  pb::ChildChanged change;
  change.set_child(child.name());
  change.set_revision(revision);
  if (child.has_birth_date()) *change.mutable_birth_date() = child.birth_date();
  if (child.has_expected_birth_date()) {
    *change.mutable_expected_birth_date() = child.expected_birth_date();
  }
  if (child.has_death_date()) *change.mutable_death_date() = child.death_date();
  change.set_sex(child.sex());
  change.set_ethnicity(child.ethnicity());
  *change.mutable_disabilities() = child.disabilities();
  change.set_family_group(child.family_group());
  change.set_restricted(child.restricted());
  *change.mutable_allowed_people() = child.allowed_people();
  change.set_nhs_number(child.nhs_number());
  change.set_given_name(child.given_name());
  change.set_family_name(child.family_name());
  *change.mutable_other_names() = child.other_names();
  return change;
}

}  // namespace lscp::referrals
