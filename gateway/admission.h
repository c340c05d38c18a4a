#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/caller.h"
#include "gateway/metadata.h"
#include "gateway/method_table.h"
#include "gateway/policy_source.h"

namespace lscp::gateway {

// Who sends a call, by certificate.
struct Sender {
  std::string agency;
  std::string gateway;      // the other borough's gateway that it came through; empty when direct
  bool has_person = false;  // only known from a gateway: the call is a person's
};

// From the SPIFFE id of the client's certificate (empty when it has none). An agency speaks for
// itself. Another gateway says for whom it speaks (metadata `lscp-caller-bin`), which is believed
// of nobody else. UNAUTHENTICATED (CERTIFICATE_REQUIRED) for everybody else.
absl::StatusOr<Sender> Identify(std::string_view spiffe_id, const MetadataView& metadata);

// A person as a verified token names them.
struct Person {
  std::string agency;
  std::string id;
  std::string team;
  std::vector<std::string> roles;
};

// Verifies a bearer token. UNAUTHENTICATED (TOKEN_INVALID) when it is not good at `now`.
using VerifyToken = std::function<absl::StatusOr<Person>(std::string_view token, absl::Time now)>;

// A call that may be made.
struct Admitted {
  Caller caller;                      // roles in the boroughs of the call, no others
  std::string borough;                // as the caller named it; "-" for several
  std::vector<std::string> boroughs;  // those in which the caller holds the permission
};

// Decides whether a call may be made, in this order: token, person, borough, purpose, permission.
// What the caller is granted comes from our own policy only, whatever another gateway says.
//   UNAUTHENTICATED    TOKEN_INVALID, TOKEN_AGENCY_MISMATCH, PERSON_REQUIRED
//   INVALID_ARGUMENT   BOROUGH_MISMATCH, INVALID_FIELDS (lscp-purpose)
//   PERMISSION_DENIED  the permission is not held in the borough
// `known_boroughs` is what "-" and a grant for every borough stand for.
absl::StatusOr<Admitted> Admit(const Method& method, const Sender& sender,
                               const MetadataView& metadata, const Policy& policy,
                               const std::set<std::string, std::less<>>& known_boroughs,
                               const VerifyToken& verify_token, absl::Time now);

}  // namespace lscp::gateway
