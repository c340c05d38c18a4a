#include "child_death_reviews/review_completion.h"

#include <algorithm>

#include "child_death_reviews/death_review.h"
#include "child_death_reviews/particulars.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathReview;

absl::Status RuleNotMet(const DeathReview& review, std::string_view rule,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, review.name(), description);
}

void OweBy(DeathReview& review, absl::Time start, const Settings::Borough& borough) {
  const absl::Time due =
      DueAt(start, ReviewCompletionRule(borough).due_after, WorkingDayCalendar());
  *review.mutable_completion_due_date() = DateToProto(LastDayOf(due));
}

}  // namespace

TimescaleRule ReviewMeetingRule(const Settings::Borough& borough) {
  return {kReviewMeeting, "Child death review meeting held", "death",
          Months(static_cast<int>(borough.review_meeting_months())),
          "Child Death Review: statutory and operational guidance 2018, chapter 4; months by the "
          "area's setting"};
}

TimescaleRule PanelReviewRule(const Settings::Borough& borough) {
  return {kPanelReview, "Death reviewed by the panel",
          "report of the child death review meeting, or conclusion of the coroner",
          Days(static_cast<int>(borough.panel_review_days())),
          "Child Death Review: statutory and operational guidance 2018, chapter 5: six weeks; days "
          "by the area's setting"};
}

TimescaleRule ReviewCompletionRule(const Settings::Borough& borough) {
  return {kReviewCompletion, "Death review completed", "death",
          Months(static_cast<int>(borough.review_completion_months())),
          "Child Death Review: statutory and operational guidance 2018, chapter 5; months by the "
          "area's setting, or the day set with a recorded reason for delay"};
}

absl::Time StartOfReview(const DeathReview& review, absl::Time now) {
  return std::min(TimeOfDeath(review.particulars(), now), now);
}

bool SetCompletionDue(DeathReview& review, const Settings::Borough& borough, absl::Time now) {
  if (!review.delays().empty() || !review.reopenings().empty()) return false;
  const auto before = ProtoToDate(review.completion_due_date());
  OweBy(review, StartOfReview(review, now), borough);
  return before != ProtoToDate(review.completion_due_date());
}

absl::Time CompletionDueAt(const DeathReview& review) {
  const auto due = ProtoToDate(review.completion_due_date());
  return due ? EndOfDay(*due) : absl::InfiniteFuture();
}

absl::Status RecordDelay(DeathReview& review, const pb::RecordReviewDelayRequest& request,
                         const Step& step) {
  RETURN_IF_ERROR(TakeReviewStep(review, "RecordReviewDelay"));
  const auto due = ProtoToDate(review.completion_due_date());
  if (due && *ProtoToDate(request.delay().until_date()) < *due) {
    return InvalidField("delay.until_date", "lies before completion_due_date");
  }
  pb::ReviewDelay& delay = *review.add_delays();
  delay = request.delay();
  delay.set_person(step.person);
  *delay.mutable_time() = TimeToProto(step.now);
  *review.mutable_completion_due_date() = delay.until_date();
  return absl::OkStatus();
}

absl::Status SetOutcome(DeathReview& review, const pb::ReviewOutcome& outcome) {
  RETURN_IF_ERROR(TakeReviewStep(review, "RecordDeathPanelAnalysis"));
  *review.mutable_outcome() = outcome;
  return absl::OkStatus();
}

// Statutory guidance, chapter 5: within six months of the death, or it is known why not. The
// national child mortality database has the result, the family was told it.
absl::Status CompleteReview(DeathReview& review, const pb::CompleteDeathReviewRequest& request,
                            bool family_told, absl::Time now) {
  RETURN_IF_ERROR(TakeReviewStep(review, "CompleteDeathReview"));
  if (!review.has_national_notice_time()) {
    return RuleNotMet(review, "national_notified",
                      "the national child mortality database has not been notified");
  }
  if (!family_told && request.no_feedback_reason().empty()) {
    return RuleNotMet(review, "family_told",
                      "nobody has told the family what was found: no_feedback_reason must say why");
  }
  if (now > CompletionDueAt(review)) {
    return RuleNotMet(review, "delay_recorded",
                      "it was due earlier: record first why it takes longer");
  }
  if (!family_told) review.set_no_feedback_reason(request.no_feedback_reason());
  *review.mutable_complete_time() = TimeToProto(now);
  return absl::OkStatus();
}

absl::Status ReopenReview(DeathReview& review, const pb::ReopenDeathReviewRequest& request,
                          const Settings::Borough& borough, const Step& step) {
  RETURN_IF_ERROR(TakeReviewStep(review, "ReopenDeathReview"));
  pb::Reopening& reopening = *review.add_reopenings();
  reopening.set_reason(request.reason());
  reopening.set_person(step.person);
  *reopening.mutable_time() = TimeToProto(step.now);
  if (review.has_complete_time()) *reopening.mutable_complete_time() = review.complete_time();
  review.clear_complete_time();
  review.clear_outcome();
  review.clear_no_feedback_reason();
  OweBy(review, step.now, borough);
  return absl::OkStatus();
}

}  // namespace lscp::child_death_reviews
