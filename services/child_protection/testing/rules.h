#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "child_protection/settings.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

// For the tests of rules.
namespace lscp::child_protection {

inline absl::Time London(int year, int month, int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), lscp::London());
}

// A message from text format; the test fails if the text is wrong.
template <typename Message>
Message ParseRequest(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// Settings with `fields` beside what every borough must say.
inline Settings::Borough BoroughWith(const std::string& fields) {
  const auto settings = Settings::Create(
      ParseRequest<safeguarding::child_protection::v1::ChildProtectionSettings>(
          "boroughs { id: 'testborough' duty_contact { display_name: 'Testing hub' "
          "phone: '020 7946 0001' out_of_hours_phone: '020 7946 0002' } " +
          fields + " }"),
      {"testborough"});
  EXPECT_TRUE(settings.ok()) << settings.status();
  return settings.ok() ? settings->Of("testborough") : Settings::Borough();
}

// A borough that leaves everything open.
inline const Settings::Borough& TestBorough() {
  static const auto& borough = *new Settings::Borough(BoroughWith(""));
  return borough;
}

// The fields that an INVALID_ARGUMENT names.
inline std::vector<std::string> Violations(const absl::Status& status) {
  std::vector<std::string> fields;
  google::rpc::BadRequest bad;
  const google::rpc::Status wire = ToRpcStatus(status, "test");
  for (const auto& any : wire.details()) any.UnpackTo(&bad);
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  return fields;
}

// Runs every verb but the one that makes a record in every state, on a record made by `in`, and
// compares with the table.
template <typename State, size_t kRows, typename Record, typename In>
void ExpectEveryStateAndVerb(
    const Transition<State> (&table)[kRows], const std::string& first,
    const std::map<std::string, std::function<absl::Status(Record&)>>& verbs, const In& in) {
  for (const auto& cell : testing::EveryStateAndVerb(table)) {
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

}  // namespace lscp::child_protection
