#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "child_protection/conference.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/plan_events.pb.h"
#include "safeguarding/child_protection/v1/plans_service.pb.h"

// The rules of a child protection plan. No SQL, no gRPC, no clock. Errors are those that the
// contract documents; after one, the plan is not to be stored.
namespace lscp::child_protection {

// What is done to a plan, and in which states. DecideConference begins it on PLAN, keeps it on
// CONTINUE and ends it on END.
inline constexpr Transition<pb::ProtectionPlan::State> kPlanTransitions[] = {
    {"DecideConference on PLAN",
     {pb::ProtectionPlan::STATE_UNSPECIFIED},
     pb::ProtectionPlan::STATE_ACTIVE},
    {"SetPlanOutcomes", {pb::ProtectionPlan::STATE_ACTIVE}, pb::ProtectionPlan::STATE_ACTIVE},
    {"AllocatePlan", {pb::ProtectionPlan::STATE_ACTIVE}, pb::ProtectionPlan::STATE_ACTIVE},
    {"DecideConference on CONTINUE",
     {pb::ProtectionPlan::STATE_ACTIVE},
     pb::ProtectionPlan::STATE_ACTIVE},
    {"DecideConference on END",
     {pb::ProtectionPlan::STATE_ACTIVE},
     pb::ProtectionPlan::STATE_ENDED},
    {"EndPlan", {pb::ProtectionPlan::STATE_ACTIVE}, pb::ProtectionPlan::STATE_ENDED},
};

// Working Together to Safeguard Children: the first review within three months of the initial
// conference, each later one within six months of the one before.
inline constexpr TimescaleRule kFirstReview = {
    "review_conference_first", "First review conference held", "plan started", Months(3),
    "Working Together to Safeguard Children, chapter 3: within three months of the initial "
    "conference"};
inline constexpr TimescaleRule kLaterReview = {
    "review_conference_later", "Later review conference held", "review held", Months(6),
    "Working Together to Safeguard Children, chapter 3: at most six months after the one before"};

// A child whose plan began before the birth: those who are around it meet soon after.
inline constexpr char kMeetingAfterBirth[] = "meeting_after_birth";
TimescaleRule MeetingAfterBirth(const Settings::Borough& borough);

// Last day on which a review conference is in time.
absl::CivilDay ReviewDue(absl::CivilDay last_conference, bool first);

// A plan as a conference begins it for a child, without a name yet. `earlier` are all plans that
// the child had.
pb::ProtectionPlan BeginPlan(const pb::Conference& conference, const pb::ConferenceChild& child,
                             const std::string& family_group,
                             const std::vector<pb::ProtectionPlan>& earlier);

// What a review conference decided. `decision` is of the plan's child.
absl::Status ReviewPlan(pb::ProtectionPlan& plan, const pb::Conference& conference,
                        const pb::ChildDecision& decision);

absl::Status SetOutcomes(pb::ProtectionPlan& plan, const pb::SetPlanOutcomesRequest& request);

absl::Status Allocate(pb::ProtectionPlan& plan, const pb::AllocatePlanRequest& request);

absl::Status End(pb::ProtectionPlan& plan, const pb::EndPlanRequest& request);

// Sets what depends on the day on which a plan is looked at: how long it has lasted.
void SetDuration(pb::ProtectionPlan& plan, absl::CivilDay today);

// It has lasted two years or more on this day.
bool IsTwoYearsOrMore(absl::CivilDay start, absl::CivilDay day);

// What other services are told.
pb::PlanStarted StartedOf(const pb::ProtectionPlan& plan);
pb::PlanEnded EndedOf(const pb::ProtectionPlan& plan);

}  // namespace lscp::child_protection
