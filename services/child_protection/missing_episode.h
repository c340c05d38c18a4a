#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/events.pb.h"
#include "safeguarding/child_protection/v1/missing_episodes_service.pb.h"

// The rules of a missing episode. No SQL, no gRPC, no clock. Errors are those that the contract
// documents; after one, the episode is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// What an answer leads to depends on what is answered, and a child who is found dead is owed
// nothing more.
inline constexpr Transition<pb::MissingEpisode::State> kMissingTransitions[] = {
    {"ReportMissing", {pb::MissingEpisode::STATE_UNSPECIFIED}, pb::MissingEpisode::STATE_MISSING},
    {"AssessMissingRisk", {pb::MissingEpisode::STATE_MISSING}, pb::MissingEpisode::STATE_MISSING},
    {"RecordFound", {pb::MissingEpisode::STATE_MISSING}, pb::MissingEpisode::STATE_FOUND},
    {"RecordFound dead", {pb::MissingEpisode::STATE_MISSING}, pb::MissingEpisode::STATE_CLOSED},
    {"OfferReturnInterview",
     {pb::MissingEpisode::STATE_FOUND, pb::MissingEpisode::STATE_INTERVIEW_OFFERED,
      pb::MissingEpisode::STATE_INTERVIEW_DECLINED},
     pb::MissingEpisode::STATE_INTERVIEW_OFFERED},
    {"AnswerInterviewOffer accepted",
     {pb::MissingEpisode::STATE_INTERVIEW_OFFERED},
     pb::MissingEpisode::STATE_INTERVIEW_ACCEPTED},
    {"AnswerInterviewOffer declined",
     {pb::MissingEpisode::STATE_INTERVIEW_OFFERED, pb::MissingEpisode::STATE_INTERVIEW_ACCEPTED},
     pb::MissingEpisode::STATE_INTERVIEW_DECLINED},
    {"RecordReturnInterview",
     {pb::MissingEpisode::STATE_FOUND, pb::MissingEpisode::STATE_INTERVIEW_OFFERED,
      pb::MissingEpisode::STATE_INTERVIEW_ACCEPTED, pb::MissingEpisode::STATE_INTERVIEW_DECLINED},
     pb::MissingEpisode::STATE_INTERVIEW_DONE},
    {"RecordMissingStrategyMeeting",
     {pb::MissingEpisode::STATE_MISSING},
     pb::MissingEpisode::STATE_MISSING},
    {"RecordMissingStrategyMeeting",
     {pb::MissingEpisode::STATE_FOUND},
     pb::MissingEpisode::STATE_FOUND},
    {"RecordMissingStrategyMeeting",
     {pb::MissingEpisode::STATE_INTERVIEW_OFFERED},
     pb::MissingEpisode::STATE_INTERVIEW_OFFERED},
    {"RecordMissingStrategyMeeting",
     {pb::MissingEpisode::STATE_INTERVIEW_ACCEPTED},
     pb::MissingEpisode::STATE_INTERVIEW_ACCEPTED},
    {"RecordMissingStrategyMeeting",
     {pb::MissingEpisode::STATE_INTERVIEW_DECLINED},
     pb::MissingEpisode::STATE_INTERVIEW_DECLINED},
    {"RecordMissingStrategyMeeting",
     {pb::MissingEpisode::STATE_INTERVIEW_DONE},
     pb::MissingEpisode::STATE_INTERVIEW_DONE},
    {"RecordMissingStrategyMeeting",
     {pb::MissingEpisode::STATE_CLOSED},
     pb::MissingEpisode::STATE_CLOSED},
    {"CloseMissingEpisode",
     {pb::MissingEpisode::STATE_FOUND, pb::MissingEpisode::STATE_INTERVIEW_OFFERED,
      pb::MissingEpisode::STATE_INTERVIEW_ACCEPTED, pb::MissingEpisode::STATE_INTERVIEW_DECLINED},
     pb::MissingEpisode::STATE_CLOSED},
    {"VoidMissingEpisode",
     {pb::MissingEpisode::STATE_MISSING, pb::MissingEpisode::STATE_FOUND,
      pb::MissingEpisode::STATE_INTERVIEW_OFFERED, pb::MissingEpisode::STATE_INTERVIEW_ACCEPTED,
      pb::MissingEpisode::STATE_INTERVIEW_DECLINED, pb::MissingEpisode::STATE_INTERVIEW_DONE,
      pb::MissingEpisode::STATE_CLOSED},
     pb::MissingEpisode::STATE_VOID},
};

// Statutory guidance on children who run away or go missing from home or care (Department for
// Education, January 2014): the independent return interview is held within 72 hours of the child's
// return. Elapsed hours, whatever day it is.
inline constexpr TimescaleRule kReturnInterview = {
    "return_interview", "Return interview held", "missing child back", Hours(72),
    "Statutory guidance on children who run away or go missing from home or care (DfE, 2014)"};

// Local practice: the guidance asks for a meeting about a child who goes missing again and again,
// and leaves number and time to the borough's protocol.
inline constexpr char kMissingStrategyMeeting[] = "missing_strategy_meeting";
TimescaleRule MissingStrategyMeetingRule(const Settings::Borough& borough);

// Both.
std::vector<TimescaleRule> MissingEpisodeRules(const Settings::Borough& borough);

// Another episode of the child, under whatever record, that is not void.
struct OtherMissing {
  pb::MissingKind kind;
  absl::Time missing;
  std::optional<absl::Time> found;
  bool strategy_meeting_owed;
  std::optional<absl::Time> last_strategy_meeting;
};

// From when on the borough counts the episodes of a child that is missing since `missing`.
absl::Time CountedSince(const Settings::Borough& borough, absl::Time missing);

// An episode as it is reported, without a name yet. `others` are those that the borough counts and
// those begun later.
absl::StatusOr<pb::MissingEpisode> Report(const pb::ReportMissingRequest& request,
                                          const std::vector<OtherMissing>& others, const Step& step,
                                          const Settings::Borough& borough);

absl::Status AssessRisk(pb::MissingEpisode& episode, const pb::AssessMissingRiskRequest& request,
                        const Step& step, const Settings::Borough& borough);

absl::Status Found(pb::MissingEpisode& episode, const pb::RecordFoundRequest& request,
                   const Step& step);

absl::Status Offer(pb::MissingEpisode& episode, const pb::OfferReturnInterviewRequest& request,
                   const Step& step);

absl::Status Answer(pb::MissingEpisode& episode, const pb::AnswerInterviewOfferRequest& request,
                    const Step& step);

absl::Status Interview(pb::MissingEpisode& episode,
                       const pb::RecordReturnInterviewRequest& request);

absl::Status Meet(pb::MissingEpisode& episode,
                  const pb::RecordMissingStrategyMeetingRequest& request,
                  const Settings::Borough& borough);

absl::Status Close(pb::MissingEpisode& episode, const pb::CloseMissingEpisodeRequest& request);

absl::Status Void(pb::MissingEpisode& episode, const pb::VoidMissingEpisodeRequest& request);

// Nobody knows where the child is: what CheckChild and the daily report tell. A child who is away
// without leave is not missing.
bool IsMissing(const pb::MissingEpisode& episode);

// What other services are told.
pb::MissingReported ReportedOf(const pb::MissingEpisode& episode);
pb::MissingFound FoundOf(const pb::MissingEpisode& episode);
pb::MissingVoided VoidedOf(const pb::MissingEpisode& episode);

}  // namespace lscp::child_protection
