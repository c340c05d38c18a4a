#include "tests/support/requests.h"

#include "absl/strings/str_format.h"
#include "common/observe/trace.h"

namespace lscp::tests {

namespace referrals = safeguarding::referrals::v1;

std::string NewRequestId() {
  const uint64_t high = RandomBits();
  const uint64_t low = RandomBits();
  return absl::StrFormat("%08x-%04x-4%03x-a%03x-%012x", high >> 32, high >> 16 & 0xffff,
                         high & 0xfff, low >> 48 & 0xfff, low & 0xffffffffffff);
}

referrals::SubmitContactRequest ConcernOf(const std::string& borough,
                                          const std::string& reference) {
  referrals::SubmitContactRequest request;
  request.set_parent("boroughs/" + borough);
  request.set_request_id(NewRequestId());
  referrals::Contact& contact = *request.mutable_contact();
  contact.set_form_type(referrals::FORM_TYPE_REFERRAL_FORM);
  contact.set_source(referrals::REFERRAL_SOURCE_SCHOOL);
  contact.set_sender_reference(reference);
  contact.set_sender_name("Tess Teacher-Invented");
  contact.set_sender_role("designated safeguarding lead");
  contact.set_concerns("Invented for a test: came to school hungry three days running.");
  contact.mutable_consent()->set_status(referrals::Consent::STATUS_OBTAINED);
  referrals::ConcernedChild& child = *contact.add_children();
  child.set_given_name("Quentin");
  child.set_family_name("Zzinvented");
  child.mutable_birth_date()->set_year(2015);
  child.mutable_birth_date()->set_month(3);
  child.mutable_birth_date()->set_day(14);
  child.set_sex(referrals::SEX_MALE);
  return request;
}

referrals::DecideContactRequest EarlyHelpFor(const referrals::Contact& contact) {
  referrals::DecideContactRequest request;
  request.set_name(contact.name());
  request.set_etag(contact.etag());
  request.set_request_id(NewRequestId());
  request.set_final_brag(referrals::BRAG_GREEN);
  request.set_outcome(referrals::CONTACT_OUTCOME_EARLY_HELP);
  request.set_rationale("Invented: support at home will help.");
  request.set_feedback("Invented: an early help worker will be in touch this week.");
  request.set_threshold_level("2");
  request.set_threshold_version("2024-04");
  return request;
}

}  // namespace lscp::tests
