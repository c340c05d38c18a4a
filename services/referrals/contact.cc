#include "referrals/contact.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/field_mask.h"
#include "referrals/decision_hours.h"

namespace lscp::referrals {
namespace {

using Contact = pb::Contact;

std::string At(std::string_view list, int index, std::string_view field) {
  return absl::StrCat(std::string(list), "[", index, "].", std::string(field));
}

std::vector<FieldViolation> SentViolations(const Contact& sent) {
  std::vector<FieldViolation> violations;
  if (sent.consent().status() != pb::Consent::STATUS_OBTAINED && sent.consent().reason().empty()) {
    violations.push_back({"contact.consent.reason", "is required unless consent was obtained"});
  }
  for (int i = 0; i < sent.children_size(); ++i) {
    if (sent.children(i).has_birth_date() && sent.children(i).has_expected_birth_date()) {
      violations.push_back({At("contact.children", i, "expected_birth_date"),
                            "is for an unborn child, who has no birth_date"});
    }
  }
  return violations;
}

absl::Status CheckNotBefore(const Contact& contact, absl::Time when, std::string_view field) {
  if (when >= *ProtoToTime(contact.receive_time())) return absl::OkStatus();
  return InvalidField(field, "lies before the contact arrived");
}

absl::Status TakeStep(Contact& contact, std::string_view verb) {
  ASSIGN_OR_RETURN(const Contact::State next,
                   Next(kContactTransitions, verb, contact.state(), contact.name()));
  contact.set_state(next);
  return absl::OkStatus();
}

// By API the feedback is given by being there.
void SetFeedback(Contact& contact, const std::string& text, absl::Time now) {
  contact.mutable_feedback()->set_text(text);
  if (!HearsByApi(contact)) return;
  contact.mutable_feedback()->set_channel(pb::CONTACT_CHANNEL_API);
  *contact.mutable_feedback()->mutable_give_time() = TimeToProto(now);
}

// The threshold document's version and level are those of the borough, so that every decision can
// be held against the text it was made by.
void CheckThreshold(const pb::DecideContactRequest& request, const Settings::Borough& borough,
                    std::vector<FieldViolation>& violations) {
  const auto& documents = borough.threshold_documents();
  const auto document = std::find_if(
      documents.begin(), documents.end(),
      [&](const pb::ThresholdDocument& d) { return d.version() == request.threshold_version(); });
  if (document == documents.end()) {
    violations.push_back({"threshold_version", "is not a version of the threshold document"});
    return;
  }
  const auto& levels = document->levels();
  if (std::find(levels.begin(), levels.end(), request.threshold_level()) == levels.end()) {
    violations.push_back({"threshold_level", "is not a level of the threshold document"});
  }
}

void CheckReferredChildren(const Contact& contact, const pb::DecideContactRequest& request,
                           const Settings::Borough& borough, absl::CivilDay today,
                           std::vector<FieldViolation>& violations) {
  const bool referred = request.outcome() == pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE;
  if (referred != (request.children_size() > 0)) {
    violations.push_back({"children", referred ? "must name the children who are referred"
                                               : "must be empty unless children are referred"});
  }
  std::set<std::string> ids, registered;
  for (int i = 0; i < request.children_size(); ++i) {
    const pb::ChildDecision& decision = request.children(i);
    const pb::ConcernedChild* child = FindChild(contact, decision.child_id());
    if (child == nullptr) {
      violations.push_back({At("children", i, "child_id"), "the contact has no such child"});
    } else if (!ids.insert(child->id()).second ||
               (!child->child().empty() && !registered.insert(child->child()).second)) {
      violations.push_back({At("children", i, "child_id"), "the child is named before"});
    }
    if (!decision.team().empty() && !HasTeam(borough, decision.team(), today)) {
      violations.push_back({At("children", i, "team"), "the borough has no such team"});
    }
  }
}

absl::Status CheckReferralRules(const Contact& contact, const pb::DecideContactRequest& request) {
  if (request.outcome() != pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE) return absl::OkStatus();
  // An information sharing form is for universal services and must not be counted as a referral.
  if (contact.form_type() == pb::FORM_TYPE_INFORMATION_SHARING_FORM) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "form_type", contact.name(),
                              "an information sharing form must be reclassified first");
  }
  for (const pb::ChildDecision& decision : request.children()) {
    if (FindChild(contact, decision.child_id())->child().empty()) {
      return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "child_linked", contact.name(),
                                "a referred child must be tied to the register first");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Contact> ReceiveContact(const Contact& sent, const Arrival& arrival,
                                       const Settings::Borough& borough) {
  if (const auto violations = SentViolations(sent); !violations.empty()) {
    return InvalidFields(violations);
  }
  Contact contact;
  RETURN_IF_ERROR(ApplyUpdate(sent, {}, &contact));  // what the service sets is left behind
  for (int i = 0; i < contact.children_size(); ++i) {
    contact.mutable_children(i)->set_id(absl::StrCat(i + 1));
    contact.mutable_children(i)->clear_child();
  }
  contact.set_channel(arrival.channel);
  RETURN_IF_ERROR(TakeStep(contact, HearsByApi(contact) ? "SubmitContact" : "RecordContact"));
  contact.set_source_agency(arrival.source_agency);
  *contact.mutable_receive_time() = TimeToProto(arrival.received);
  if (HearsByApi(contact)) *contact.mutable_acknowledge_time() = contact.receive_time();
  *contact.mutable_decision_due_time() =
      TimeToProto(DecisionDue(arrival.received, pb::BRAG_UNSPECIFIED, borough));
  return contact;
}

absl::Status Acknowledge(Contact& contact, absl::Time when) {
  RETURN_IF_ERROR(TakeStep(contact, "AcknowledgeContact"));
  if (contact.has_acknowledge_time()) {
    return PreconditionFailed(reason::ERROR_REASON_TRANSITION_NOT_ALLOWED, "STATE", contact.name(),
                              "the contact is acknowledged already");
  }
  RETURN_IF_ERROR(CheckNotBefore(contact, when, "acknowledge_time"));
  *contact.mutable_acknowledge_time() = TimeToProto(when);
  return absl::OkStatus();
}

absl::Status Rate(Contact& contact, const pb::RateContactRequest& request, const Step& step,
                  const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(contact, "RateContact"));
  contact.set_initial_brag(request.initial_brag());
  contact.set_rating_reason(request.reason());
  contact.set_rated_by(step.person);
  if (!contact.has_rate_time()) *contact.mutable_rate_time() = TimeToProto(step.now);
  // However late the rating: the time counts from the contact's arrival.
  *contact.mutable_decision_due_time() = TimeToProto(
      DecisionDue(*ProtoToTime(contact.receive_time()), contact.initial_brag(), borough));
  return absl::OkStatus();
}

absl::StatusOr<pb::ConcernedChild*> ChildToLink(Contact& contact, std::string_view child_id) {
  RETURN_IF_ERROR(TakeStep(contact, "LinkChild"));
  for (pb::ConcernedChild& child : *contact.mutable_children()) {
    if (child.id() == child_id) return &child;
  }
  return InvalidField("child_id", "the contact has no such child");
}

pb::Child ChildForRegister(const pb::ConcernedChild& child) {
  pb::Child record;
  record.set_given_name(child.given_name());
  record.set_family_name(child.family_name());
  if (child.has_birth_date()) *record.mutable_birth_date() = child.birth_date();
  if (child.has_expected_birth_date()) {
    *record.mutable_expected_birth_date() = child.expected_birth_date();
  }
  record.set_sex(child.sex());
  record.set_ethnicity(child.ethnicity());
  *record.mutable_disabilities() = child.disabilities();
  record.set_nhs_number(child.nhs_number());
  record.set_upn(child.upn());
  if (child.has_address()) *record.add_addresses()->mutable_address() = child.address();
  return record;
}

absl::Status AllowChecks(Contact& contact, const pb::RequestAgencyChecksRequest& request) {
  RETURN_IF_ERROR(TakeStep(contact, "RequestAgencyChecks"));
  if (!request.without_consent_reason().empty()) {
    contact.set_checks_without_consent_reason(request.without_consent_reason());
  }
  // Sharing without consent is lawful where a child may be at risk, but the reason must be on
  // record (Information sharing advice for safeguarding practitioners).
  if (contact.consent().status() == pb::Consent::STATUS_OBTAINED ||
      !contact.checks_without_consent_reason().empty()) {
    return absl::OkStatus();
  }
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "consent", contact.name(),
                            "without consent, a reason to share information must be given");
}

absl::Status Decide(Contact& contact, const pb::DecideContactRequest& request, const Step& step,
                    const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(contact, "DecideContact"));
  std::vector<FieldViolation> violations;
  CheckThreshold(request, borough, violations);
  CheckReferredChildren(contact, request, borough, LondonDay(step.now), violations);
  if (!violations.empty()) return InvalidFields(violations);
  RETURN_IF_ERROR(CheckReferralRules(contact, request));

  pb::ContactDecision& decision = *contact.mutable_decision();
  decision.set_final_brag(request.final_brag());
  decision.set_outcome(request.outcome());
  decision.set_manager(step.person);
  decision.set_rationale(request.rationale());
  decision.set_threshold_level(request.threshold_level());
  decision.set_threshold_version(request.threshold_version());
  *decision.mutable_decide_time() = TimeToProto(step.now);
  SetFeedback(contact, request.feedback(), step.now);
  return OwesFeedback(contact) ? absl::OkStatus() : TakeStep(contact, "RecordFeedback");
}

absl::Status GiveFeedback(Contact& contact, const pb::RecordFeedbackRequest& request,
                          const Step& step) {
  RETURN_IF_ERROR(TakeStep(contact, "RecordFeedback"));
  if (contact.feedback().has_give_time()) {
    return PreconditionFailed(reason::ERROR_REASON_TRANSITION_NOT_ALLOWED, "STATE", contact.name(),
                              "the sender was told already");
  }
  if (request.channel() == pb::CONTACT_CHANNEL_API) {
    return InvalidField("channel", "must not be API: the API gives feedback itself");
  }
  const absl::Time when = request.has_give_time() ? *ProtoToTime(request.give_time()) : step.now;
  RETURN_IF_ERROR(CheckNotBefore(contact, when, "give_time"));
  pb::Feedback& feedback = *contact.mutable_feedback();
  feedback.set_channel(request.channel());
  feedback.set_given_by(step.person);
  feedback.set_given_to(request.given_to());
  *feedback.mutable_give_time() = TimeToProto(when);
  if (!contact.has_acknowledge_time()) *contact.mutable_acknowledge_time() = feedback.give_time();
  return absl::OkStatus();
}

absl::Status Reclassify(Contact& contact, const pb::ReclassifyContactRequest& request,
                        const Step& step) {
  RETURN_IF_ERROR(TakeStep(contact, "ReclassifyContact"));
  if (request.form_type() == contact.form_type()) {
    return InvalidField("form_type", "is the contact's form type already");
  }
  pb::Reclassification& correction = *contact.add_reclassifications();
  correction.set_from_form_type(contact.form_type());
  correction.set_to_form_type(request.form_type());
  correction.set_reason(request.reason());
  correction.set_corrected_by(step.person);
  *correction.mutable_correct_time() = TimeToProto(step.now);
  contact.set_form_type(request.form_type());
  return absl::OkStatus();
}

absl::Status MarkDuplicate(Contact& contact, const Contact& original,
                           const pb::MarkDuplicateContactRequest& request, const Step& step) {
  RETURN_IF_ERROR(TakeStep(contact, "MarkDuplicateContact"));
  if (original.state() == Contact::STATE_DUPLICATE) {
    return PreconditionFailed(reason::ERROR_REASON_TRANSITION_NOT_ALLOWED, "STATE", original.name(),
                              "the other contact is a duplicate itself");
  }
  contact.set_duplicate_of(original.name());
  contact.set_duplicate_reason(request.reason());
  SetFeedback(contact, request.feedback(), step.now);
  return absl::OkStatus();
}

const pb::ConcernedChild* FindChild(const Contact& contact, std::string_view child_id) {
  const auto child = std::find_if(contact.children().begin(), contact.children().end(),
                                  [&](const pb::ConcernedChild& c) { return c.id() == child_id; });
  return child == contact.children().end() ? nullptr : &*child;
}

bool OwesFeedback(const Contact& contact) {
  return contact.has_feedback() && !contact.feedback().has_give_time() && !IsAnonymous(contact);
}

bool IsAnonymous(const Contact& contact) {
  return contact.source() == pb::REFERRAL_SOURCE_ANONYMOUS && contact.source_agency().empty();
}

bool HearsByApi(const Contact& contact) { return contact.channel() == pb::CONTACT_CHANNEL_API; }

}  // namespace lscp::referrals
