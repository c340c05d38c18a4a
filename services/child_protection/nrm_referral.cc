#include "child_protection/nrm_referral.h"

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/days.h"

namespace lscp::child_protection {
namespace {

using pb::NrmReferral;

absl::Status TakeStep(NrmReferral& referral, std::string_view verb) {
  ASSIGN_OR_RETURN(const NrmReferral::State next,
                   Next(kNrmTransitions, verb, referral.state(), referral.name()));
  referral.set_state(next);
  return absl::OkStatus();
}

std::string VerbOf(const char* verb, pb::NrmDecision decision) {
  return absl::StrCat(verb, decision == pb::NRM_DECISION_POSITIVE ? " positive" : " negative");
}

int WaitOf(const Settings::Borough& borough) {
  return static_cast<int>(borough.exploitation().nrm_reasonable_grounds_working_days());
}

// What is written down of every step, with the state that it led to.
void Enter(NrmReferral& referral, absl::CivilDay day, const std::string& note, const Step& step) {
  pb::NrmEntry& entry = *referral.add_entries();
  *entry.mutable_date() = DateToProto(day);
  entry.set_state(referral.state());
  entry.set_note(note);
  entry.set_recorded_by(step.person);
}

void ExpectReasonable(NrmReferral& referral, absl::CivilDay from,
                      const Settings::Borough& borough) {
  *referral.mutable_reasonable_due_date() =
      DateToProto(WorkingDayCalendar().Add(from, WaitOf(borough)));
}

}  // namespace

std::vector<TimescaleRule> NrmReferralRules(const Settings::Borough& borough) {
  return {{kNrmReasonableGrounds, "Reasonable grounds decided", "referral to the NRM",
           WorkingDays(WaitOf(borough)),
           "The competent authority's own time; after how many days to ask is the borough's"}};
}

NrmReferral Refer(const pb::ReferToNrmRequest& request, const Step& step,
                  const Settings::Borough& borough) {
  const absl::CivilDay day = DayOrToday(request.has_refer_date(), request.refer_date(), step.now);
  NrmReferral referral;
  referral.set_state(NrmReferral::STATE_REFERRED);
  referral.set_child(request.child());
  referral.set_theme(request.theme());
  *referral.mutable_refer_date() = DateToProto(day);
  referral.set_first_responder(request.first_responder());
  referral.set_reference(request.reference());
  referral.set_grounds(request.grounds());
  ExpectReasonable(referral, day, borough);
  return referral;
}

absl::Status DecideReasonable(NrmReferral& referral,
                              const pb::RecordReasonableGroundsRequest& request, const Step& step) {
  RETURN_IF_ERROR(TakeStep(referral, VerbOf("RecordReasonableGrounds", request.decision())));
  const absl::CivilDay day = *ProtoToDate(request.decision_date());
  if (day < *ProtoToDate(referral.refer_date())) {
    return InvalidField("decision_date", "lies before the referral");
  }
  *referral.mutable_reasonable_date() = request.decision_date();
  referral.clear_reasonable_due_date();
  Enter(referral, day, request.note(), step);
  return absl::OkStatus();
}

absl::Status DecideConclusive(NrmReferral& referral,
                              const pb::RecordConclusiveGroundsRequest& request, const Step& step) {
  RETURN_IF_ERROR(TakeStep(referral, VerbOf("RecordConclusiveGrounds", request.decision())));
  const absl::CivilDay day = *ProtoToDate(request.decision_date());
  if (day < *ProtoToDate(referral.reasonable_date())) {
    return InvalidField("decision_date", "lies before the decision on reasonable grounds");
  }
  *referral.mutable_conclusive_date() = request.decision_date();
  Enter(referral, day, request.note(), step);
  return absl::OkStatus();
}

absl::Status Reconsider(NrmReferral& referral, const pb::ReconsiderNrmDecisionRequest& request,
                        const Step& step, const Settings::Borough& borough) {
  RETURN_IF_ERROR(TakeStep(referral, "ReconsiderNrmDecision"));
  const absl::CivilDay today = LondonDay(step.now);
  if (referral.state() == NrmReferral::STATE_REFERRED) {
    referral.clear_reasonable_date();
    ExpectReasonable(referral, today, borough);
  } else {
    referral.clear_conclusive_date();
  }
  Enter(referral, today, request.reason(), step);
  return absl::OkStatus();
}

}  // namespace lscp::child_protection
