#include "child_protection/settings.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/status/macros.h"

namespace lscp::child_protection {
namespace {

bool IsPhone(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(c) || c == ' ' || c == '+';
  });
}

void CheckDutyContact(const pb::DutyContact& contact, const std::string& where, Faults& faults) {
  faults.Need(!contact.display_name().empty(), where, "display_name is missing");
  faults.Need(IsPhone(contact.phone()), where, "phone must be of digits, spaces and +");
  faults.Need(IsPhone(contact.out_of_hours_phone()), where,
              "out_of_hours_phone must be of digits, spaces and +");
}

void CheckBorough(const Settings::Borough& borough, const std::string& where, Faults& faults) {
  CheckDutyContact(borough.duty_contact(), where + ".duty_contact", faults);
}

// The documented defaults, where the file says 0 or nothing.
void Complete(Settings::Borough& borough) {
  if (borough.strategy_discussion_working_days() == 0) {
    borough.set_strategy_discussion_working_days(3);
  }
  pb::MissingSettings& missing = *borough.mutable_missing();
  if (missing.repeated_episodes() == 0) missing.set_repeated_episodes(3);
  if (missing.repeated_days() == 0) missing.set_repeated_days(90);
  if (missing.strategy_meeting_working_days() == 0) missing.set_strategy_meeting_working_days(3);
  if (borough.report_working_days() == 0) borough.set_report_working_days(2);
  if (borough.core_group_days() == 0) borough.set_core_group_days(42);
  pb::VisitIntervals& visits = *borough.mutable_visits();
  if (visits.plan_days() == 0) visits.set_plan_days(10);
  if (visits.plan_days_under_five() == 0) visits.set_plan_days_under_five(visits.plan_days());
  if (visits.child_in_need_days() == 0) visits.set_child_in_need_days(28);
}

}  // namespace

absl::StatusOr<Settings> Settings::Create(pb::ChildProtectionSettings proto,
                                          const std::vector<std::string>& served) {
  ASSIGN_OR_RETURN(auto boroughs, ByBorough<Borough>::Create("child protection",
                                                             std::move(*proto.mutable_boroughs()),
                                                             served, CheckBorough, Complete));
  return Settings(std::move(boroughs));
}

}  // namespace lscp::child_protection
