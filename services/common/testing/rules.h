#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/status/error.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

// For the tests of a service's rules: times, and what an error says.
namespace lscp::testing {

inline absl::Time LondonTime(int year, int month, int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), London());
}

// The fields that an error finds wrong, in its order.
inline std::vector<std::string> Violations(const absl::Status& status) {
  std::vector<std::string> fields;
  google::rpc::BadRequest bad;
  const google::rpc::Status wire = ToRpcStatus(status, "test");
  for (const auto& any : wire.details()) any.UnpackTo(&bad);
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  return fields;
}

// The rule that an error says is not met; empty when it is another error.
inline std::string BrokenRule(const absl::Status& status) {
  if (ReasonOf(status) != reason::ERROR_REASON_RULE_NOT_MET) return "";
  google::rpc::PreconditionFailure failure;
  const google::rpc::Status wire = ToRpcStatus(status, "test");
  for (const auto& any : wire.details()) any.UnpackTo(&failure);
  return failure.violations_size() > 0 ? failure.violations(0).type() : "";
}

// Runs every verb but the one that makes a record in every state, on a record made by `in`, and
// compares with the table.
template <typename State, size_t kRows, typename Record, typename In>
void ExpectEveryStateAndVerb(
    const Transition<State> (&table)[kRows], const std::string& first,
    const std::map<std::string, std::function<absl::Status(Record&)>>& verbs, const In& in) {
  for (const auto& cell : EveryStateAndVerb(table)) {
    if (cell.verb == first || cell.state == State{}) continue;
    Record record = in(cell.state);
    const absl::Status status = verbs.at(cell.verb)(record);
    const std::string what = cell.verb + " in " + StateName(cell.state);
    EXPECT_EQ(status.ok(), cell.to.has_value()) << what << ": " << status;
    if (cell.to) {
      EXPECT_EQ(record.state(), *cell.to) << what;
    } else {
      EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED) << what;
    }
  }
}

}  // namespace lscp::testing
