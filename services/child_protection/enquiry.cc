#include "child_protection/enquiry.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::Enquiry;

absl::Status TakeStep(Enquiry& enquiry, std::string_view verb) {
  ASSIGN_OR_RETURN(const Enquiry::State next,
                   Next(kEnquiryTransitions, verb, enquiry.state(), enquiry.name()));
  enquiry.set_state(next);
  return absl::OkStatus();
}

absl::Status RuleNotMet(const Enquiry& enquiry, std::string_view rule,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, enquiry.name(), description);
}

// Working Together to Safeguard Children 2023, chapter 3: a conference is convened where concerns
// are substantiated and the child is at continuing risk. Who has a plan, or goes before the court,
// needs no initial one.
bool Agree(pb::EnquiryFinding finding, pb::EnquiryNextStep step) {
  const bool continuing = finding == pb::ENQUIRY_FINDING_CONTINUING_RISK;
  switch (step) {
    case pb::ENQUIRY_NEXT_STEP_INITIAL_CONFERENCE:
      return continuing;
    case pb::ENQUIRY_NEXT_STEP_CONTINUE_PLAN:
    case pb::ENQUIRY_NEXT_STEP_LEGAL_ACTION:
      return true;
    default:
      return !continuing;
  }
}

// Working Together to Safeguard Children 2023, chapter 3: the social worker leading the enquiry
// sees the child; a medical examination that was asked for is part of what is known.
absl::Status CheckKnown(const Enquiry& enquiry) {
  if (enquiry.seen().empty() && enquiry.not_seen_reason().empty()) {
    return RuleNotMet(enquiry, "child_seen",
                      "the child was not seen: not_seen_reason must say why not");
  }
  const pb::MedicalExamination& medical = enquiry.medical_examination();
  if (enquiry.has_medical_examination() && !medical.has_hold_time() &&
      medical.not_held_reason().empty()) {
    return RuleNotMet(enquiry, "medical_examination",
                      "a medical examination was asked for: record that it was held, or why not");
  }
  return absl::OkStatus();
}

}  // namespace

Enquiry StartEnquiry(const pb::StrategyDiscussion& discussion, const std::string& child,
                     bool joint) {
  Enquiry enquiry;
  enquiry.set_state(Enquiry::STATE_OPEN);
  enquiry.set_child(child);
  enquiry.add_strategy_discussions(discussion.name());
  enquiry.set_referral(discussion.referral());
  enquiry.set_joint(joint);
  // CIN census guide, section 4.12: the enquiry starts with the strategy discussion that decides
  // it.
  *enquiry.mutable_start_time() = discussion.hold_time();
  *enquiry.mutable_conference_due_time() = TimeToProto(DueAt(
      *ProtoToTime(discussion.hold_time()), kInitialConference.due_after, WorkingDayCalendar()));
  enquiry.set_team(discussion.team());
  return enquiry;
}

void GoOn(Enquiry& enquiry, const pb::StrategyDiscussion& discussion, bool joint) {
  enquiry.add_strategy_discussions(discussion.name());
  enquiry.set_joint(enquiry.joint() || joint);
}

absl::Status Allocate(Enquiry& enquiry, const pb::AllocateEnquiryRequest& request) {
  RETURN_IF_ERROR(TakeStep(enquiry, "AllocateEnquiry"));
  enquiry.set_team(request.team());
  enquiry.set_lead_worker(request.lead_worker());
  return absl::OkStatus();
}

absl::Status RecordSeen(Enquiry& enquiry, const pb::RecordEnquiryChildSeenRequest& request) {
  RETURN_IF_ERROR(TakeStep(enquiry, "RecordEnquiryChildSeen"));
  if (*ProtoToDate(request.seen().date()) < LondonDay(*ProtoToTime(enquiry.start_time()))) {
    return InvalidField("seen.date", "lies before the enquiry");
  }
  *enquiry.add_seen() = request.seen();
  return absl::OkStatus();
}

absl::Status RecordMedical(Enquiry& enquiry, const pb::RecordMedicalExaminationRequest& request) {
  RETURN_IF_ERROR(TakeStep(enquiry, "RecordMedicalExamination"));
  const pb::MedicalExamination& medical = request.medical_examination();
  if (medical.has_hold_time()) {
    if (*ProtoToTime(medical.hold_time()) < *ProtoToTime(medical.request_time())) {
      return InvalidField("medical_examination.hold_time", "lies before it was asked for");
    }
    if (!medical.not_held_reason().empty()) {
      return InvalidField("medical_examination.not_held_reason",
                          "must not be given with hold_time");
    }
  }
  *enquiry.mutable_medical_examination() = medical;
  return absl::OkStatus();
}

absl::Status RecordPolice(Enquiry& enquiry, const pb::RecordPoliceInvestigationRequest& request) {
  RETURN_IF_ERROR(TakeStep(enquiry, "RecordPoliceInvestigation"));
  *enquiry.mutable_police_investigation() = request.police_investigation();
  return absl::OkStatus();
}

absl::Status Conclude(Enquiry& enquiry, const pb::ConcludeEnquiryRequest& request,
                      const Step& step) {
  RETURN_IF_ERROR(TakeStep(enquiry, request.next_step() == pb::ENQUIRY_NEXT_STEP_INITIAL_CONFERENCE
                                        ? "ConcludeEnquiry with a conference"
                                        : "ConcludeEnquiry without a conference"));
  if (!Agree(request.finding(), request.next_step())) {
    return InvalidField("next_step", "does not go with the finding");
  }
  if (!request.not_seen_reason().empty()) enquiry.set_not_seen_reason(request.not_seen_reason());
  RETURN_IF_ERROR(CheckKnown(enquiry));
  enquiry.set_finding(request.finding());
  enquiry.set_next_step(request.next_step());
  enquiry.set_analysis(request.analysis());
  enquiry.set_rationale(request.rationale());
  enquiry.set_manager(step.person);
  *enquiry.mutable_conclude_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status HoldInitialConference(Enquiry& enquiry, absl::Time held) {
  RETURN_IF_ERROR(TakeStep(enquiry, "HoldInitialConference"));
  *enquiry.mutable_conference_time() = TimeToProto(held);
  return absl::OkStatus();
}

absl::Status Cancel(Enquiry& enquiry, const pb::CancelEnquiryRequest& request) {
  RETURN_IF_ERROR(TakeStep(enquiry, "CancelEnquiry"));
  enquiry.set_cancel_reason(request.reason());
  return absl::OkStatus();
}

int DaysOpen(const Enquiry& enquiry, absl::Time now) {
  const absl::Time end = enquiry.has_conclude_time() ? *ProtoToTime(enquiry.conclude_time()) : now;
  return static_cast<int>(LondonDay(end) - LondonDay(*ProtoToTime(enquiry.start_time())));
}

}  // namespace lscp::child_protection
