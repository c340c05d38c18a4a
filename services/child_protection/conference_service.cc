#include "child_protection/conference_service.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "child_protection/children.h"
#include "child_protection/enquiry_service.h"
#include "child_protection/invitation.h"
#include "child_protection/invited_agency.h"
#include "child_protection/reminders.h"
#include "child_protection/timescale_rules.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"
#include "safeguarding/child_protection/v1/plan_events.pb.h"

namespace lscp::child_protection {
namespace {

using pb::Conference;
using pb::Invitation;

template <typename Response>
Response ReplyWith(Conference conference, const std::vector<Invitation>& invitations) {
  Response response;
  conference.mutable_invitations()->Assign(invitations.begin(), invitations.end());
  *response.mutable_conference() = std::move(conference);
  return response;
}

bool FollowsNotice(Conference::Type type) {
  return type == Conference::TYPE_TRANSFER_IN || type == Conference::TYPE_RECEIVING_IN;
}

Event DecidedOf(const Conference& conference) {
  pb::ConferenceDecided decided;
  decided.set_conference(conference.name());
  decided.set_type(conference.type());
  *decided.mutable_hold_time() = conference.hold_time();
  for (const pb::ConferenceChild& child : conference.considered()) {
    pb::ConferenceOutcome& outcome = *decided.add_outcomes();
    outcome.set_child(child.child());
    outcome.set_decision(child.decision());
    outcome.set_category(child.category());
    outcome.set_plan(child.plan());
  }
  return MakeEvent("child_protection.conference_decided", conference.name(), decided);
}

void ClearTexts(Conference& conference) {
  conference.clear_invitations();
  conference.clear_dissents();
  conference.clear_place();
  conference.clear_non_working_day_reason();
  conference.clear_late_reason();
  conference.clear_reschedule_reason();
  conference.clear_inquorate_reason();
  conference.clear_cancel_reason();
  for (pb::ConferenceChild& child : *conference.mutable_considered()) {
    child.clear_views();
    child.clear_rationale();
  }
}

}  // namespace

absl::StatusOr<ChildFacts> Conferences::FactsOf(Transaction& tx,
                                                const pb::ConsideredChild& child) const {
  ChildFacts facts;
  // Locked, so that no other conference is convened about the child meanwhile.
  ASSIGN_OR_RETURN(const KnownChild known, LockChild(tx.db(), child.child()));
  facts.birth_date = known.birth_date;
  ASSIGN_OR_RETURN(facts.convened, store_.IsToConsider(tx, child.child()));
  if (!child.enquiry().empty()) {
    ASSIGN_OR_RETURN(facts.enquiry_started, OwedSince(tx, child));
  }
  ASSIGN_OR_RETURN(const pb::ProtectionPlan plan, keeper_.ActiveOf(tx, child.child()));
  if (plan.name().empty()) return facts;
  facts.plan = plan.name();
  facts.last_conference = ProtoToDate(plan.last_conference_date());
  facts.review_due = ProtoToDate(plan.review_due_date());
  return facts;
}

absl::StatusOr<std::optional<absl::CivilDay>> Conferences::OwedSince(
    Transaction& tx, const pb::ConsideredChild& child) const {
  ASSIGN_OR_RETURN(const pb::Enquiry enquiry, enquiries_.Lock(tx, child.enquiry(), ""));
  ASSIGN_OR_RETURN(const auto names, domain::NamesOfChild(tx.db(), child.child()));
  if (std::find(names.begin(), names.end(), enquiry.child()) == names.end() ||
      enquiry.state() != pb::Enquiry::STATE_CONFERENCE_DUE) {
    return std::nullopt;
  }
  return LondonDay(*ProtoToTime(enquiry.start_time()));
}

absl::StatusOr<pb::ConveneConferenceResponse> Conferences::Convene(
    const pb::ConveneConferenceRequest& request, Transaction& tx) {
  std::vector<ChildFacts> facts;
  for (const pb::ConsideredChild& child : request.children()) {
    RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), child.child()));
    ASSIGN_OR_RETURN(facts.emplace_back(), FactsOf(tx, child));
  }
  ASSIGN_OR_RETURN(Conference conference, child_protection::Convene(request, facts));
  conference.set_name(store_.NewName(tx.call().borough, tx.now()));
  if (FollowsNotice(conference.type())) RETURN_IF_ERROR(StartClock(tx, conference));
  RETURN_IF_ERROR(store_.Insert(tx, conference));
  return ReplyWith<pb::ConveneConferenceResponse>(std::move(conference), {});
}

absl::Status Conferences::StartClock(Transaction& tx, const Conference& conference) const {
  ASSIGN_OR_RETURN(const bool runs_there, arrived_.OweAll(tx, conference));
  if (runs_there) return absl::OkStatus();
  return timescales::Start(
      tx.db(), tx.call().borough,
      {ClockOf(kTransferConference, conference.name(),
               StartOfDay(*ProtoToDate(conference.notice_date())), conference.team())});
}

absl::StatusOr<pb::GetConferenceResponse> Conferences::Get(const pb::GetConferenceRequest& request,
                                                           Reading& reading) {
  ASSIGN_OR_RETURN(Conference conference, store_.Get(reading, request.name()));
  ASSIGN_OR_RETURN(const auto invitations, invitations_.Of(reading.db(), conference.name()));
  return ReplyWith<pb::GetConferenceResponse>(std::move(conference), invitations);
}

absl::StatusOr<pb::ListConferencesResponse> Conferences::List(
    const pb::ListConferencesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListConferencesResponse response;
  for (Conference& conference : page.resources) {
    ClearTexts(conference);
    *response.add_conferences() = std::move(conference);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::InviteToConferenceResponse> Conferences::Invite(
    const pb::InviteToConferenceRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Conference conference, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(AllowInvitations(conference, "InviteToConference"));
  ASSIGN_OR_RETURN(auto invitations, invitations_.LockOf(tx, conference.name()));
  RETURN_IF_ERROR(AllowAgencies(request, invitations));
  ASSIGN_OR_RETURN(const auto birth_dates, BirthDatesOf(tx.db(), conference.children()));
  const Settings::Borough& borough = parts_.settings->Of(tx.call().borough);
  const absl::Time usual = ReportDue(*ProtoToTime(conference.plan_time()),
                                     static_cast<int>(borough.report_working_days()));
  std::vector<timescales::NewClock> clocks;
  for (const pb::InvitedAgency& agency : request.agencies()) {
    const absl::Time due =
        agency.has_report_due_time() ? *ProtoToTime(agency.report_due_time()) : usual;
    Invitation invitation = child_protection::Invite(
        conference, birth_dates, static_cast<int>(invitations.size()) + 1, agency, due, tx.now());
    ExpectReminder(invitation, borough, tx.now());
    RETURN_IF_ERROR(invitations_.Insert(tx, invitation));
    clocks.push_back({invitation.name(), kConferenceReport, tx.now(), due, conference.team()});
    invitations.push_back(std::move(invitation));
  }
  RETURN_IF_ERROR(timescales::Start(tx.db(), tx.call().borough, clocks));
  RETURN_IF_ERROR(store_.Update(tx, conference));
  return ReplyWith<pb::InviteToConferenceResponse>(std::move(conference), invitations);
}

absl::StatusOr<pb::RescheduleConferenceResponse> Conferences::Reschedule(
    const pb::RescheduleConferenceRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Conference conference, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Reschedule(conference, request));
  ASSIGN_OR_RETURN(auto invitations, invitations_.LockOf(tx, conference.name()));
  const Settings::Borough& borough = parts_.settings->Of(tx.call().borough);
  const absl::Time due = ReportDue(*ProtoToTime(conference.plan_time()),
                                   static_cast<int>(borough.report_working_days()));
  for (Invitation& invitation : invitations) {
    if (invitation.state() != Invitation::STATE_INVITED) continue;
    *invitation.mutable_report_due_time() = TimeToProto(due);
    ExpectReminder(invitation, borough, tx.now());
    RETURN_IF_ERROR(
        timescales::Extend(tx.db(), invitation.name(), kConferenceReport, due).status());
  }
  RETURN_IF_ERROR(TellInvited(tx, conference, invitations, false));
  RETURN_IF_ERROR(store_.Update(tx, conference));
  return ReplyWith<pb::RescheduleConferenceResponse>(std::move(conference), invitations);
}

absl::StatusOr<pb::RemindInviteesResponse> Conferences::Remind(
    const pb::RemindInviteesRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Conference conference, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(AllowInvitations(conference, "RemindInvitees"));
  ASSIGN_OR_RETURN(auto invitations, invitations_.LockOf(tx, conference.name()));
  int reminded = 0;
  for (Invitation& invitation : invitations) {
    if (!child_protection::Remind(invitation, tx.now())) continue;
    RETURN_IF_ERROR(invitations_.Update(tx, invitation, ReminderOf(invitation)));
    ++reminded;
  }
  if (reminded == 0) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "report_owed", conference.name(),
                              "no agency owes a report");
  }
  return ReplyWith<pb::RemindInviteesResponse>(std::move(conference), invitations);
}

absl::StatusOr<pb::HoldConferenceResponse> Conferences::Hold(
    const pb::HoldConferenceRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Conference conference, store_.Lock(tx, request.name(), request.etag()));
  // Locked before it commits, so that nobody reports behind its back.
  ASSIGN_OR_RETURN(auto invitations, invitations_.LockOf(tx, conference.name()));
  ASSIGN_OR_RETURN(const auto birth_dates, BirthDatesOf(tx.db(), conference.children()));
  RETURN_IF_ERROR(MarkAttendance(invitations, request));
  RETURN_IF_ERROR(child_protection::Hold(conference, request, birth_dates, invitations));
  RETURN_IF_ERROR(TellInvited(tx, conference, invitations, true));
  RETURN_IF_ERROR(MeetClocks(tx, conference));
  RETURN_IF_ERROR(store_.UpdateCounted(tx, conference));
  return ReplyWith<pb::HoldConferenceResponse>(std::move(conference), invitations);
}

absl::Status Conferences::MeetClocks(Transaction& tx, const Conference& conference) const {
  const absl::Time held = *ProtoToTime(conference.hold_time());
  RETURN_IF_ERROR(
      timescales::Meet(tx.db(), conference.name(), kTransferConference.id, held).status());
  if (FollowsNotice(conference.type())) {
    RETURN_IF_ERROR(arrived_.Held(tx, conference, held));
  }
  for (const pb::ConferenceChild& child : conference.considered()) {
    if (!child.enquiry().empty()) {
      RETURN_IF_ERROR(HoldInitialConferenceOf(tx, enquiries_, child.enquiry(), held));
    }
    if (child.plan().empty()) continue;
    for (const char* rule : {kFirstReview.id, kLaterReview.id}) {
      RETURN_IF_ERROR(timescales::Meet(tx.db(), child.plan(), rule, held).status());
    }
  }
  return absl::OkStatus();
}

absl::Status Conferences::TellInvited(Transaction& tx, const Conference& conference,
                                      std::vector<Invitation>& invitations, bool over) const {
  for (Invitation& invitation : invitations) {
    if (over && Lapse(invitation)) {
      RETURN_IF_ERROR(
          timescales::Cancel(tx.db(), invitation.name(), kConferenceReport, tx.now()).status());
    }
    Follow(invitation, conference);
    RETURN_IF_ERROR(invitations_.Update(tx, invitation));
  }
  return absl::OkStatus();
}

absl::StatusOr<pb::DecideConferenceResponse> Conferences::Decide(
    const pb::DecideConferenceRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Conference conference, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(auto invitations, invitations_.LockOf(tx, conference.name()));
  RETURN_IF_ERROR(child_protection::Decide(conference, request, invitations, StepOf(tx)));
  for (pb::ConferenceChild& child : *conference.mutable_considered()) {
    RETURN_IF_ERROR(DecideChild(tx, conference, *DecisionOf(request, child.child()), child));
  }
  RETURN_IF_ERROR(arrived_.Decided(tx, conference));
  RETURN_IF_ERROR(TellInvited(tx, conference, invitations, false));
  RETURN_IF_ERROR(store_.UpdateCounted(tx, conference, DecidedOf(conference)));
  return ReplyWith<pb::DecideConferenceResponse>(std::move(conference), invitations);
}

absl::Status Conferences::DecideChild(Transaction& tx, const Conference& conference,
                                      const pb::ChildDecision& decision,
                                      pb::ConferenceChild& child) const {
  if (decision.decision() == pb::CONFERENCE_DECISION_PLAN) {
    ASSIGN_OR_RETURN(*child.mutable_plan(), keeper_.Begin(tx, conference, child));
  } else if (conference.type() == Conference::TYPE_REVIEW) {
    return keeper_.Review(tx, conference, child.plan(), decision);
  }
  return absl::OkStatus();
}

absl::StatusOr<pb::CancelConferenceResponse> Conferences::Cancel(
    const pb::CancelConferenceRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Conference conference, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Cancel(conference, request));
  ASSIGN_OR_RETURN(auto invitations, invitations_.LockOf(tx, conference.name()));
  RETURN_IF_ERROR(TellInvited(tx, conference, invitations, true));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), conference.name(), tx.now()).status());
  RETURN_IF_ERROR(store_.Update(tx, conference));
  return ReplyWith<pb::CancelConferenceResponse>(std::move(conference), invitations);
}

void RegisterConferences(ServiceContext& context, const Parts& parts) {
  constexpr char kService[] = "safeguarding.child_protection.v1.ConferencesService";
  context.methods()
      .Of(kService, context.Keep(std::make_unique<Conferences>(parts)))
      .Write("ConveneConference", &Conferences::Convene)
      .Read("GetConference", &Conferences::Get)
      .Read("ListConferences", &Conferences::List)
      .Write("InviteToConference", &Conferences::Invite)
      .Write("RescheduleConference", &Conferences::Reschedule)
      .Write("RemindInvitees", &Conferences::Remind)
      .Write("HoldConference", &Conferences::Hold)
      .Write("DecideConference", &Conferences::Decide)
      .Write("CancelConference", &Conferences::Cancel);
  context.methods()
      .Of(kService, context.Keep(std::make_unique<InvitedAgencies>()))
      .Read("ListMyInvitations", &InvitedAgencies::List)
      .Write("SubmitConferenceReport", &InvitedAgencies::Report)
      .Watch<pb::WatchMyInvitationsResponse>("WatchMyInvitations", &InvitedAgencies::Watch);
}

}  // namespace lscp::child_protection
