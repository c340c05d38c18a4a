#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/conferences_service.pb.h"

// The rules of a child protection conference. No SQL, no gRPC, no clock. Errors are those that the
// contract documents; after one, the conference is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// Working Together to Safeguard Children: a child who has moved for good is considered within 15
// working days of the notice.
inline constexpr TimescaleRule kTransferConference = {
    "transfer_in_conference", "Transfer-in conference held", "notice of transfer", WorkingDays(15),
    "Working Together to Safeguard Children, chapter 3; CIN census guide, section 4.8"};

// What is done to a conference, and in which states.
inline constexpr Transition<pb::Conference::State> kConferenceTransitions[] = {
    {"ConveneConference", {pb::Conference::STATE_UNSPECIFIED}, pb::Conference::STATE_CONVENED},
    {"InviteToConference", {pb::Conference::STATE_CONVENED}, pb::Conference::STATE_CONVENED},
    {"SubmitConferenceReport", {pb::Conference::STATE_CONVENED}, pb::Conference::STATE_CONVENED},
    {"RescheduleConference", {pb::Conference::STATE_CONVENED}, pb::Conference::STATE_CONVENED},
    {"RemindInvitees", {pb::Conference::STATE_CONVENED}, pb::Conference::STATE_CONVENED},
    {"HoldConference", {pb::Conference::STATE_CONVENED}, pb::Conference::STATE_HELD},
    {"DecideConference", {pb::Conference::STATE_HELD}, pb::Conference::STATE_DECIDED},
    {"CancelConference", {pb::Conference::STATE_CONVENED}, pb::Conference::STATE_CANCELLED},
};

// What is known of a child whom a conference is to consider.
struct ChildFacts {
  std::optional<absl::CivilDay> birth_date;       // none: not born yet, or not known
  std::optional<absl::CivilDay> enquiry_started;  // of an enquiry that asks for a conference
  std::string plan;                               // the child's active plan; empty: there is none
  std::optional<absl::CivilDay> last_conference;  // that began the plan, or reviewed it last
  std::optional<absl::CivilDay> review_due;       // of that plan
  bool convened = false;                          // another conference is to consider the child
};

// A conference as it is convened, without a name yet; `facts` of the request's children in order.
absl::StatusOr<pb::Conference> Convene(const pb::ConveneConferenceRequest& request,
                                       const std::vector<ChildFacts>& facts);

absl::Status Reschedule(pb::Conference& conference, const pb::RescheduleConferenceRequest& request);

// That invitations may be changed, by this verb.
absl::Status AllowInvitations(const pb::Conference& conference, std::string_view verb);

// That it was held, and how the children took part. `birth_dates` of its children in order.
// `invitations` are all of the conference; those that attended are marked by the rules of
// invitations beforehand.
absl::Status Hold(pb::Conference& conference, const pb::HoldConferenceRequest& request,
                  const std::vector<std::optional<absl::CivilDay>>& birth_dates,
                  const std::vector<pb::Invitation>& invitations);

// Decision and category of each child, and who disagreed. What becomes of plans is for their rules.
absl::Status Decide(pb::Conference& conference, const pb::DecideConferenceRequest& request,
                    const std::vector<pb::Invitation>& invitations, const Step& step);

absl::Status Cancel(pb::Conference& conference, const pb::CancelConferenceRequest& request);

// Social care and at least two other agencies with direct contact to a child attended.
bool IsQuorate(const std::vector<pb::Invitation>& invitations);

// What is asked of a child's decision request, by the child; null when there is none.
const pb::ChildDecision* DecisionOf(const pb::DecideConferenceRequest& request,
                                    std::string_view child);

// Last day on which a conference is in time after an enquiry or a notice of that day.
absl::CivilDay ConferenceDue(absl::CivilDay start);

}  // namespace lscp::child_protection
