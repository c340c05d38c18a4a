#include "child_death_reviews/recommendation.h"

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"

namespace lscp::child_death_reviews {
namespace {

using pb::Recommendation;

absl::Status TakeStep(Recommendation& recommendation, std::string_view verb) {
  ASSIGN_OR_RETURN(
      const Recommendation::State next,
      Next(kRecommendationTransitions, verb, recommendation.state(), recommendation.name()));
  recommendation.set_state(next);
  return absl::OkStatus();
}

void ChangeDue(Recommendation& recommendation, const google::type::Date& due,
               const std::string& reason, absl::Time now) {
  pb::DueChange& change = *recommendation.add_due_changes();
  *change.mutable_due_date() = recommendation.due_date();
  change.set_reason(reason);
  *change.mutable_change_time() = TimeToProto(now);
  *recommendation.mutable_due_date() = due;
}

bool IsDueOn(const Recommendation& recommendation, const google::type::Date& day) {
  return *ProtoToDate(recommendation.due_date()) == *ProtoToDate(day);
}

}  // namespace

TimescaleRule RecommendationAnswerRule(const Settings::Borough& borough) {
  return {kRecommendationAnswer, "Recommendation accepted or rejected", "recommendation made",
          WorkingDays(static_cast<int>(borough.recommendation_answer_working_days())),
          "Working Together 2023, chapter 5 (improvements are followed up); days by the area's "
          "setting"};
}

TimescaleRule RecommendationRule(const Settings::Borough& borough) {
  return {kRecommendation, "Recommendation carried out", "recommendation made",
          Months(static_cast<int>(borough.recommendation_months())),
          "Working Together 2023, chapter 5 (improvements are followed up); the day is set with "
          "each recommendation, else by the area's months"};
}

absl::CivilDay UsualDueDay(const Settings::Borough& borough, absl::Time now) {
  return LastDayOf(DueAt(now, RecommendationRule(borough).due_after, WorkingDayCalendar()));
}

Recommendation Make(const pb::MakeRecommendationRequest& request, absl::CivilDay usual_due,
                    const Step& step) {
  Recommendation recommendation;
  recommendation.set_state(Recommendation::STATE_MADE);
  recommendation.set_source(request.source());
  recommendation.set_agency(request.agency());
  recommendation.set_text(request.text());
  recommendation.set_theme(request.theme());
  recommendation.set_made_by(step.person);
  *recommendation.mutable_make_time() = TimeToProto(step.now);
  *recommendation.mutable_due_date() =
      request.has_due_date() ? request.due_date() : DateToProto(usual_due);
  return recommendation;
}

absl::Status Answer(Recommendation& recommendation, const pb::AnswerRecommendationRequest& request,
                    const Step& step) {
  RETURN_IF_ERROR(TakeStep(recommendation, request.accepted() ? "AnswerRecommendation accepted"
                                                              : "AnswerRecommendation rejected"));
  if (!request.accepted() && request.reason().empty()) {
    return InvalidField("reason", "is needed when the recommendation is rejected");
  }
  pb::RecommendationAnswer& answer = *recommendation.add_answers();
  answer.set_accepted(request.accepted());
  answer.set_reason(request.reason());
  answer.set_person(step.person.empty() ? request.person() : step.person);
  *answer.mutable_answer_time() = TimeToProto(step.now);
  if (request.accepted()) *recommendation.mutable_accept_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status Insist(Recommendation& recommendation,
                    const pb::InsistOnRecommendationRequest& request, absl::Time now) {
  RETURN_IF_ERROR(TakeStep(recommendation, "InsistOnRecommendation"));
  if (request.has_due_date() && !IsDueOn(recommendation, request.due_date())) {
    ChangeDue(recommendation, request.due_date(), request.reason(), now);
  }
  recommendation.set_remark(request.reason());
  return absl::OkStatus();
}

absl::Status Extend(Recommendation& recommendation, const pb::ExtendRecommendationRequest& request,
                    absl::Time now) {
  RETURN_IF_ERROR(TakeStep(recommendation, "ExtendRecommendation"));
  if (IsDueOn(recommendation, request.due_date())) {
    return InvalidField("due_date", "is the due date already");
  }
  ChangeDue(recommendation, request.due_date(), request.reason(), now);
  return absl::OkStatus();
}

absl::Status Report(Recommendation& recommendation, const pb::ReportProgressRequest& request,
                    const Step& step) {
  RETURN_IF_ERROR(
      TakeStep(recommendation, request.done() ? "ReportProgress done" : "ReportProgress"));
  if (request.done() && request.evidence().empty()) {
    return InvalidField("evidence", "is needed when the recommendation is carried out");
  }
  pb::ProgressReport& report = *recommendation.add_reports();
  report.set_progress(request.progress());
  report.set_evidence(request.evidence());
  report.set_done(request.done());
  report.set_person(step.person.empty() ? request.person() : step.person);
  *report.mutable_report_time() = TimeToProto(step.now);
  if (request.done() && !recommendation.has_done_time()) {
    *recommendation.mutable_done_time() = TimeToProto(step.now);
  }
  return absl::OkStatus();
}

absl::Status Return(Recommendation& recommendation,
                    const pb::ReturnRecommendationRequest& request) {
  RETURN_IF_ERROR(TakeStep(recommendation, "ReturnRecommendation"));
  recommendation.clear_done_time();
  recommendation.set_remark(request.reason());
  return absl::OkStatus();
}

// That something was done is not verified by who did it.
absl::Status Close(Recommendation& recommendation, const pb::CloseRecommendationRequest& request,
                   const Step& step) {
  RETURN_IF_ERROR(TakeStep(recommendation, "CloseRecommendation"));
  for (const pb::ProgressReport& report : recommendation.reports()) {
    if (report.done() && report.person() == step.person) {
      return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "verified_by_another",
                                recommendation.name(),
                                "the caller reported it done: somebody else verifies");
    }
  }
  recommendation.set_impact(request.impact());
  recommendation.set_impact_evidence(request.impact_evidence());
  recommendation.set_verified_by(step.person);
  *recommendation.mutable_close_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status Withdraw(Recommendation& recommendation,
                      const pb::WithdrawRecommendationRequest& request) {
  RETURN_IF_ERROR(TakeStep(recommendation, "WithdrawRecommendation"));
  recommendation.set_remark(request.reason());
  return absl::OkStatus();
}

void ClearForList(Recommendation& recommendation) {
  recommendation.clear_due_changes();
  recommendation.clear_answers();
  recommendation.clear_reports();
  recommendation.clear_remark();
  recommendation.clear_impact_evidence();
}

}  // namespace lscp::child_death_reviews
