#include "child_death_reviews/death_review_service.h"

#include <memory>
#include <optional>
#include <utility>

#include "child_death_reviews/death_panel_case.h"
#include "child_death_reviews/death_review.h"
#include "child_death_reviews/death_review_meeting.h"
#include "child_death_reviews/family_support.h"
#include "child_death_reviews/joint_response.h"
#include "child_death_reviews/reporting_form_service.h"
#include "child_death_reviews/review_completion.h"
#include "child_death_reviews/review_parts.h"
#include "child_death_reviews/timescale_rules.h"
#include "common/journal/step.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "safeguarding/child_death_reviews/v1/events.pb.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathReview;

template <typename Response>
Response ReplyWith(DeathReview review) {
  Response response;
  *response.mutable_death_review() = std::move(review);
  return response;
}

std::optional<Event> HandedOverEvent(const DeathReview& review) {
  if (review.state() != DeathReview::STATE_HANDED_OVER) return std::nullopt;
  pb::DeathReviewHandedOver handed_over;
  handed_over.set_death_review(review.name());
  handed_over.set_area(review.hand_over().area());
  return MakeEvent("child_death_reviews.death_review_handed_over", review.name(), handed_over);
}

timescales::NewClock CompletionClock(const DeathReview& review, absl::Time start) {
  return {.subject = review.name(),
          .rule = kReviewCompletion,
          .started_at = start,
          .due_at = CompletionDueAt(review),
          .owner = review.coordinator()};
}

}  // namespace

absl::Status DeathReviews::BeginParts(Transaction& tx, const DeathReview& review) const {
  const Settings::Borough& borough = settings_->Of(tx.call().borough);
  pb::JointResponse response = BeginJointResponse(review, tx.now());
  pb::FamilySupport support = BeginFamilySupport(review, tx.now());
  RETURN_IF_ERROR(timescales::Start(
      tx.db(), tx.call().borough,
      {ClockOf(JointDecisionRule(borough), response.name(),
               *ProtoToTime(review.first_notice_time()), review.coordinator()),
       ClockOf(FamilyKeyWorkerRule(borough), support.name(), tx.now(), review.coordinator()),
       ClockOf(ReviewMeetingRule(borough), review.name(), StartOfReview(review, tx.now()),
               review.coordinator()),
       CompletionClock(review, StartOfReview(review, tx.now()))}));
  pb::DeathPanelCase record = BeginPanelCase(review, borough.display_name());
  // An id without a time: from it nobody learns when the child died.
  record.set_name(cases_.NewName(tx.call().borough, absl::UnixEpoch()));
  RETURN_IF_ERROR(cases_.Insert(tx, record));
  RETURN_IF_ERROR(responses_.Insert(tx, response));
  return supports_.Insert(tx, support);
}

absl::Status DeathReviews::ResumeClocks(Transaction& tx, const DeathReview& review) const {
  const Settings::Borough& borough = settings_->Of(tx.call().borough);
  std::vector<timescales::NewClock> clocks;
  const auto owe = [&](const TimescaleRule& rule, const std::string& subject) {
    clocks.push_back(ClockOf(rule, subject, tx.now(), review.coordinator()));
  };
  if (!review.has_national_notice_time()) owe(NationalNotificationRule(borough), review.name());
  if (review.has_accept_time()) {
    ASSIGN_OR_RETURN(const pb::JointResponse response,
                     responses_.Read(tx, NameOfPart(review.name(), "jointResponses")));
    ASSIGN_OR_RETURN(const pb::FamilySupport support,
                     supports_.Read(tx, NameOfPart(review.name(), "familySupports")));
    if (response.state() == pb::JointResponse::STATE_UNDECIDED) {
      owe(JointDecisionRule(borough), response.name());
    }
    if (response.state() == pb::JointResponse::STATE_REQUIRED && !response.has_planning_meeting()) {
      owe(PlanningMeetingRule(borough), response.name());
    }
    if (support.state() == pb::FamilySupport::STATE_UNASSIGNED) {
      owe(FamilyKeyWorkerRule(borough), support.name());
    }
    ASSIGN_OR_RETURN(const auto meetings, ReadMeetings(tx.db(), review.name()));
    if (!WasHeld(meetings)) owe(ReviewMeetingRule(borough), review.name());
    clocks.push_back(CompletionClock(review, tx.now()));
  }
  return timescales::Start(tx.db(), tx.call().borough, clocks);
}

absl::Status DeathReviews::CancelClocks(Transaction& tx, const DeathReview& review,
                                        std::string_view reason) const {
  for (const char* collection : {"deathReviews", "jointResponses", "familySupports"}) {
    RETURN_IF_ERROR(
        timescales::CancelAll(tx.db(), NameOfPart(review.name(), collection), tx.now()).status());
  }
  return WithdrawOwedForms(tx, forms_, review.name(), reason);
}

absl::Status DeathReviews::TellParts(Transaction& tx, const DeathReview& review,
                                     bool taken_on) const {
  ASSIGN_OR_RETURN(pb::FamilySupport support,
                   supports_.Lock(tx, NameOfPart(review.name(), "familySupports"), ""));
  Follow(support, review);
  RETURN_IF_ERROR(supports_.Update(tx, support));
  ASSIGN_OR_RETURN(pb::DeathPanelCase record, cases_.LockOf(tx, review.name()));
  if (taken_on) {
    RETURN_IF_ERROR(Resume(record, review));
  } else {
    Follow(record, review);
  }
  return cases_.Update(tx, record);
}

absl::Status DeathReviews::WithdrawCase(Transaction& tx, const DeathReview& review,
                                        std::string_view verb) const {
  if (!review.has_accept_time()) return absl::OkStatus();
  ASSIGN_OR_RETURN(pb::DeathPanelCase record, cases_.LockOf(tx, review.name()));
  RETURN_IF_ERROR(child_death_reviews::WithdrawCase(record, verb));
  return cases_.Update(tx, record);
}

// A death on another day moves what is due after it.
absl::Status DeathReviews::MoveClocks(Transaction& tx, const DeathReview& review) const {
  const Settings::Borough& borough = settings_->Of(tx.call().borough);
  const auto meeting =
      ClockOf(ReviewMeetingRule(borough), review.name(), StartOfReview(review, tx.now()));
  RETURN_IF_ERROR(
      timescales::Extend(tx.db(), review.name(), kReviewMeeting, meeting.due_at).status());
  return timescales::Extend(tx.db(), review.name(), kReviewCompletion, CompletionDueAt(review))
      .status();
}

absl::StatusOr<pb::GetDeathReviewResponse> DeathReviews::Get(
    const pb::GetDeathReviewRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(DeathReview review, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetDeathReviewResponse>(std::move(review));
}

absl::StatusOr<pb::ListDeathReviewsResponse> DeathReviews::List(
    const pb::ListDeathReviewsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListDeathReviewsResponse response;
  for (DeathReview& review : page.resources) {
    ClearForList(review);
    *response.add_death_reviews() = std::move(review);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::CorrectParticularsResponse> DeathReviews::Correct(
    const pb::CorrectParticularsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReview review, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_death_reviews::Correct(review, request, AreaOf(tx)));
  if (review.has_accept_time()) {
    SetCompletionDue(review, settings_->Of(tx.call().borough), tx.now());
  }
  ASSIGN_OR_RETURN(const bool rival, store_.HasRival(tx, review));
  if (rival) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "one_review", review.name(),
                              "another death review is about this child: merge them");
  }
  ASSIGN_OR_RETURN(const auto alike, store_.Alike(tx, review));
  review.mutable_possible_duplicates()->Assign(alike.begin(), alike.end());
  RETURN_IF_ERROR(store_.Update(tx, review));
  RETURN_IF_ERROR(store_.SetKeys(tx, review));
  if (review.has_accept_time()) {
    RETURN_IF_ERROR(MoveClocks(tx, review));
    RETURN_IF_ERROR(TellParts(tx, review, false));
  }
  return ReplyWith<pb::CorrectParticularsResponse>(std::move(review));
}

absl::StatusOr<pb::AcceptDeathReviewResponse> DeathReviews::Accept(
    const pb::AcceptDeathReviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReview review, store_.Lock(tx, request.name(), request.etag()));
  const DeathReview before = review;
  RETURN_IF_ERROR(child_death_reviews::Accept(review, request, StepOf(tx)));
  SetCompletionDue(review, settings_->Of(tx.call().borough), tx.now());
  if (before.state() == DeathReview::STATE_OUT_OF_SCOPE) {
    RETURN_IF_ERROR(ResumeClocks(tx, before));
  }
  RETURN_IF_ERROR(before.has_accept_time() ? TellParts(tx, review, true) : BeginParts(tx, review));
  RETURN_IF_ERROR(timescales::Reassign(tx.db(), review.name(), "", review.coordinator()).status());
  RETURN_IF_ERROR(store_.Update(tx, review));
  return ReplyWith<pb::AcceptDeathReviewResponse>(std::move(review));
}

absl::StatusOr<pb::RuleOutDeathReviewResponse> DeathReviews::RuleOut(
    const pb::RuleOutDeathReviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReview review, ChangeRecord(store_, tx, request, [&](DeathReview& record) {
                     return child_death_reviews::RuleOut(record, request, StepOf(tx));
                   }));
  RETURN_IF_ERROR(CancelClocks(tx, review, "the death is out of scope"));
  RETURN_IF_ERROR(WithdrawCase(tx, review, "RuleOutDeathReview"));
  return ReplyWith<pb::RuleOutDeathReviewResponse>(std::move(review));
}

absl::StatusOr<pb::MergeDeathReviewsResponse> DeathReviews::Merge(
    const pb::MergeDeathReviewsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReview review, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(DeathReview duplicate,
                   store_.Lock(tx, request.duplicate(), request.duplicate_etag()));
  RETURN_IF_ERROR(child_death_reviews::Merge(review, duplicate, AreaOf(tx)));
  for (const std::string& name : duplicate.notifications()) {
    ASSIGN_OR_RETURN(pb::DeathNotification notification, notifications_.Lock(tx, name, ""));
    notification.set_death_review(review.name());
    RETURN_IF_ERROR(notifications_.Update(tx, notification));
  }
  RETURN_IF_ERROR(incidents_.MoveLinks(tx, duplicate.name(), review.name()));
  RETURN_IF_ERROR(recommendations_.MoveSource(tx, duplicate.name(), review.name()));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), duplicate.name(), tx.now()).status());
  RETURN_IF_ERROR(store_.Update(tx, duplicate));
  RETURN_IF_ERROR(store_.MoveKeys(tx, duplicate));
  RETURN_IF_ERROR(store_.Update(tx, review));
  return ReplyWith<pb::MergeDeathReviewsResponse>(std::move(review));
}

absl::StatusOr<pb::HandOverDeathReviewResponse> DeathReviews::HandOver(
    const pb::HandOverDeathReviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReview review, ChangeRecord(store_, tx, request, [&](DeathReview& record) {
                     return child_death_reviews::HandOver(record, request, AreaOf(tx), tx.now());
                   }));
  return ReplyWith<pb::HandOverDeathReviewResponse>(std::move(review));
}

absl::StatusOr<pb::AnswerHandOverResponse> DeathReviews::AnswerHandOver(
    const pb::AnswerHandOverRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReview review, ChangeRecord(
                                           store_, tx, request,
                                           [&](DeathReview& record) {
                                             return child_death_reviews::AnswerHandOver(
                                                 record, request, tx.now());
                                           },
                                           HandedOverEvent));
  if (review.state() == DeathReview::STATE_HANDED_OVER) {  // what is owed, the other area owes
    RETURN_IF_ERROR(CancelClocks(tx, review, "another area has taken the review on"));
    RETURN_IF_ERROR(WithdrawCase(tx, review, "AnswerHandOver accepted"));
  }
  return ReplyWith<pb::AnswerHandOverResponse>(std::move(review));
}

absl::StatusOr<pb::RecordNationalNotificationResponse> DeathReviews::RecordNational(
    const pb::RecordNationalNotificationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathReview review, ChangeRecord(store_, tx, request, [&](DeathReview& record) {
                     return child_death_reviews::RecordNational(record, request, tx.now());
                   }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), review.name(), kNationalNotification,
                                   *ProtoToTime(review.national_notice_time()))
                      .status());
  return ReplyWith<pb::RecordNationalNotificationResponse>(std::move(review));
}

void RegisterDeathReviews(ServiceContext& context, const Settings* settings) {
  context.methods()
      .Of("safeguarding.child_death_reviews.v1.DeathReviewsService",
          context.Keep(std::make_unique<DeathReviews>(settings)))
      .Read("GetDeathReview", &DeathReviews::Get)
      .Read("ListDeathReviews", &DeathReviews::List)
      .Write("CorrectParticulars", &DeathReviews::Correct)
      .Write("AcceptDeathReview", &DeathReviews::Accept)
      .Write("RuleOutDeathReview", &DeathReviews::RuleOut)
      .Write("MergeDeathReviews", &DeathReviews::Merge)
      .Write("HandOverDeathReview", &DeathReviews::HandOver)
      .Write("AnswerHandOver", &DeathReviews::AnswerHandOver)
      .Write("RecordNationalNotification", &DeathReviews::RecordNational);
}

}  // namespace lscp::child_death_reviews
