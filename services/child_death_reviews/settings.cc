#include "child_death_reviews/settings.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "common/config/check.h"
#include "common/status/macros.h"

namespace lscp::child_death_reviews {
namespace {

// As the Office for National Statistics codes local authorities.
bool IsAreaCode(const std::string& text) {
  return text.size() == 9 && absl::ascii_isupper(text[0]) &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

void CheckBorough(const Settings::Borough& borough, const std::string& where, Faults& faults) {
  faults.Need(!borough.display_name().empty(), where, "display_name is missing");
  faults.Need(IsAreaCode(borough.area_code()), where,
              "area_code must be a local authority's, as \"E09000016\"");
  // Those of the enum but UNSPECIFIED.
  const int kinds = pb::AgencyKind_descriptor()->value_count() - 1;
  faults.Need(borough.panel_quorum() <= static_cast<uint32_t>(kinds), where,
              "panel_quorum is more than there are kinds of agencies");
}

// The documented defaults, where the file says 0 or nothing.
void Complete(Settings::Borough& borough) {
  if (borough.notification_hours() == 0) borough.set_notification_hours(48);
  if (borough.national_notification_hours() == 0) borough.set_national_notification_hours(48);
  if (borough.joint_decision_hours() == 0) borough.set_joint_decision_hours(24);
  if (borough.planning_meeting_hours() == 0) borough.set_planning_meeting_hours(48);
  if (borough.key_worker_working_days() == 0) borough.set_key_worker_working_days(2);
  if (borough.reporting_form_working_days() == 0) borough.set_reporting_form_working_days(15);
  if (borough.review_meeting_months() == 0) borough.set_review_meeting_months(3);
  if (borough.panel_review_days() == 0) borough.set_panel_review_days(42);
  if (borough.review_completion_months() == 0) borough.set_review_completion_months(6);
  if (borough.panel_quorum() == 0) borough.set_panel_quorum(4);
  if (borough.panel_quorum_kinds().empty()) {
    borough.add_panel_quorum_kinds(pb::AGENCY_KIND_DESIGNATED_DOCTOR);
    borough.add_panel_quorum_kinds(pb::AGENCY_KIND_POLICE);
    borough.add_panel_quorum_kinds(pb::AGENCY_KIND_SOCIAL_CARE);
  }
  if (borough.chronology_working_days() == 0) borough.set_chronology_working_days(15);
  if (borough.recommendation_answer_working_days() == 0) {
    borough.set_recommendation_answer_working_days(20);
  }
  if (borough.recommendation_months() == 0) borough.set_recommendation_months(6);
}

}  // namespace

absl::StatusOr<Settings> Settings::Create(pb::ChildDeathReviewSettings proto,
                                          const std::vector<std::string>& served) {
  ASSIGN_OR_RETURN(auto boroughs, ByBorough<Borough>::Create("child death reviews",
                                                             std::move(*proto.mutable_boroughs()),
                                                             served, CheckBorough, Complete));
  return Settings(std::move(boroughs));
}

}  // namespace lscp::child_death_reviews
