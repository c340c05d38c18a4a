#include "child_protection/set_up.h"

#include <memory>
#include <string>
#include <utility>

#include "child_protection/after_birth.h"
#include "child_protection/case_transfer_service.h"
#include "child_protection/child_check_service.h"
#include "child_protection/child_in_need_plan_service.h"
#include "child_protection/children.h"
#include "child_protection/concern_service.h"
#include "child_protection/conference_service.h"
#include "child_protection/core_group_service.h"
#include "child_protection/emergency_protection_service.h"
#include "child_protection/enquiry_service.h"
#include "child_protection/exploitation_flag_service.h"
#include "child_protection/indicators.h"
#include "child_protection/looked_after.h"
#include "child_protection/missing_episode_service.h"
#include "child_protection/nrm_referral_service.h"
#include "child_protection/panel_service.h"
#include "child_protection/parts.h"
#include "child_protection/plan_service.h"
#include "child_protection/proceeding_service.h"
#include "child_protection/reminders.h"
#include "child_protection/seam_episode_service.h"
#include "child_protection/settings.h"
#include "child_protection/sibling_referral_service.h"
#include "child_protection/strategy_discussion_service.h"
#include "child_protection/timescale_rules.h"
#include "child_protection/visit_service.h"
#include "common/status/macros.h"

namespace lscp::child_protection {

absl::Status SetUpChildProtection(ServiceContext& context) {
  ASSIGN_OR_RETURN(
      auto proto,
      context.LoadSettings<safeguarding::child_protection::v1::ChildProtectionSettings>());
  const auto& served = context.config().boroughs();
  ASSIGN_OR_RETURN(Settings loaded,
                   Settings::Create(std::move(proto), {served.begin(), served.end()}));
  const Settings* settings = context.Keep(std::make_unique<Settings>(std::move(loaded)));
  context.SetTimescaleRules(
      [settings](const std::string& borough) { return TimescaleRulesOf(settings->Of(borough)); });

  const Parts parts = {.settings = settings,
                       .children = context.Keep(std::make_unique<Children>())};
  FollowRegister(context, parts.children);  // before what else happens to a child of an event
  FollowBirths(context, parts);
  FollowCare(context);
  RegisterStrategyDiscussions(context, parts);
  RegisterEnquiries(context);
  RegisterEmergencyProtections(context, parts);
  RegisterChildChecks(context, parts);
  RegisterMissingEpisodes(context, parts);
  RegisterConferences(context, parts);
  RegisterPlans(context, parts);
  RegisterCoreGroups(context, parts);
  RegisterVisits(context, parts);
  RegisterExploitationFlags(context, parts);
  RegisterSeamEpisodes(context, parts);
  RegisterNrmReferrals(context, parts);
  RegisterConcerns(context, parts);
  RegisterPanels(context, parts);
  RegisterChildInNeedPlans(context, parts);
  RegisterProceedings(context, parts);
  RegisterCaseTransfers(context, parts);
  RegisterSiblingReferrals(context);
  context.AddChore(Reminders(parts));
  context.SetIndicators(Indicators());
  return absl::OkStatus();
}

}  // namespace lscp::child_protection
