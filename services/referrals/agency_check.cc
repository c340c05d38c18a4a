#include "referrals/agency_check.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"

namespace lscp::referrals {
namespace {

pb::CheckedChild AsAgencySees(const pb::ConcernedChild& child) {
  pb::CheckedChild checked;
  checked.set_given_name(child.given_name());
  checked.set_family_name(child.family_name());
  if (child.has_birth_date()) *checked.mutable_birth_date() = child.birth_date();
  if (child.has_expected_birth_date()) {
    *checked.mutable_expected_birth_date() = child.expected_birth_date();
  }
  checked.set_nhs_number(child.nhs_number());
  checked.set_upn(child.upn());
  if (child.has_address()) *checked.mutable_address() = child.address();
  return checked;
}

}  // namespace

std::string CheckName(std::string_view contact, int number) {
  ResourceName name = *ResourceName::Parse(contact);
  name.collection = "checks";
  absl::StrAppend(&name.id, "-", number);
  return name.ToString();
}

std::string ContactOfCheck(std::string_view check) {
  ResourceName name = *ResourceName::Parse(check);
  name.collection = "contacts";
  name.id.erase(name.id.rfind('-'));
  return name.ToString();
}

pb::AgencyCheck AskAgency(const pb::Contact& contact, int number,
                          const pb::AgencyQuestion& question, absl::Time due, absl::Time now) {
  pb::AgencyCheck check;
  check.set_name(CheckName(contact.name(), number));
  check.set_agency(question.agency());
  check.set_question(question.question());
  for (const pb::ConcernedChild& child : contact.children()) {
    *check.add_children() = AsAgencySees(child);
  }
  *check.mutable_request_time() = TimeToProto(now);
  *check.mutable_due_time() = TimeToProto(due);
  check.set_state(pb::AgencyCheck::STATE_REQUESTED);
  return check;
}

absl::Status Answer(pb::AgencyCheck& check, const pb::Contact& contact,
                    const pb::AnswerAgencyCheckRequest& request, const Step& step) {
  // The errors name the check: of the contact its agency knows nothing.
  RETURN_IF_ERROR(
      Next(kContactTransitions, "AnswerAgencyCheck", contact.state(), check.name()).status());
  ASSIGN_OR_RETURN(const pb::AgencyCheck::State next,
                   Next(kAgencyCheckTransitions, "AnswerAgencyCheck", check.state(), check.name()));
  if (request.known() && request.information().empty()) {
    return InvalidField("information", "is required when the family is known");
  }
  check.set_state(next);
  check.set_known(request.known());
  check.set_information(request.information());
  check.set_answered_by(step.person.empty() ? request.answered_by() : step.person);
  *check.mutable_answer_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

bool Lapse(pb::AgencyCheck& check) {
  const auto next = Next(kAgencyCheckTransitions, "LapseAgencyCheck", check.state(), check.name());
  if (next.ok()) check.set_state(*next);
  return next.ok();
}

}  // namespace lscp::referrals
