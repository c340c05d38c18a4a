#include "tests/support/any_call.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"
#include "google/rpc/error_details.pb.h"

namespace lscp::tests {

bool IsOfAllBoroughs(const MethodDescriptor& method) {
  const auto* scope = method.input_type()->FindFieldByName(RuleOf(method).scope());
  return scope != nullptr && RuleOf(*scope).pattern() == "boroughs/-";
}

client::Headers HeadersFor(const MethodDescriptor& method, const std::string& borough) {
  client::Headers headers = {{"lscp-borough", IsOfAllBoroughs(method) ? "-" : borough}};
  // What every service answers; the rest is found by its package.
  for (const char* package : {"timescales", "indicators", "audit", "events"}) {
    if (!absl::StartsWith(method.full_name(), absl::StrCat("safeguarding.", package, ".")))
      continue;
    headers["lscp-service"] = package == std::string("events") ? "child-protection" : "referrals";
  }
  return headers;
}

absl::Status CallAny(client::Channel& channel, const MethodDescriptor& method,
                     const std::string& request, const client::Headers& headers) {
  if (!method.server_streaming()) {
    return channel.Call(PathOf(method), request, headers).status();
  }
  return channel.Stream(PathOf(method), request, headers, [](const std::string&) { return false; });
}

Failure Failure::Of(const absl::Status& status) {
  Failure failure{status.code(), "", {}};
  const auto reason = ReasonOf(status);
  if (reason) failure.reason = ReasonName(*reason);
  google::rpc::BadRequest bad_request;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  if (payload && bad_request.ParseFromString(std::string(*payload))) {
    for (const auto& violation : bad_request.field_violations()) {
      auto& fields = failure.fields;
      if (std::find(fields.begin(), fields.end(), violation.field()) == fields.end()) {
        fields.push_back(violation.field());
      }
    }
  }
  return failure;
}

std::ostream& operator<<(std::ostream& out, const Failure& failure) {
  return out << absl::StatusCodeToString(failure.code) << " " << failure.reason << " ["
             << absl::StrJoin(failure.fields, ", ") << "]";
}

Failure InvalidAt(const std::string& field) {
  return {absl::StatusCode::kInvalidArgument, "INVALID_FIELDS", {field}};
}

}  // namespace lscp::tests
