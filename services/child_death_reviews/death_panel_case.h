#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/journal/step.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/death_panel_cases_service.pb.h"
#include "safeguarding/child_death_reviews/v1/death_panels_service.pb.h"
#include "safeguarding/child_death_reviews/v1/death_review_meetings_service.pb.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"
#include "safeguarding/child_death_reviews/v1/family_supports_service.pb.h"
#include "safeguarding/child_death_reviews/v1/joint_responses_service.pb.h"
#include "safeguarding/child_death_reviews/v1/reporting_forms_service.pb.h"

// The rules of a death review before the child death overview panel. No SQL, no gRPC, no clock.
// Errors are those that the contract documents; after one, the record is not to be stored.
namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// Child Death Review: statutory and operational guidance (2018), chapter 5.
inline constexpr Transition<pb::DeathPanelCase::State> kPanelCaseTransitions[] = {
    {"AcceptDeathReview",
     {pb::DeathPanelCase::STATE_UNSPECIFIED},
     pb::DeathPanelCase::STATE_WAITING},
    {"AcceptDeathReview again",
     {pb::DeathPanelCase::STATE_WITHDRAWN, pb::DeathPanelCase::STATE_WAITING},
     pb::DeathPanelCase::STATE_WAITING},
    {"AcceptDeathReview again",
     {pb::DeathPanelCase::STATE_LISTED},
     pb::DeathPanelCase::STATE_LISTED},
    {"WriteDeathPanelSummary",
     {pb::DeathPanelCase::STATE_WAITING},
     pb::DeathPanelCase::STATE_WAITING},
    {"WriteDeathPanelSummary",
     {pb::DeathPanelCase::STATE_LISTED},
     pb::DeathPanelCase::STATE_LISTED},
    {"PutOnDeathPanelAgenda",
     {pb::DeathPanelCase::STATE_WAITING, pb::DeathPanelCase::STATE_LISTED},
     pb::DeathPanelCase::STATE_LISTED},
    {"DeferDeathPanelCase", {pb::DeathPanelCase::STATE_LISTED}, pb::DeathPanelCase::STATE_WAITING},
    {"RecordDeathPanelAnalysis",
     {pb::DeathPanelCase::STATE_LISTED, pb::DeathPanelCase::STATE_ANALYSED},
     pb::DeathPanelCase::STATE_ANALYSED},
    {"ReopenDeathReview", {pb::DeathPanelCase::STATE_ANALYSED}, pb::DeathPanelCase::STATE_WAITING},
    {"RuleOutDeathReview",
     {pb::DeathPanelCase::STATE_WAITING, pb::DeathPanelCase::STATE_LISTED},
     pb::DeathPanelCase::STATE_WITHDRAWN},
    {"AnswerHandOver accepted",
     {pb::DeathPanelCase::STATE_WAITING, pb::DeathPanelCase::STATE_LISTED},
     pb::DeathPanelCase::STATE_WITHDRAWN},
};

// What a death review consists of when somebody looks whether the panel can review it.
struct ReviewParts {
  pb::DeathReview review;
  pb::JointResponse response;
  pb::FamilySupport support;
  std::vector<pb::ReportingForm> forms;
  std::vector<pb::DeathReviewMeeting> meetings;
};

// Of a death review that was taken on, WAITING, without a name yet. `area` is the borough as people
// say it.
pb::DeathPanelCase BeginPanelCase(const pb::DeathReview& review, std::string_view area);
// Shows what is known now of the death, and who answers for it; takes nothing over that tells who
// the child was, and takes out of the paper what does now, as the name of a sibling who was not
// known when it was written.
void Follow(pb::DeathPanelCase& record, const pb::DeathReview& review);
// A death review is taken on again.
absl::Status Resume(pb::DeathPanelCase& record, const pb::DeathReview& review);
// It is reviewed here no more; `verb` says by what.
absl::Status WithdrawCase(pb::DeathPanelCase& record, std::string_view verb);
absl::Status ReopenCase(pb::DeathPanelCase& record);

// The coroner investigates and has not concluded.
bool CoronerPending(const pb::JointResponse& response);
// What the case lacks, in the order in which people look for it.
std::vector<pb::MissingPart> MissingParts(const pb::DeathPanelCase& record,
                                          const ReviewParts& parts);

absl::Status WriteSummary(pb::DeathPanelCase& record,
                          const pb::WriteDeathPanelSummaryRequest& request,
                          const pb::Particulars& particulars);
// Whether a meeting about the theme can review the case.
bool Fits(pb::PanelTheme theme, const pb::DeathPanelCase& record);
absl::Status PutOnAgenda(pb::DeathPanelCase& record,
                         const pb::PutOnDeathPanelAgendaRequest& request,
                         const pb::DeathPanel& panel, const std::vector<pb::MissingPart>& missing);
absl::Status Defer(pb::DeathPanelCase& record, const pb::DeferDeathPanelCaseRequest& request);

// Whether the person leads the meeting or answers for the death review.
bool MayAnalyse(const pb::DeathPanelCase& record, const pb::DeathPanel& panel, const Step& step);
absl::Status Analyse(pb::DeathPanelCase& record, const pb::RecordDeathPanelAnalysisRequest& request,
                     const pb::DeathPanel& panel, const pb::Particulars& particulars,
                     const Step& step);
// What of it is counted.
pb::ReviewOutcome OutcomeOf(const pb::DeathPanelCase& record, const pb::DeathPanel& panel);

// What a member of the panel sees.
pb::PanelPaper PaperOf(const pb::DeathPanelCase& record);
// With its age at `now`.
void SetAge(pb::DeathPanelCase& record, absl::Time now);
// Without what a list does not show.
void ClearForList(pb::DeathPanelCase& record);

}  // namespace lscp::child_death_reviews
