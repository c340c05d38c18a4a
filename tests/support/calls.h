#pragma once

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gateway/client/channel.h"
#include "google/protobuf/text_format.h"
#include "tests/support/requests.h"

// What a test asks of the suite in a few words.
namespace lscp::tests {

// The message that is written so; a request has a request_id that nobody has used.
template <typename Request>
Request Parse(const std::string& text) {
  Request request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  if constexpr (requires { request.set_request_id(""); }) request.set_request_id(NewRequestId());
  return request;
}

// A request about a record as it was read.
template <typename Request, typename Record>
Request Of(const Record& record, const std::string& text = "") {
  auto request = Parse<Request>(text);
  request.set_name(record.name());
  request.set_etag(record.etag());
  return request;
}

template <typename Request>
Request Named(const std::string& name) {
  Request request;
  request.set_name(name);
  return request;
}

// Calls a method, of which `method` is what follows "/safeguarding.", in a borough.
template <typename Reply, typename Request>
absl::StatusOr<Reply> Ask(client::Channel& who, const std::string& method,
                          const std::string& borough, const Request& request) {
  Reply reply;
  const absl::Status status = who.Call(absl::StrCat("/safeguarding.", method), request,
                                       {{"lscp-borough", borough}}, &reply);
  if (!status.ok()) return status;
  return reply;
}

// The same for a call that is to succeed; the test fails if it does not.
template <typename Reply, typename Request>
Reply Must(client::Channel& who, const std::string& method, const std::string& borough,
           const Request& request) {
  const auto reply = Ask<Reply>(who, method, borough, request);
  EXPECT_TRUE(reply.ok()) << method << ": " << reply.status();
  return reply.value_or(Reply());
}

}  // namespace lscp::tests
