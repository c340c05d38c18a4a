#include "child_protection/reminders.h"

#include "child_protection/invitation.h"
#include "common/status/macros.h"
#include "safeguarding/child_protection/v1/plan_events.pb.h"

namespace lscp::child_protection {

Event ReminderOf(const pb::Invitation& invitation) {
  pb::ConferenceReportReminded reminded;
  reminded.set_invitation(invitation.name());
  reminded.set_agency(invitation.agency());
  *reminded.mutable_plan_time() = invitation.plan_time();
  *reminded.mutable_report_due_time() = invitation.report_due_time();
  return MakeEvent("child_protection.conference_report_reminded",
                   ConferenceOfInvitation(invitation.name()), reminded);
}

Chore Reminders(const Parts& parts) {
  const InvitationStore store;
  return {.verb = "RemindInvitees",
          .find = [store](db::Connection& db, absl::Time now,
                          int most) { return store.ToRemind(db, now, most); },
          .act =
              [store, settings = parts.settings](const std::string& name, Transaction& tx) {
                ASSIGN_OR_RETURN(pb::Invitation invitation, store.Lock(tx, name));
                if (!IsToRemind(invitation, tx.now()) || !Remind(invitation, tx.now())) {
                  tx.NothingChanged();
                  return absl::OkStatus();
                }
                ExpectReminder(invitation, settings->Of(tx.call().borough), tx.now());
                return store.Update(tx, invitation, ReminderOf(invitation));
              }};
}

}  // namespace lscp::child_protection
