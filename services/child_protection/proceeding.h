#pragma once

#include <vector>

#include "absl/status/status.h"
#include "child_protection/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/proceedings_service.pb.h"

// The rules of pre-proceedings and care proceedings. No SQL, no gRPC, no clock. Errors are those
// that the contract documents; after one, the proceeding is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// A danger that grows may take a child to court before the meetings are through.
inline constexpr Transition<pb::Proceeding::State> kProceedingTransitions[] = {
    {"StartPreProceedings",
     {pb::Proceeding::STATE_UNSPECIFIED},
     pb::Proceeding::STATE_PRE_PROCEEDINGS},
    {"IssueWithoutPreProceedings",
     {pb::Proceeding::STATE_UNSPECIFIED},
     pb::Proceeding::STATE_CARE_PROCEEDINGS},
    {"SendLetterBeforeProceedings",
     {pb::Proceeding::STATE_PRE_PROCEEDINGS},
     pb::Proceeding::STATE_PRE_PROCEEDINGS},
    {"RecordFamilyMeeting",
     {pb::Proceeding::STATE_PRE_PROCEEDINGS},
     pb::Proceeding::STATE_PRE_PROCEEDINGS},
    {"HoldPreProceedingsMeeting",
     {pb::Proceeding::STATE_PRE_PROCEEDINGS},
     pb::Proceeding::STATE_PRE_PROCEEDINGS},
    {"DecidePreProceedings to court",
     {pb::Proceeding::STATE_PRE_PROCEEDINGS},
     pb::Proceeding::STATE_ISSUE_DECIDED},
    {"DecidePreProceedings to step down",
     {pb::Proceeding::STATE_PRE_PROCEEDINGS},
     pb::Proceeding::STATE_ENDED},
    {"IssueProceedings",
     {pb::Proceeding::STATE_PRE_PROCEEDINGS, pb::Proceeding::STATE_ISSUE_DECIDED},
     pb::Proceeding::STATE_CARE_PROCEEDINGS},
    {"EndProceedings", {pb::Proceeding::STATE_CARE_PROCEEDINGS}, pb::Proceeding::STATE_ENDED},
};

// Children Act 1989, section 32, as amended by the Children and Families Act 2014, section 14.
inline constexpr TimescaleRule kCareProceedings = {"care_proceedings", "Care proceedings ended",
                                                   "application to court", Days(26 * 7),
                                                   "Children Act 1989, section 32 (26 weeks)"};
inline constexpr char kPreProceedings[] = "pre_proceedings";
std::vector<TimescaleRule> ProceedingRules(const Settings::Borough& borough);

// As it starts, without a name yet.
pb::Proceeding StartPre(const pb::StartPreProceedingsRequest& request, const Step& step);
pb::Proceeding IssueAtOnce(const pb::IssueWithoutPreProceedingsRequest& request, const Step& step);

absl::Status SendLetter(pb::Proceeding& proceeding,
                        const pb::SendLetterBeforeProceedingsRequest& request, const Step& step);
absl::Status FamilyMeeting(pb::Proceeding& proceeding,
                           const pb::RecordFamilyMeetingRequest& request);
absl::Status HoldMeeting(pb::Proceeding& proceeding,
                         const pb::HoldPreProceedingsMeetingRequest& request, const Step& step);
absl::Status Decide(pb::Proceeding& proceeding, const pb::DecidePreProceedingsRequest& request,
                    const Step& step);
absl::Status Issue(pb::Proceeding& proceeding, const pb::IssueProceedingsRequest& request,
                   const Step& step);
absl::Status End(pb::Proceeding& proceeding, const pb::EndProceedingsRequest& request,
                 const Step& step);

}  // namespace lscp::child_protection
