#include "referrals/agency_check_service.h"

#include <utility>

#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "referrals/agency_check.h"
#include "referrals/contact.h"
#include "referrals/timescale_rules.h"
#include "safeguarding/referrals/v1/events.pb.h"

namespace lscp::referrals {
namespace {

Event Answered(const pb::AgencyCheck& check, const pb::Contact& contact) {
  pb::AgencyCheckAnswered answered;
  answered.set_contact(contact.name());
  answered.set_contact_revision(RevisionOf(contact.etag()));
  answered.set_contact_state(contact.state());
  answered.set_agency(check.agency());
  return MakeEvent("referrals.agency_check_answered", contact.name(), answered);
}

}  // namespace

absl::StatusOr<pb::RequestAgencyChecksResponse> AgencyChecks::Request(
    const pb::RequestAgencyChecksRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(pb::Contact contact, contacts_->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(AllowChecks(contact, request));
  const absl::Time due =
      *ProtoToTime(request.has_due_time() ? request.due_time() : contact.decision_due_time());
  RETURN_IF_ERROR(contacts_->Update(tx, contact));

  ASSIGN_OR_RETURN(auto checks, checks_->Of(tx.db(), contact.name()));
  std::vector<timescales::NewClock> clocks;
  for (const pb::AgencyQuestion& question : request.questions()) {
    const int number = static_cast<int>(checks.size()) + 1;
    pb::AgencyCheck check = AskAgency(contact, number, question, due, tx.now());
    RETURN_IF_ERROR(checks_->Insert(tx, check));
    clocks.push_back({check.name(), kAgencyCheckAnswer, tx.now(), due});
    checks.push_back(std::move(check));
  }
  RETURN_IF_ERROR(timescales::Start(tx.db(), tx.call().borough, clocks));
  pb::RequestAgencyChecksResponse response;
  contact.mutable_agency_checks()->Add(checks.begin(), checks.end());
  *response.mutable_contact() = std::move(contact);
  return response;
}

absl::StatusOr<pb::ListMyAgencyChecksResponse> AgencyChecks::ListMine(
    const pb::ListMyAgencyChecksRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, checks_->ListMine(reading, request));
  pb::ListMyAgencyChecksResponse response;
  response.mutable_checks()->Add(page.resources.begin(), page.resources.end());
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::AnswerAgencyCheckResponse> AgencyChecks::Answer(
    const pb::AnswerAgencyCheckRequest& request, Transaction& tx) {
  // The check is locked and not the contact, so that those who work on the contact are not held up;
  // a decision locks the checks before it commits, so none is answered behind its back.
  ASSIGN_OR_RETURN(pb::AgencyCheck check, checks_->LockMine(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const pb::Contact contact, contacts_->Read(tx, ContactOfCheck(check.name())));
  RETURN_IF_ERROR(referrals::Answer(check, contact, request, {tx.caller().person, tx.now()}));
  // The first answer meets the clock; a correction finds none running.
  RETURN_IF_ERROR(timescales::Meet(tx.db(), check.name(), kAgencyCheckAnswer, tx.now()).status());
  RETURN_IF_ERROR(checks_->Update(tx, check, Answered(check, contact)));
  pb::AnswerAgencyCheckResponse response;
  *response.mutable_check() = std::move(check);
  return response;
}

}  // namespace lscp::referrals
