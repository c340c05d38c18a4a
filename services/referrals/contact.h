#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/workflow/transition.h"
#include "referrals/settings.h"
#include "safeguarding/referrals/v1/contacts_service.pb.h"

// The rules of a contact: which steps its states allow, and what each step requires and does. No
// SQL, no gRPC, no clock. Errors are those that the contract documents; after one, the contact is
// not to be stored.
namespace lscp::referrals {

namespace pb = safeguarding::referrals::v1;

// What is done to a contact, and in which states. DecideContact goes on to CLOSED, as if feedback
// were recorded at once, where the sender hears by API or cannot be told because it is anonymous.
inline constexpr Transition<pb::Contact::State> kContactTransitions[] = {
    {"SubmitContact", {pb::Contact::STATE_UNSPECIFIED}, pb::Contact::STATE_RECEIVED},
    {"RecordContact", {pb::Contact::STATE_UNSPECIFIED}, pb::Contact::STATE_RECEIVED},
    {"AcknowledgeContact", {pb::Contact::STATE_RECEIVED}, pb::Contact::STATE_RECEIVED},
    {"AcknowledgeContact", {pb::Contact::STATE_RATED}, pb::Contact::STATE_RATED},
    {"AcknowledgeContact", {pb::Contact::STATE_DECIDED}, pb::Contact::STATE_DECIDED},
    {"RateContact",
     {pb::Contact::STATE_RECEIVED, pb::Contact::STATE_RATED},
     pb::Contact::STATE_RATED},
    {"LinkChild", {pb::Contact::STATE_RECEIVED}, pb::Contact::STATE_RECEIVED},
    {"LinkChild", {pb::Contact::STATE_RATED}, pb::Contact::STATE_RATED},
    {"RequestAgencyChecks", {pb::Contact::STATE_RECEIVED}, pb::Contact::STATE_RECEIVED},
    {"RequestAgencyChecks", {pb::Contact::STATE_RATED}, pb::Contact::STATE_RATED},
    {"AnswerAgencyCheck", {pb::Contact::STATE_RECEIVED}, pb::Contact::STATE_RECEIVED},
    {"AnswerAgencyCheck", {pb::Contact::STATE_RATED}, pb::Contact::STATE_RATED},
    {"ReclassifyContact", {pb::Contact::STATE_RECEIVED}, pb::Contact::STATE_RECEIVED},
    {"ReclassifyContact", {pb::Contact::STATE_RATED}, pb::Contact::STATE_RATED},
    {"DecideContact",
     {pb::Contact::STATE_RECEIVED, pb::Contact::STATE_RATED},
     pb::Contact::STATE_DECIDED},
    {"RecordFeedback", {pb::Contact::STATE_DECIDED}, pb::Contact::STATE_CLOSED},
    {"RecordFeedback", {pb::Contact::STATE_DUPLICATE}, pb::Contact::STATE_DUPLICATE},
    {"MarkDuplicateContact",
     {pb::Contact::STATE_RECEIVED, pb::Contact::STATE_RATED},
     pb::Contact::STATE_DUPLICATE},
};

// Who takes a step, and when.
struct Step {
  std::string person;
  absl::Time now;
};

// How a contact reached the hub.
struct Arrival {
  pb::ContactChannel channel;
  std::string source_agency;  // empty for the public
  absl::Time received;
};

// A contact as it starts, RECEIVED, from what its sender gave; it has no name yet. By API it is
// acknowledged at once. INVALID_ARGUMENT listing what breaks a rule that the fields' options cannot
// say.
absl::StatusOr<pb::Contact> ReceiveContact(const pb::Contact& sent, const Arrival& arrival,
                                           const Settings::Borough& borough);

absl::Status Acknowledge(pb::Contact& contact, absl::Time when);

absl::Status Rate(pb::Contact& contact, const pb::RateContactRequest& request, const Step& step,
                  const Settings::Borough& borough);

// The child of the contact that is to be tied to the register; owned by the contact.
absl::StatusOr<pb::ConcernedChild*> ChildToLink(pb::Contact& contact, std::string_view child_id);

// A child by its id within the contact; nullptr when there is none.
const pb::ConcernedChild* FindChild(const pb::Contact& contact, std::string_view child_id);

// What the sender said of a child, as a record for the register.
pb::Child ChildForRegister(const pb::ConcernedChild& child);

// Agencies may be asked only with consent, or with a reason to go without it, which is recorded.
absl::Status AllowChecks(pb::Contact& contact, const pb::RequestAgencyChecksRequest& request);

// Does not make the referrals.
absl::Status Decide(pb::Contact& contact, const pb::DecideContactRequest& request, const Step& step,
                    const Settings::Borough& borough);

// The contact is acknowledged by it, if it was not before.
absl::Status GiveFeedback(pb::Contact& contact, const pb::RecordFeedbackRequest& request,
                          const Step& step);

absl::Status Reclassify(pb::Contact& contact, const pb::ReclassifyContactRequest& request,
                        const Step& step);

// `original` is the contact that tells the same.
absl::Status MarkDuplicate(pb::Contact& contact, const pb::Contact& original,
                           const pb::MarkDuplicateContactRequest& request, const Step& step);

// What became of the contact is known, and its sender is still to be told.
bool OwesFeedback(const pb::Contact& contact);

// By API the sender sees all that becomes of the contact, at once.
bool HearsByApi(const pb::Contact& contact);

// Who stays anonymous cannot be told anything, so nothing is owed to them.
bool IsAnonymous(const pb::Contact& contact);

}  // namespace lscp::referrals
