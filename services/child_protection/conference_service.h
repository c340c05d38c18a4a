#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/arrived_case.h"
#include "child_protection/conference.h"
#include "child_protection/conference_store.h"
#include "child_protection/enquiry_store.h"
#include "child_protection/invitation_store.h"
#include "child_protection/parts.h"
#include "child_protection/plan_keeper.h"
#include "child_protection/plan_store.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Handlers of ConferencesService for those who convene and hold conferences. The contract says what
// they answer. Thread-safe; the parts must outlive this.
class Conferences {
 public:
  explicit Conferences(const Parts& parts) : parts_(parts), keeper_(parts) {}

  absl::StatusOr<pb::ConveneConferenceResponse> Convene(const pb::ConveneConferenceRequest& request,
                                                        Transaction& tx);
  absl::StatusOr<pb::GetConferenceResponse> Get(const pb::GetConferenceRequest& request,
                                                Reading& reading);
  absl::StatusOr<pb::ListConferencesResponse> List(const pb::ListConferencesRequest& request,
                                                   Reading& reading);
  absl::StatusOr<pb::InviteToConferenceResponse> Invite(
      const pb::InviteToConferenceRequest& request, Transaction& tx);
  absl::StatusOr<pb::RescheduleConferenceResponse> Reschedule(
      const pb::RescheduleConferenceRequest& request, Transaction& tx);
  absl::StatusOr<pb::RemindInviteesResponse> Remind(const pb::RemindInviteesRequest& request,
                                                    Transaction& tx);
  absl::StatusOr<pb::HoldConferenceResponse> Hold(const pb::HoldConferenceRequest& request,
                                                  Transaction& tx);
  absl::StatusOr<pb::DecideConferenceResponse> Decide(const pb::DecideConferenceRequest& request,
                                                      Transaction& tx);
  absl::StatusOr<pb::CancelConferenceResponse> Cancel(const pb::CancelConferenceRequest& request,
                                                      Transaction& tx);

 private:
  absl::StatusOr<ChildFacts> FactsOf(Transaction& tx, const pb::ConsideredChild& child) const;
  // The day on which an enquiry about the child started that asks for a conference; nothing when it
  // is another child's or asks for none. PERMISSION_DENIED when there is no such enquiry.
  absl::StatusOr<std::optional<absl::CivilDay>> OwedSince(Transaction& tx,
                                                          const pb::ConsideredChild& child) const;
  // The clock of a transfer-in conference, unless transfers that it follows have it.
  absl::Status StartClock(Transaction& tx, const pb::Conference& conference) const;
  // What the conference owes is done, at the time at which it was held.
  absl::Status MeetClocks(Transaction& tx, const pb::Conference& conference) const;
  // The invitations show the conference as it now is; what is not reported is not waited for if
  // `over`.
  absl::Status TellInvited(Transaction& tx, const pb::Conference& conference,
                           std::vector<pb::Invitation>& invitations, bool over) const;
  absl::Status DecideChild(Transaction& tx, const pb::Conference& conference,
                           const pb::ChildDecision& decision, pb::ConferenceChild& child) const;

  const Parts parts_;
  const PlanKeeper keeper_;
  const ConferenceStore store_;
  const InvitationStore invitations_;
  const EnquiryStore enquiries_;
  const ArrivedCases arrived_;
};

// Registers the methods of the service, those of invited agencies among them.
void RegisterConferences(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection
