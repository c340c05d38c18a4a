#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/status/error.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

// For the tests of rules: requests from text, and what an error says.
namespace lscp::child_protection {

// A message from text format; the test fails if the text is wrong.
template <typename Message>
Message ParseText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
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
  google::rpc::PreconditionFailure failure;
  const google::rpc::Status wire = ToRpcStatus(status, "test");
  for (const auto& any : wire.details()) any.UnpackTo(&failure);
  return failure.violations_size() > 0 ? failure.violations(0).type() : "";
}

}  // namespace lscp::child_protection
