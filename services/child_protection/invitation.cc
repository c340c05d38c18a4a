#include "child_protection/invitation.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {

using pb::Conference;
using pb::Invitation;

TimescaleRule ConferenceReportRule(const Settings::Borough& borough) {
  return {kConferenceReport, "Agency's report for the conference", "conference, counted back",
          WorkingDays(-static_cast<int>(borough.report_working_days())),
          "Set with each invitation; else working days before the conference, the borough's"};
}

std::string InvitationName(std::string_view conference, int number) {
  ResourceName name = *ResourceName::Parse(conference);
  name.collection = "invitations";
  absl::StrAppend(&name.id, "-", number);
  return name.ToString();
}

std::string ConferenceOfInvitation(std::string_view invitation) {
  ResourceName name = *ResourceName::Parse(invitation);
  name.collection = "conferences";
  name.id.erase(name.id.rfind('-'));
  return name.ToString();
}

absl::Time ReportDue(absl::Time conference, int working_days) {
  return EndOfDay(WorkingDayCalendar().Add(LondonDay(conference), -working_days));
}

absl::Status AllowAgencies(const pb::InviteToConferenceRequest& request,
                           const std::vector<Invitation>& invited) {
  std::set<std::string> known;
  for (const Invitation& invitation : invited) known.insert(invitation.agency());
  std::vector<FieldViolation> violations;
  for (int i = 0; i < request.agencies_size(); ++i) {
    if (known.insert(request.agencies(i).agency()).second) continue;
    violations.push_back({absl::StrCat("agencies[", i, "].agency"), "is invited already"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

Invitation Invite(const Conference& conference,
                  const std::vector<std::optional<absl::CivilDay>>& birth_dates, int number,
                  const pb::InvitedAgency& agency, absl::Time due, absl::Time now) {
  Invitation invitation;
  invitation.set_name(InvitationName(conference.name(), number));
  invitation.set_agency(agency.agency());
  invitation.set_kind(agency.kind());
  invitation.set_direct_contact(agency.direct_contact());
  invitation.set_state(Invitation::STATE_INVITED);
  invitation.set_type(conference.type());
  for (int i = 0; i < conference.considered_size(); ++i) {
    pb::InvitedChild& child = *invitation.add_children();
    child.set_child(conference.considered(i).child());
    child.set_given_name(conference.considered(i).given_name());
    child.set_family_name(conference.considered(i).family_name());
    if (birth_dates[i]) *child.mutable_birth_date() = DateToProto(*birth_dates[i]);
  }
  *invitation.mutable_report_due_time() = TimeToProto(due);
  *invitation.mutable_invite_time() = TimeToProto(now);
  Follow(invitation, conference);
  return invitation;
}

absl::Status Report(Invitation& invitation, const Conference& conference,
                    const pb::SubmitConferenceReportRequest& request, const Step& step) {
  // The errors name the invitation: more of the conference its agency need not know.
  RETURN_IF_ERROR(
      Next(kConferenceTransitions, "SubmitConferenceReport", conference.state(), invitation.name())
          .status());
  ASSIGN_OR_RETURN(const Invitation::State next,
                   Next(kInvitationTransitions, "SubmitConferenceReport", invitation.state(),
                        invitation.name()));
  invitation.set_state(next);
  invitation.clear_next_reminder_time();
  invitation.set_report(request.report());
  invitation.set_recommendation(request.recommendation());
  invitation.set_reported_by(step.person.empty() ? request.reported_by() : step.person);
  // A correction leaves the time that tells whether the report was there when it was needed.
  if (!invitation.has_report_time()) *invitation.mutable_report_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

bool Remind(Invitation& invitation, absl::Time now) {
  const auto next =
      Next(kInvitationTransitions, "RemindInvitees", invitation.state(), invitation.name());
  if (!next.ok()) return false;
  invitation.set_reminders(invitation.reminders() + 1);
  *invitation.mutable_remind_time() = TimeToProto(now);
  return true;
}

void ExpectReminder(Invitation& invitation, const Settings::Borough& borough, absl::Time now) {
  invitation.clear_next_reminder_time();
  if (invitation.state() != Invitation::STATE_INVITED) return;
  const absl::CivilDay due = LastDayOf(*ProtoToTime(invitation.report_due_time()));
  absl::Time next = absl::InfiniteFuture();
  for (const uint32_t days : borough.report_reminder_working_days()) {
    const absl::Time then = StartOfDay(WorkingDayCalendar().Add(due, -static_cast<int>(days)));
    if (then > now) next = std::min(next, then);
  }
  if (next < absl::InfiniteFuture()) *invitation.mutable_next_reminder_time() = TimeToProto(next);
}

bool IsToRemind(const Invitation& invitation, absl::Time now) {
  return invitation.has_next_reminder_time() &&
         *ProtoToTime(invitation.next_reminder_time()) <= now;
}

bool Lapse(Invitation& invitation) {
  const auto next =
      Next(kInvitationTransitions, "LapseInvitation", invitation.state(), invitation.name());
  if (!next.ok()) return false;
  invitation.set_state(*next);
  invitation.clear_next_reminder_time();
  return true;
}

absl::Status MarkAttendance(std::vector<Invitation>& invitations,
                            const pb::HoldConferenceRequest& request) {
  std::vector<FieldViolation> violations;
  std::set<std::string> told;
  for (int i = 0; i < request.attendance_size(); ++i) {
    const pb::AgencyAttendance& entry = request.attendance(i);
    const std::string field = absl::StrCat("attendance[", i, "]");
    const auto invitation =
        std::find_if(invitations.begin(), invitations.end(),
                     [&](const Invitation& other) { return other.agency() == entry.agency(); });
    if (invitation == invitations.end() || !told.insert(entry.agency()).second) {
      violations.push_back({field + ".agency", "was not invited, or occurs twice"});
      continue;
    }
    if (entry.attended() && entry.apologised()) {
      violations.push_back({field + ".apologised", "the agency attended"});
    }
    invitation->set_attended(entry.attended());
    invitation->set_apologised(entry.apologised());
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

void Follow(Invitation& invitation, const Conference& conference) {
  *invitation.mutable_plan_time() = conference.plan_time();
  invitation.set_place(conference.place());
  invitation.set_conference_state(conference.state());
  for (pb::InvitedChild& child : *invitation.mutable_children()) {
    for (const pb::ConferenceChild& considered : conference.considered()) {
      if (considered.child() != child.child()) continue;
      child.set_decision(considered.decision());
      child.set_category(considered.category());
    }
  }
}

}  // namespace lscp::child_protection
