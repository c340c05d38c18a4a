#include "child_protection/child_check_service.h"

#include <memory>
#include <optional>
#include <utility>

#include "child_protection/child_keys.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "domain/identifiers.h"
#include "safeguarding/child_protection/v1/events.pb.h"

namespace lscp::child_protection {
namespace {

using pb::ChildCheck;

// A plan is told for 12 months after its end.
absl::CivilDay PlansSince(absl::CivilDay today) {
  return absl::CivilDay(today.year() - 1, today.month(), today.day());
}

Event CheckedEvent(const ChildCheck& check) {
  pb::ChildChecked checked;
  checked.set_check(check.name());
  *checked.mutable_children() = check.children();
  checked.set_agency(check.agency());
  checked.set_purpose(check.purpose());
  *checked.mutable_check_time() = check.check_time();
  return MakeEvent("child_protection.child_checked", check.children(0), checked);
}

}  // namespace

absl::StatusOr<pb::CheckChildResponse> ChildChecks::Check(const pb::CheckChildRequest& request,
                                                          Transaction& tx) {
  const auto keys = KeysOf(request);
  if (keys.empty()) {
    return InvalidField("nhs_number",
                        "or family_name, given_name and birth_date, or family_name and "
                        "expected_birth_date are required");
  }
  ASSIGN_OR_RETURN(const auto children, store_.Recognised(tx.db(), tx.call().borough, keys));
  const absl::CivilDay today = LondonDay(tx.now());
  ASSIGN_OR_RETURN(const auto statuses, store_.StatusOf(tx.db(), children, tx.caller().person,
                                                        today, PlansSince(today)));
  ChildCheck check;
  check.set_name(store_.NewName(tx.call().borough, tx.now()));
  check.mutable_children()->Assign(children.begin(), children.end());
  check.set_agency(tx.caller().agency);
  check.set_person(tx.caller().person);
  check.set_purpose(tx.caller().purpose);
  check.mutable_statuses()->Assign(statuses.begin(), statuses.end());
  *check.mutable_check_time() = TimeToProto(tx.now());
  std::optional<Event> event;
  if (!children.empty()) event = CheckedEvent(check);
  RETURN_IF_ERROR(store_.Insert(tx, check, std::move(event)));

  pb::CheckChildResponse response;
  response.mutable_statuses()->Assign(statuses.begin(), statuses.end());
  *response.mutable_contact() = parts_.settings->Of(tx.call().borough).duty_contact();
  return response;
}

absl::StatusOr<pb::ListChildChecksResponse> ChildChecks::List(
    const pb::ListChildChecksRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListChildChecksResponse response;
  for (ChildCheck& check : page.resources) *response.add_checks() = std::move(check);
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

void RegisterChildChecks(ServiceContext& context, const Parts& parts) {
  context.formats()["nhs_number"] = FormatOf(domain::IsNhsNumber, "is not an NHS number");
  context.methods()
      .Of("safeguarding.child_protection.v1.ChildChecksService",
          context.Keep(std::make_unique<ChildChecks>(parts)))
      .Write("CheckChild", &ChildChecks::Check)
      .Read("ListChildChecks", &ChildChecks::List);
}

}  // namespace lscp::child_protection
