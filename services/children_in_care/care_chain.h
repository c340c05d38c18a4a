#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "children_in_care/settings.h"
#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"

// The care chain: periods, episodes and placements, made of the steps that were recorded. It is
// never changed otherwise, so that of every chain holds what the children looked after return
// (SSDA903) wants of one:
//   - an episode begins the day on which the one before ceased, or begins a period of care, later
//     than the day on which the last period ended; it lasts a night at least (rules 355, 431–433);
//   - why it began is what differs from the one before: legal status, placement, carer (434–436);
//   - the child is placed somewhere in each; a temporary move is within a placement (380, 381,
//   383).
// No SQL, no gRPC, no clock.
namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// What the rules look at beside the steps.
struct ChainContext {
  std::optional<absl::CivilDay> birth_date;
  const Settings::Borough* borough;
  // Steps before this one were recorded earlier: what they say is not held against the day of birth
  // again, which may have been corrected since.
  int first_new_step = 0;
  // The path of a step's field in the request, for errors.
  std::function<std::string(int step, std::string_view field)> path;
};

// Makes periods, episodes and placements of a record, and its state, of its steps, which have ids.
// Errors, after which the record is not to be stored: INVALID_ARGUMENT for a step that lacks a
// field or has one that does not fit; FAILED_PRECONDITION RULE_NOT_MET for steps that do not follow
// each other.
absl::Status BuildChain(pb::ChildInCare& record, const ChainContext& context);

}  // namespace lscp::children_in_care
