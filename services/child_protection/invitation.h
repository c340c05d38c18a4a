#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "child_protection/conference.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/conferences_service.pb.h"

// The rules of an agency's invitation to a conference, and of its report. No SQL, no gRPC, no
// clock.
namespace lscp::child_protection {

// The report of an invited agency. Due when the invitation says; else the borough's working days
// before the conference.
inline constexpr char kConferenceReport[] = "conference_report";
TimescaleRule ConferenceReportRule(const Settings::Borough& borough);

// What is done to an invitation, and in which states. A report lapses when its conference is held
// or cancelled without it.
inline constexpr Transition<pb::Invitation::State> kInvitationTransitions[] = {
    {"InviteToConference", {pb::Invitation::STATE_UNSPECIFIED}, pb::Invitation::STATE_INVITED},
    {"SubmitConferenceReport",
     {pb::Invitation::STATE_INVITED, pb::Invitation::STATE_REPORTED},
     pb::Invitation::STATE_REPORTED},
    {"RemindInvitees", {pb::Invitation::STATE_INVITED}, pb::Invitation::STATE_INVITED},
    {"LapseInvitation", {pb::Invitation::STATE_INVITED}, pb::Invitation::STATE_LAPSED},
};

// Name of the conference's n-th invitation; its id is the conference's with the number, so that an
// invitation leads to its conference.
std::string InvitationName(std::string_view conference, int number);
std::string ConferenceOfInvitation(std::string_view invitation);

// By when a report is needed that is due this many working days before the conference begins.
absl::Time ReportDue(absl::Time conference, int working_days);

// That these agencies may be invited to a conference beside `invited`.
absl::Status AllowAgencies(const pb::InviteToConferenceRequest& request,
                           const std::vector<pb::Invitation>& invited);

// What the agency gets to see; `birth_dates` of the conference's children in order.
pb::Invitation Invite(const pb::Conference& conference,
                      const std::vector<std::optional<absl::CivilDay>>& birth_dates, int number,
                      const pb::InvitedAgency& agency, absl::Time due, absl::Time now);

// A report, or the correction of one, until the conference is held.
absl::Status Report(pb::Invitation& invitation, const pb::Conference& conference,
                    const pb::SubmitConferenceReportRequest& request, const Step& step);

// The agency is reminded of its report. True if it owes one.
bool Remind(pb::Invitation& invitation, absl::Time now);

// When the service is going to remind the agency next, after `now`: at the beginning of each day
// that the borough has set, so many working days before the report is due. Sets nothing when the
// agency owes no report, or no day is left.
void ExpectReminder(pb::Invitation& invitation, const Settings::Borough& borough, absl::Time now);

// That time has come.
bool IsToRemind(const pb::Invitation& invitation, absl::Time now);

// What is not reported is not waited for any more. True if it changed.
bool Lapse(pb::Invitation& invitation);

// Who attended, as HoldConference tells it.
absl::Status MarkAttendance(std::vector<pb::Invitation>& invitations,
                            const pb::HoldConferenceRequest& request);

// The conference's time, place, state and decisions, as the agency sees them.
void Follow(pb::Invitation& invitation, const pb::Conference& conference);

}  // namespace lscp::child_protection
