#include "child_death_reviews/set_up.h"

#include <memory>
#include <utility>

#include "child_death_reviews/annual_figures_service.h"
#include "child_death_reviews/chronology_service.h"
#include "child_death_reviews/death_notification_service.h"
#include "child_death_reviews/death_panel_case_service.h"
#include "child_death_reviews/death_panel_service.h"
#include "child_death_reviews/death_review_meeting_service.h"
#include "child_death_reviews/death_review_service.h"
#include "child_death_reviews/family_support_service.h"
#include "child_death_reviews/indicators.h"
#include "child_death_reviews/joint_response_service.h"
#include "child_death_reviews/national_form_service.h"
#include "child_death_reviews/recommendation_service.h"
#include "child_death_reviews/reporting_form_service.h"
#include "child_death_reviews/review_completion_service.h"
#include "child_death_reviews/serious_incident_service.h"
#include "child_death_reviews/settings.h"
#include "child_death_reviews/timescale_rules.h"
#include "common/status/macros.h"
#include "domain/identifiers.h"

namespace lscp::child_death_reviews {

absl::Status SetUpChildDeathReviews(ServiceContext& context) {
  ASSIGN_OR_RETURN(auto proto, context.LoadSettings<pb::ChildDeathReviewSettings>());
  const auto& served = context.config().boroughs();
  ASSIGN_OR_RETURN(Settings loaded,
                   Settings::Create(std::move(proto), {served.begin(), served.end()}));
  const Settings* settings = context.Keep(std::make_unique<Settings>(std::move(loaded)));
  context.SetTimescaleRules(
      [settings](const std::string& borough) { return TimescaleRulesOf(settings->Of(borough)); });
  context.formats()["nhs_number"] = FormatOf(domain::IsNhsNumber, "is not an NHS number");

  RegisterDeathNotifications(context, settings);
  RegisterDeathReviews(context, settings);
  RegisterJointResponses(context, settings);
  RegisterFamilySupports(context);
  RegisterReportingForms(context, settings);
  RegisterNationalForms(context);
  RegisterAnnualFigures(context);
  context.SetIndicators(Indicators());
  RegisterRecommendations(context, settings);
  RegisterSeriousIncidents(context);
  RegisterChronologies(context, settings);
  RegisterDeathReviewMeetings(context, settings);
  RegisterDeathPanels(context, settings);
  RegisterDeathPanelCases(context);
  RegisterReviewCompletions(context, settings);
  return absl::OkStatus();
}

}  // namespace lscp::child_death_reviews
