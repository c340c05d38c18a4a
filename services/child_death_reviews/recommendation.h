#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "child_death_reviews/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/recommendations_service.pb.h"

// The rules of what is recommended to a body. No SQL, no gRPC, no clock. Errors are those that the
// contract documents; after one, the record is not to be stored.
namespace lscp::child_death_reviews {

// Working Together 2023, chapter 5, and the statutory guidance on child death reviews: who makes
// recommendations finds out what came of them.
inline constexpr Transition<pb::Recommendation::State> kRecommendationTransitions[] = {
    {"MakeRecommendation", {pb::Recommendation::STATE_UNSPECIFIED}, pb::Recommendation::STATE_MADE},
    {"AnswerRecommendation accepted",
     {pb::Recommendation::STATE_MADE},
     pb::Recommendation::STATE_ACCEPTED},
    {"AnswerRecommendation rejected",
     {pb::Recommendation::STATE_MADE},
     pb::Recommendation::STATE_REJECTED},
    {"InsistOnRecommendation",
     {pb::Recommendation::STATE_REJECTED},
     pb::Recommendation::STATE_MADE},
    {"ExtendRecommendation", {pb::Recommendation::STATE_MADE}, pb::Recommendation::STATE_MADE},
    {"ExtendRecommendation",
     {pb::Recommendation::STATE_ACCEPTED},
     pb::Recommendation::STATE_ACCEPTED},
    {"ReportProgress", {pb::Recommendation::STATE_ACCEPTED}, pb::Recommendation::STATE_ACCEPTED},
    {"ReportProgress done",
     {pb::Recommendation::STATE_ACCEPTED, pb::Recommendation::STATE_DONE},
     pb::Recommendation::STATE_DONE},
    {"ReturnRecommendation", {pb::Recommendation::STATE_DONE}, pb::Recommendation::STATE_ACCEPTED},
    {"CloseRecommendation", {pb::Recommendation::STATE_DONE}, pb::Recommendation::STATE_CLOSED},
    {"WithdrawRecommendation",
     {pb::Recommendation::STATE_MADE, pb::Recommendation::STATE_ACCEPTED,
      pb::Recommendation::STATE_REJECTED},
     pb::Recommendation::STATE_WITHDRAWN},
};

// A body says within the area's working days whether it accepts.
inline constexpr char kRecommendationAnswer[] = "recommendation_answer";
TimescaleRule RecommendationAnswerRule(const Settings::Borough& borough);
// It is carried out by the day that was set with it; else within the area's months.
inline constexpr char kRecommendation[] = "recommendation";
TimescaleRule RecommendationRule(const Settings::Borough& borough);

// The day by which a recommendation of now is due, when none is set.
absl::CivilDay UsualDueDay(const Settings::Borough& borough, absl::Time now);

// It has no name yet.
pb::Recommendation Make(const pb::MakeRecommendationRequest& request, absl::CivilDay usual_due,
                        const Step& step);
absl::Status Answer(pb::Recommendation& recommendation,
                    const pb::AnswerRecommendationRequest& request, const Step& step);
absl::Status Insist(pb::Recommendation& recommendation,
                    const pb::InsistOnRecommendationRequest& request, absl::Time now);
absl::Status Extend(pb::Recommendation& recommendation,
                    const pb::ExtendRecommendationRequest& request, absl::Time now);
absl::Status Report(pb::Recommendation& recommendation, const pb::ReportProgressRequest& request,
                    const Step& step);
absl::Status Return(pb::Recommendation& recommendation,
                    const pb::ReturnRecommendationRequest& request);
absl::Status Close(pb::Recommendation& recommendation,
                   const pb::CloseRecommendationRequest& request, const Step& step);
absl::Status Withdraw(pb::Recommendation& recommendation,
                      const pb::WithdrawRecommendationRequest& request);

// Without what a list does not show.
void ClearForList(pb::Recommendation& recommendation);

}  // namespace lscp::child_death_reviews
