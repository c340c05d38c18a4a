#include "children_in_care/set_up.h"

#include <memory>
#include <string>
#include <utility>

#include "children_in_care/care_review_service.h"
#include "children_in_care/care_visit_service.h"
#include "children_in_care/child_in_care_service.h"
#include "children_in_care/children.h"
#include "children_in_care/health_assessment_service.h"
#include "children_in_care/health_record_service.h"
#include "children_in_care/indicators.h"
#include "children_in_care/missing_children.h"
#include "children_in_care/parts.h"
#include "children_in_care/review_dispute_service.h"
#include "children_in_care/settings.h"
#include "children_in_care/timescale_rules.h"
#include "common/status/macros.h"
#include "domain/identifiers.h"

namespace lscp::children_in_care {

absl::Status SetUpChildrenInCare(ServiceContext& context) {
  ASSIGN_OR_RETURN(auto proto, context.LoadSettings<pb::ChildrenInCareSettings>());
  const auto& served = context.config().boroughs();
  ASSIGN_OR_RETURN(Settings loaded,
                   Settings::Create(std::move(proto), {served.begin(), served.end()}));
  const Settings* settings = context.Keep(std::make_unique<Settings>(std::move(loaded)));
  context.SetTimescaleRules(
      [settings](const std::string& borough) { return TimescaleRulesOf(settings->Of(borough)); });

  context.formats()["nhs_number"] = FormatOf(domain::IsNhsNumber, "is not an NHS number");

  const Parts parts = {.settings = settings};
  FollowRegister(context);
  FollowMissing(context);
  RegisterChildrenInCare(context, parts);
  RegisterHealthRecords(context);
  RegisterHealthAssessments(context);
  RegisterCareReviews(context);
  RegisterReviewDisputes(context);
  RegisterCareVisits(context);
  context.SetIndicators(Indicators());
  return absl::OkStatus();
}

}  // namespace lscp::children_in_care
