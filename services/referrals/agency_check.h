#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/workflow/transition.h"
#include "referrals/contact.h"
#include "safeguarding/referrals/v1/contacts_service.pb.h"

// The rules of an agency check: what an agency is asked about the children of a contact, and what
// it answers. No SQL, no gRPC, no clock.
namespace lscp::referrals {

// What is done to a check, and in which states. It lapses when its contact is decided or turns out
// to be a duplicate.
inline constexpr Transition<pb::AgencyCheck::State> kAgencyCheckTransitions[] = {
    {"RequestAgencyChecks", {pb::AgencyCheck::STATE_UNSPECIFIED}, pb::AgencyCheck::STATE_REQUESTED},
    {"AnswerAgencyCheck",
     {pb::AgencyCheck::STATE_REQUESTED, pb::AgencyCheck::STATE_ANSWERED},
     pb::AgencyCheck::STATE_ANSWERED},
    {"LapseAgencyCheck", {pb::AgencyCheck::STATE_REQUESTED}, pb::AgencyCheck::STATE_LAPSED},
};

// Name of the contact's n-th check; its id is the contact's with the number, so that a check leads
// to its contact without saying anything of it.
std::string CheckName(std::string_view contact, int number);
std::string ContactOfCheck(std::string_view check);

// What the agency gets to see: who the children are and what it is asked, nothing of the concern.
pb::AgencyCheck AskAgency(const pb::Contact& contact, int number,
                          const pb::AgencyQuestion& question, absl::Time due, absl::Time now);

// An answer, or the correction of one, while the contact is not decided.
absl::Status Answer(pb::AgencyCheck& check, const pb::Contact& contact,
                    const pb::AnswerAgencyCheckRequest& request, const Step& step);

// What is not answered is not waited for any more. True if it changed.
bool Lapse(pb::AgencyCheck& check);

}  // namespace lscp::referrals
