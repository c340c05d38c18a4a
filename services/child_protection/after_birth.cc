#include "child_protection/after_birth.h"

#include <optional>

#include "child_protection/children.h"
#include "child_protection/plan.h"
#include "child_protection/plan_store.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {
namespace {

namespace register_pb = safeguarding::referrals::v1;
using pb::ProtectionPlan;

// A core group or a review conference.
bool MetSince(const ProtectionPlan& plan, absl::CivilDay birth) {
  const auto core_group = ProtoToDate(plan.last_core_group_date());
  const auto conference = ProtoToDate(plan.last_conference_date());
  return (core_group && *core_group >= birth) || (conference && *conference >= birth);
}

}  // namespace

absl::Status ExpectMeetingAfterBirth(Transaction& tx, const Parts& parts,
                                     const register_pb::ChildChanged& change) {
  const auto birth = ProtoToDate(change.birth_date());
  if (!birth) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto plans, PlanStore().OfChild(tx, change.child()));
  for (const ProtectionPlan& plan : plans) {
    if (plan.state() != ProtectionPlan::STATE_ACTIVE) continue;
    if (*ProtoToDate(plan.start_date()) >= *birth || MetSince(plan, *birth)) continue;
    const TimescaleRule rule = MeetingAfterBirth(parts.settings->Of(tx.call().borough));
    const absl::Time from = StartOfDay(*birth);
    const absl::Status started = timescales::Start(
        tx.db(), tx.call().borough,
        {{plan.name(), rule.id, from, DueAt(from, rule.due_after, WorkingDayCalendar()),
          plan.team(), plan.worker()}});
    // The register tells of the child again and again.
    if (!absl::IsAlreadyExists(started)) RETURN_IF_ERROR(started);
  }
  return absl::OkStatus();
}

absl::Status MeetAfterBirth(Transaction& tx, const ProtectionPlan& plan, absl::Time held) {
  ASSIGN_OR_RETURN(const KnownChild child, FindChild(tx.db(), plan.child()));
  if (!child.birth_date || LondonDay(held) < *child.birth_date) return absl::OkStatus();
  return timescales::Meet(tx.db(), plan.name(), kMeetingAfterBirth, held).status();
}

void FollowBirths(ServiceContext& context, const Parts& parts) {
  context.OnEvent<register_pb::ChildChanged>(
      "referrals.child_changed",
      [parts](const DeliveredEvent&, const register_pb::ChildChanged& change, Transaction& tx) {
        return ExpectMeetingAfterBirth(tx, parts, change);
      });
}

}  // namespace lscp::child_protection
