#pragma once

#include "child_protection/invitation_store.h"
#include "child_protection/parts.h"
#include "common/journal/chore.h"
#include "common/lifecycle/service.h"

// Agencies are reminded of the reports that they owe, without anybody asking for it.
namespace lscp::child_protection {

// What the agency is told, by whomever it is reminded.
Event ReminderOf(const pb::Invitation& invitation);

// Reminds each invited agency whose time has come, once for each day that the borough has set. The
// parts must outlive it.
Chore Reminders(const Parts& parts);

}  // namespace lscp::child_protection
