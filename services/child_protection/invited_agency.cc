#include "child_protection/invited_agency.h"

#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "child_protection/invitation.h"
#include "child_protection/timescale_rules.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "safeguarding/child_protection/v1/plan_events.pb.h"

namespace lscp::child_protection {
namespace {

using pb::Invitation;

struct ChangeByMethod {
  const char* method;
  pb::InvitationChange change;
};
constexpr ChangeByMethod kChanges[] = {
    {"/InviteToConference", pb::INVITATION_CHANGE_INVITED},
    {"/SubmitConferenceReport", pb::INVITATION_CHANGE_REPORTED},
    {"/RescheduleConference", pb::INVITATION_CHANGE_RESCHEDULED},
    {"/RemindInvitees", pb::INVITATION_CHANGE_REMINDED},
    {"/HoldConference", pb::INVITATION_CHANGE_HELD},
    {"/DecideConference", pb::INVITATION_CHANGE_DECIDED},
    {"/CancelConference", pb::INVITATION_CHANGE_CANCELLED},
};

pb::InvitationChange ChangeOf(const FeedEntry& entry) {
  for (const ChangeByMethod& row : kChanges) {
    if (absl::EndsWith(entry.method, row.method)) return row.change;
  }
  return pb::INVITATION_CHANGE_UNSPECIFIED;
}

std::optional<rpc::WatchReply> ForAgency(const Call& call, const FeedEntry& entry) {
  if (!MayName(call, "invitations", entry.resource)) return std::nullopt;
  Invitation invitation;
  if (entry.payload.empty() || !invitation.ParseFromString(entry.payload)) return std::nullopt;
  if (invitation.agency() != call.caller.agency) return std::nullopt;
  auto reply = std::make_unique<pb::WatchMyInvitationsResponse>();
  pb::InvitationEvent& event = *reply->add_events();
  *event.mutable_time() = TimeToProto(entry.at);
  event.set_change(ChangeOf(entry));
  *event.mutable_invitation() = std::move(invitation);
  return rpc::WatchReply{std::move(reply), {entry.resource}};
}

Event ReportedOf(const Invitation& invitation) {
  pb::ConferenceReportSubmitted submitted;
  submitted.set_invitation(invitation.name());
  submitted.set_conference(ConferenceOfInvitation(invitation.name()));
  submitted.set_agency(invitation.agency());
  *submitted.mutable_report_time() = invitation.report_time();
  return MakeEvent("child_protection.conference_report_submitted", submitted.conference(),
                   submitted);
}

}  // namespace

absl::StatusOr<pb::ListMyInvitationsResponse> InvitedAgencies::List(
    const pb::ListMyInvitationsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, invitations_.ListMine(reading, request));
  pb::ListMyInvitationsResponse response;
  response.mutable_invitations()->Add(std::make_move_iterator(page.resources.begin()),
                                      std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::SubmitConferenceReportResponse> InvitedAgencies::Report(
    const pb::SubmitConferenceReportRequest& request, Transaction& tx) {
  // The invitation is locked and not the conference, so that those who prepare it are not held up;
  // whoever holds or cancels it locks the invitations before committing.
  ASSIGN_OR_RETURN(Invitation invitation,
                   invitations_.LockMine(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const pb::Conference conference,
                   conferences_.Read(tx, ConferenceOfInvitation(invitation.name())));
  RETURN_IF_ERROR(child_protection::Report(invitation, conference, request, StepOf(tx)));
  // The first report meets the clock; a correction finds none running.
  RETURN_IF_ERROR(
      timescales::Meet(tx.db(), invitation.name(), kConferenceReport, tx.now()).status());
  RETURN_IF_ERROR(invitations_.Update(tx, invitation, ReportedOf(invitation)));
  pb::SubmitConferenceReportResponse response;
  *response.mutable_invitation() = std::move(invitation);
  return response;
}

absl::StatusOr<rpc::WatchFilter> InvitedAgencies::Watch(const pb::WatchMyInvitationsRequest&,
                                                        const Call& call) {
  return [call](const FeedEntry& entry) { return ForAgency(call, entry); };
}

}  // namespace lscp::child_protection
