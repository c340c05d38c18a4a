#include "gateway/admission.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/identity.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace lscp::gateway {
namespace {

using safeguarding::options::v1::DISCLOSES_PERSONAL_DATA;
using safeguarding::options::v1::KIND_WRITE;

constexpr std::string_view kEveryBorough = "-";
constexpr size_t kLongestWord = 64;

absl::Status Unauthenticated(Reason reason, std::string_view message) {
  return Error(absl::StatusCode::kUnauthenticated, reason, message);
}

// Lower-case letters, digits and what `more` allows, 1 to 64 of them.
bool IsWord(std::string_view text, std::string_view more) {
  return !text.empty() && text.size() <= kLongestWord &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  more.find(c) != std::string_view::npos;
         });
}

// The person of the bearer token; none when there is no token.
absl::StatusOr<std::optional<Person>> FindPerson(const MetadataView& metadata,
                                                 const VerifyToken& verify_token, absl::Time now) {
  constexpr size_t kScheme = sizeof("bearer ") - 1;
  ASSIGN_OR_RETURN(const std::string_view value, Single(metadata, kAuthorization));
  if (value.empty()) return std::nullopt;
  if (!absl::StartsWithIgnoreCase({value.data(), value.size()}, "bearer ")) {
    return Unauthenticated(reason::ERROR_REASON_TOKEN_INVALID,
                           "metadata authorization must be 'Bearer' and a token");
  }
  ASSIGN_OR_RETURN(Person person, verify_token(value.substr(kScheme), now));
  return person;
}

absl::Status CheckPerson(const Method& method, const Sender& sender,
                         const std::optional<Person>& person) {
  if (person && person->agency != sender.agency) {
    return Unauthenticated(reason::ERROR_REASON_TOKEN_AGENCY_MISMATCH,
                           "the token's agency is not the certificate's");
  }
  if (!person && (method.rule.needs_person() || sender.has_person)) {
    return Unauthenticated(reason::ERROR_REASON_PERSON_REQUIRED,
                           "the method is for people: send the token of one");
  }
  return absl::OkStatus();
}

absl::Status BoroughError(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reason::ERROR_REASON_BOROUGH_MISMATCH, message);
}

absl::StatusOr<std::string> FindBorough(const Method& method, const MetadataView& metadata) {
  ASSIGN_OR_RETURN(const std::string_view borough, Single(metadata, kBorough));
  if (borough.empty() && method.rule.scope().empty()) return std::string(kEveryBorough);
  if (borough.empty()) {
    return BoroughError("metadata lscp-borough is required: the borough that the request names");
  }
  if (borough == kEveryBorough) {
    if (method.rule.kind() != KIND_WRITE) return std::string(borough);
    return BoroughError("a change is made in one borough: metadata lscp-borough must name it");
  }
  if (!IsWord(borough, "-")) return BoroughError("metadata lscp-borough is not a borough's id");
  return std::string(borough);
}

absl::StatusOr<std::string> FindPurpose(const Method& method, const MetadataView& metadata) {
  ASSIGN_OR_RETURN(const std::string_view purpose, Single(metadata, kPurpose));
  if (purpose.empty() && method.rule.discloses() != DISCLOSES_PERSONAL_DATA) return std::string();
  if (purpose.empty()) {
    return InvalidField(kPurpose,
                        "metadata is required: the lawful basis or purpose of asking for personal "
                        "data, e.g. \"safeguarding\"");
  }
  if (IsWord(purpose, "-_")) return std::string(purpose);
  return InvalidField(kPurpose, "metadata must match [a-z0-9_-]{1,64}");
}

}  // namespace

absl::StatusOr<Sender> Identify(std::string_view spiffe_id, const MetadataView& metadata) {
  const std::optional<PeerIdentity> peer = ParsePeerIdentity(spiffe_id);
  if (peer && peer->kind == PeerIdentity::Kind::kAgency) return Sender{peer->id, "", false};
  if (peer && peer->kind == PeerIdentity::Kind::kGateway) {
    ASSIGN_OR_RETURN(const std::string_view bytes, Single(metadata, kCaller));
    safeguarding::internal::v1::CallerContext forwarded;
    if (!bytes.empty() && forwarded.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) &&
        !forwarded.agency().empty()) {
      return Sender{forwarded.agency(), peer->id, !forwarded.person().empty()};
    }
  }
  return Unauthenticated(reason::ERROR_REASON_CERTIFICATE_REQUIRED,
                         "the client certificate names no agency of the partnership");
}

absl::StatusOr<Admitted> Admit(const Method& method, const Sender& sender,
                               const MetadataView& metadata, const Policy& policy,
                               const std::set<std::string, std::less<>>& known_boroughs,
                               const VerifyToken& verify_token, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<Person> person, FindPerson(metadata, verify_token, now));
  RETURN_IF_ERROR(CheckPerson(method, sender, person));
  Admitted admitted;
  ASSIGN_OR_RETURN(admitted.borough, FindBorough(method, metadata));
  ASSIGN_OR_RETURN(admitted.caller.purpose, FindPurpose(method, metadata));
  admitted.caller.agency = sender.agency;
  if (person) {
    admitted.caller.person = person->id;
    admitted.caller.team = person->team;
  }
  const std::vector<std::string> asked =
      admitted.borough == kEveryBorough
          ? std::vector<std::string>(known_boroughs.begin(), known_boroughs.end())
          : std::vector<std::string>{admitted.borough};
  for (Caller::Grant& grant :
       policy.GrantsFor(sender.agency, admitted.caller.person,
                        person ? person->roles : std::vector<std::string>(), asked)) {
    if (!policy.Permits(grant.roles, method.rule.permission())) continue;
    admitted.boroughs.push_back(grant.borough);
    admitted.caller.grants.push_back(std::move(grant));
  }
  if (!admitted.boroughs.empty()) return admitted;
  return PermissionDenied(method.rule.permission(), "boroughs/" + admitted.borough);
}

}  // namespace lscp::gateway
