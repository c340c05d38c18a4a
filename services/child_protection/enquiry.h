#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_protection/v1/enquiries_service.pb.h"
#include "safeguarding/child_protection/v1/strategy_discussions_service.pb.h"

// The rules of a section 47 enquiry. No SQL, no gRPC, no clock. Errors are those that the contract
// documents; after one, the enquiry is not to be stored.
namespace lscp::child_protection {

namespace pb = safeguarding::child_protection::v1;

// Children Act 1989, section 47; Working Together to Safeguard Children 2023, chapter 3. What a
// conclusion leads to depends on whether a conference is needed.
inline constexpr Transition<pb::Enquiry::State> kEnquiryTransitions[] = {
    {"StartEnquiry", {pb::Enquiry::STATE_UNSPECIFIED}, pb::Enquiry::STATE_OPEN},
    {"AllocateEnquiry", {pb::Enquiry::STATE_OPEN}, pb::Enquiry::STATE_OPEN},
    {"AllocateEnquiry", {pb::Enquiry::STATE_CONFERENCE_DUE}, pb::Enquiry::STATE_CONFERENCE_DUE},
    {"RecordEnquiryChildSeen", {pb::Enquiry::STATE_OPEN}, pb::Enquiry::STATE_OPEN},
    {"RecordMedicalExamination", {pb::Enquiry::STATE_OPEN}, pb::Enquiry::STATE_OPEN},
    {"RecordPoliceInvestigation", {pb::Enquiry::STATE_OPEN}, pb::Enquiry::STATE_OPEN},
    {"ConcludeEnquiry with a conference",
     {pb::Enquiry::STATE_OPEN},
     pb::Enquiry::STATE_CONFERENCE_DUE},
    {"ConcludeEnquiry without a conference",
     {pb::Enquiry::STATE_OPEN, pb::Enquiry::STATE_CONFERENCE_DUE},
     pb::Enquiry::STATE_CONCLUDED},
    {"HoldInitialConference",
     {pb::Enquiry::STATE_CONFERENCE_DUE},
     pb::Enquiry::STATE_CONFERENCE_HELD},
    {"CancelEnquiry", {pb::Enquiry::STATE_OPEN}, pb::Enquiry::STATE_CANCELLED},
};

// It runs from the start of the enquiry, so that what the enquiry itself takes counts.
inline constexpr TimescaleRule kInitialConference = {
    "initial_conference", "Initial child protection conference held", "section 47 enquiry started",
    WorkingDays(15),
    "Working Together to Safeguard Children 2023, chapter 3; CIN census guide, section 4.12"};

// An enquiry about a child of a strategy discussion that was held, OPEN; it has no name yet.
pb::Enquiry StartEnquiry(const pb::StrategyDiscussion& discussion, const std::string& child,
                         bool joint);

// A later strategy discussion finds the enquiry open: it goes on, jointly if that is decided now.
void GoOn(pb::Enquiry& enquiry, const pb::StrategyDiscussion& discussion, bool joint);

absl::Status Allocate(pb::Enquiry& enquiry, const pb::AllocateEnquiryRequest& request);
absl::Status RecordSeen(pb::Enquiry& enquiry, const pb::RecordEnquiryChildSeenRequest& request);
absl::Status RecordMedical(pb::Enquiry& enquiry,
                           const pb::RecordMedicalExaminationRequest& request);
absl::Status RecordPolice(pb::Enquiry& enquiry,
                          const pb::RecordPoliceInvestigationRequest& request);
absl::Status Conclude(pb::Enquiry& enquiry, const pb::ConcludeEnquiryRequest& request,
                      const Step& step);
// The initial conference of the child was held.
absl::Status HoldInitialConference(pb::Enquiry& enquiry, absl::Time held);
absl::Status Cancel(pb::Enquiry& enquiry, const pb::CancelEnquiryRequest& request);

// London days from the start to the conclusion, or until now while there is none.
int DaysOpen(const pb::Enquiry& enquiry, absl::Time now);

}  // namespace lscp::child_protection
