#include "child_protection/settings.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/config/check.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

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

void CheckPanels(const Settings::Borough& borough, const std::string& where, Faults& faults) {
  std::set<std::string> ids;
  for (const pb::Panel& panel : borough.panels()) ids.insert(panel.id());
  faults.Need(ids.size() == static_cast<size_t>(borough.panels_size()),
              absl::StrCat(where, ".panels"), "an id occurs twice");
  for (const pb::Panel& panel : borough.panels()) {
    const std::string here = absl::StrCat(where, ".panels \"", panel.id(), "\"");
    const auto from = ProtoToDate(panel.from_date());
    const auto to = ProtoToDate(panel.to_date());
    faults.Need(IsConfigId(panel.id()), here, "id must be of a-z, 0-9 and -");
    faults.Need(!panel.display_name().empty(), here, "display_name is missing");
    faults.Need(panel.kind() != pb::PANEL_KIND_UNSPECIFIED, here, "kind is missing");
    faults.Need(!panel.has_from_date() || from, here, "from_date is no date");
    faults.Need(!panel.has_to_date() || to, here, "to_date is no date");
    faults.Need(!from || !to || *from <= *to, here, "to_date is before from_date");
    faults.Need(panel.successor().empty() ||
                    (panel.successor() != panel.id() && ids.contains(panel.successor())),
                here, "successor is no other panel of the borough");
  }
}

void CheckReminders(const Settings::Borough& borough, const std::string& where, Faults& faults) {
  const auto& days = borough.report_reminder_working_days();
  const std::string here = where + ".report_reminder_working_days";
  faults.Need(std::all_of(days.begin(), days.end(), [](uint32_t n) { return n >= 1 && n <= 30; }),
              here, "must be from 1 to 30");
  faults.Need(
      std::set<uint32_t>(days.begin(), days.end()).size() == static_cast<size_t>(days.size()), here,
      "a number occurs twice");
}

void CheckBorough(const Settings::Borough& borough, const std::string& where, Faults& faults) {
  CheckDutyContact(borough.duty_contact(), where + ".duty_contact", faults);
  CheckPanels(borough, where, faults);
  CheckReminders(borough, where, faults);
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
  if (borough.report_reminder_working_days().empty()) borough.add_report_reminder_working_days(1);
  if (borough.after_birth_days() == 0) borough.set_after_birth_days(10);
  if (borough.core_group_days() == 0) borough.set_core_group_days(42);
  pb::VisitIntervals& visits = *borough.mutable_visits();
  if (visits.plan_days() == 0) visits.set_plan_days(10);
  if (visits.plan_days_under_five() == 0) visits.set_plan_days_under_five(visits.plan_days());
  if (visits.child_in_need_days() == 0) visits.set_child_in_need_days(28);
  if (visits.child_in_need_first_days() == 0) {
    visits.set_child_in_need_first_days(visits.child_in_need_days());
  }
  pb::ExploitationSettings& exploitation = *borough.mutable_exploitation();
  if (exploitation.flag_review_days() == 0) exploitation.set_flag_review_days(90);
  if (exploitation.seam_initial_working_days() == 0) exploitation.set_seam_initial_working_days(10);
  if (exploitation.seam_review_days() == 0) exploitation.set_seam_review_days(42);
  if (exploitation.seam_notes_working_days() == 0) exploitation.set_seam_notes_working_days(5);
  if (exploitation.nrm_reasonable_grounds_working_days() == 0) {
    exploitation.set_nrm_reasonable_grounds_working_days(5);
  }
  pb::ChildInNeedSettings& in_need = *borough.mutable_child_in_need();
  if (in_need.first_review_months() == 0) in_need.set_first_review_months(3);
  if (in_need.review_months() == 0) in_need.set_review_months(6);
  if (in_need.pre_proceedings_days() == 0) in_need.set_pre_proceedings_days(112);
  if (borough.transfer_answer_working_days() == 0) borough.set_transfer_answer_working_days(5);
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
