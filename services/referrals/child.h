#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/status/error.h"
#include "common/workflow/transition.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "safeguarding/referrals/v1/children_service.pb.h"
#include "safeguarding/referrals/v1/events.pb.h"

// A child of the register: what a record must hold, joining and parting records, restriction. All
// functions are thread-safe.
namespace lscp::referrals {

using safeguarding::referrals::v1::Child;

// States of a record, as of the duplicate when two are joined or parted; the survivor stays ACTIVE.
inline constexpr Transition<Child::State> kChildTransitions[] = {
    {"CreateChild", {Child::STATE_UNSPECIFIED}, Child::STATE_ACTIVE},
    {"UpdateChild", {Child::STATE_ACTIVE}, Child::STATE_ACTIVE},
    {"RestrictChild", {Child::STATE_ACTIVE}, Child::STATE_ACTIVE},
    {"LiftRestriction", {Child::STATE_ACTIVE}, Child::STATE_ACTIVE},
    {"MergeChildren", {Child::STATE_ACTIVE}, Child::STATE_MERGED},
    {"UnmergeChildren", {Child::STATE_MERGED}, Child::STATE_ACTIVE},
};

// What is wrong with a record as a whole, each with its path below `path`; nothing is fine. (What
// is wrong with a field by itself, the contract's options say.)
std::vector<FieldViolation> FaultsOf(const Child& child, const std::string& path);

// OK if the record may change. FAILED_PRECONDITION if it is merged.
absl::Status CheckUpdate(const Child& child);

// Makes one record the duplicate of another. INVALID_ARGUMENT if they are one record;
// FAILED_PRECONDITION if one of them is merged, or if the duplicate is restricted and the survivor
// is not: what was protected would no longer be.
absl::Status Merge(Child& survivor, Child& duplicate, const std::string& reason);

// Undoes Merge. FAILED_PRECONDITION if the duplicate is not merged into this survivor.
absl::Status Unmerge(Child& survivor, Child& duplicate, const std::string& reason);

// Restricts a record to people. FAILED_PRECONDITION if it is merged, or if `person` is not among
// them, who would lock themselves out.
absl::Status Restrict(Child& child, const google::protobuf::RepeatedPtrField<std::string>& people,
                      const std::string& reason, const std::string& person);

// Lifts the restriction. FAILED_PRECONDITION if there is none, or the record is merged.
absl::Status Lift(Child& child, const std::string& reason);

// The record is not restricted, or to people of whom `person` is one. An agency's system (empty
// `person`) sees no restricted record.
bool MaySee(const Child& child, const std::string& person);

// What other services are told of the record; its revision is `revision`.
safeguarding::referrals::v1::ChildChanged ChangeOf(const Child& child, int64_t revision);

}  // namespace lscp::referrals
