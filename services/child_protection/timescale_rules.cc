#include "child_protection/timescale_rules.h"

#include "child_protection/case_transfer.h"
#include "child_protection/child_in_need_plan.h"
#include "child_protection/core_group.h"
#include "child_protection/emergency_protection.h"
#include "child_protection/enquiry.h"
#include "child_protection/exploitation_flag.h"
#include "child_protection/invitation.h"
#include "child_protection/missing_episode.h"
#include "child_protection/nrm_referral.h"
#include "child_protection/panel.h"
#include "child_protection/plan.h"
#include "child_protection/proceeding.h"
#include "child_protection/seam_episode.h"
#include "child_protection/sibling_referral.h"
#include "child_protection/strategy_discussion.h"
#include "child_protection/visit.h"
#include "common/time/calendar.h"

namespace lscp::child_protection {
namespace {

std::vector<TimescaleRule> ConferenceRules(const Settings::Borough& borough) {
  return {kTransferConference,
          ConferenceReportRule(borough),
          kFirstReview,
          kLaterReview,
          MeetingAfterBirth(borough),
          kFirstCoreGroup,
          LaterCoreGroup(borough),
          PlanVisitRule(borough)};
}

}  // namespace

std::vector<TimescaleRule> TimescaleRulesOf(const Settings::Borough& borough) {
  std::vector<TimescaleRule> all;
  for (const std::vector<TimescaleRule>& rules : {
           StrategyDiscussionRules(borough),
           std::vector<TimescaleRule>{kUrgentSiblingReferral, kSiblingReferral},
           std::vector<TimescaleRule>{TransferAnswerRule(borough)},
           std::vector<TimescaleRule>{kInitialConference, kPoliceProtection,
                                      kEmergencyProtectionOrder},
           MissingEpisodeRules(borough),
           ConferenceRules(borough),
           ExploitationFlagRules(borough),
           SeamEpisodeRules(borough),
           NrmReferralRules(borough),
           PanelRules(),
           ChildInNeedPlanRules(borough),
           std::vector<TimescaleRule>{ChildInNeedVisitRule(borough)},
           ProceedingRules(borough),
       }) {
    all.insert(all.end(), rules.begin(), rules.end());
  }
  return all;
}

timescales::NewClock ClockOf(const TimescaleRule& rule, const std::string& subject,
                             absl::Time start, const std::string& team) {
  return {subject, rule.id, start, DueAt(start, rule.due_after, WorkingDayCalendar()), team};
}

}  // namespace lscp::child_protection
