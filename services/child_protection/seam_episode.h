#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/seam_episodes_service.pb.h"

// The rules of a SEAM episode: the time that a young person is open to the procedures for sexual
// exploitation and missing, with its meetings. No SQL, no gRPC, no clock. Errors are those that the
// contract documents; after one, the episode is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

inline constexpr Transition<pb::SeamEpisode::State> kSeamTransitions[] = {
    {"OpenSeamEpisode", {pb::SeamEpisode::STATE_UNSPECIFIED}, pb::SeamEpisode::STATE_OPEN},
    {"HoldSeamMeeting", {pb::SeamEpisode::STATE_OPEN}, pb::SeamEpisode::STATE_OPEN},
    {"SignOffSeamNotes", {pb::SeamEpisode::STATE_OPEN}, pb::SeamEpisode::STATE_OPEN},
    {"CloseSeamEpisode", {pb::SeamEpisode::STATE_OPEN}, pb::SeamEpisode::STATE_CLOSED},
};

// The deadlines are the borough's: the initial meeting after the opening, a review after the
// meeting before, the notes of a meeting signed off.
inline constexpr char kSeamInitialMeeting[] = "seam_initial_meeting";
inline constexpr char kSeamReview[] = "seam_review";
inline constexpr char kSeamNotes[] = "seam_notes";
std::vector<TimescaleRule> SeamEpisodeRules(const Settings::Borough& borough);

// An episode as it starts, without a name yet.
pb::SeamEpisode OpenSeam(const pb::OpenSeamEpisodeRequest& request, const Step& step,
                         const Settings::Borough& borough);

absl::Status HoldMeeting(pb::SeamEpisode& episode, const pb::HoldSeamMeetingRequest& request,
                         const Settings::Borough& borough);

absl::Status SignOff(pb::SeamEpisode& episode, const Step& step);

absl::Status Close(pb::SeamEpisode& episode, const pb::CloseSeamEpisodeRequest& request,
                   const Step& step);

}  // namespace lscp::child_protection
