#include "child_death_reviews/death_review.h"

#include <algorithm>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathNotification;
using pb::DeathReview;

constexpr char kGuidance[] =
    "Child Death Review: statutory and operational "
    "guidance 2018; hours by the area's setting";

absl::Status TakeStep(DeathReview& review, std::string_view verb) {
  ASSIGN_OR_RETURN(const DeathReview::State next,
                   Next(kDeathReviewTransitions, verb, review.state(), review.name()));
  review.set_state(next);
  return absl::OkStatus();
}

absl::Status RuleNotMet(const DeathReview& review, std::string_view rule,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, review.name(), description);
}

void AddOnce(google::protobuf::RepeatedPtrField<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) *list.Add() = text;
}

void FindScope(DeathReview& review, std::string_view area_code) {
  review.set_scope(ScopeOf(review.particulars(), area_code));
}

}  // namespace

TimescaleRule DeathNotificationRule(const Settings::Borough& borough) {
  return {kDeathNotification, "Death of a child notified", "death",
          Hours(static_cast<int>(borough.notification_hours())), kGuidance};
}

TimescaleRule NationalNotificationRule(const Settings::Borough& borough) {
  return {kNationalNotification, "National child mortality database notified", "first notification",
          Hours(static_cast<int>(borough.national_notification_hours())), kGuidance};
}

absl::StatusOr<DeathNotification> Notify(const pb::NotifyDeathRequest& request, const Step& step) {
  RETURN_IF_ERROR(CheckParticulars(request.particulars()));
  const bool handed_over = request.kind() == pb::NOTIFIER_KIND_OTHER_AREA;
  if (handed_over == request.from_area().empty()) {
    return InvalidField("from_area", "is given when, and only when, kind is OTHER_AREA");
  }
  DeathNotification notification;
  notification.set_agency(step.agency);
  notification.set_kind(request.kind());
  notification.set_notifier(step.person.empty() ? request.notifier() : step.person);
  notification.set_notifier_contact(request.notifier_contact());
  notification.set_agency_reference(request.agency_reference());
  notification.set_from_area(request.from_area());
  *notification.mutable_particulars() = request.particulars();
  *notification.mutable_notice_time() = TimeToProto(step.now);
  return notification;
}

DeathReview Begin(const DeathNotification& notification, std::string_view area_code) {
  DeathReview review;
  review.set_state(DeathReview::STATE_NOTIFIED);
  *review.mutable_particulars() = notification.particulars();
  *review.mutable_first_notice_time() = notification.notice_time();
  review.add_notifications(notification.name());
  FindScope(review, area_code);
  return review;
}

absl::Status Join(DeathReview& review, DeathNotification& notification,
                  std::string_view area_code) {
  RETURN_IF_ERROR(TakeStep(review, "NotifyDeath again"));
  review.add_notifications(notification.name());
  for (const std::string& field :
       FillIn(*review.mutable_particulars(), notification.particulars())) {
    notification.add_contradictions(field);
    AddOnce(*review.mutable_contradictions(), field);
  }
  FindScope(review, area_code);
  return absl::OkStatus();
}

absl::Status Correct(DeathReview& review, const pb::CorrectParticularsRequest& request,
                     std::string_view area_code) {
  RETURN_IF_ERROR(TakeStep(review, "CorrectParticulars"));
  RETURN_IF_ERROR(CheckParticulars(request.particulars()));
  *review.mutable_particulars() = request.particulars();
  review.clear_contradictions();
  FindScope(review, area_code);
  return absl::OkStatus();
}

// Children Act 2004, section 16M: the partners review the deaths of children normally resident in
// the area, and of others where they consider it appropriate.
absl::Status Accept(DeathReview& review, const pb::AcceptDeathReviewRequest& request,
                    const Step& step) {
  RETURN_IF_ERROR(TakeStep(review, "AcceptDeathReview"));
  if (!IsInScope(review.scope())) {
    return RuleNotMet(review, "in_scope",
                      IsOutOfScope(review.scope())
                          ? "the particulars show that the death is out of scope"
                          : "too little is known: correct the particulars first");
  }
  if (review.scope() == pb::SCOPE_FINDING_DIED_HERE && request.agreement().empty()) {
    return RuleNotMet(review, "responsible_area",
                      "the area in which the child lived is responsible: hand "
                      "the review over, or "
                      "say by what agreement it is held here");
  }
  review.set_scope_reason(request.reason());
  review.set_agreement(request.agreement());
  review.set_coordinator(step.person);
  *review.mutable_accept_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status RuleOut(DeathReview& review, const pb::RuleOutDeathReviewRequest& request,
                     const Step& step) {
  RETURN_IF_ERROR(TakeStep(review, "RuleOutDeathReview"));
  if (!IsOutOfScope(review.scope())) {
    return RuleNotMet(review, "out_of_scope",
                      "the particulars do not show that the death is out of scope");
  }
  review.set_scope_reason(request.reason());
  review.set_coordinator(step.person);
  return absl::OkStatus();
}

absl::Status Merge(DeathReview& review, DeathReview& duplicate, std::string_view area_code) {
  if (review.name() == duplicate.name()) {
    return InvalidField("duplicate", "is the death review that stays");
  }
  RETURN_IF_ERROR(TakeStep(duplicate, "MergeDeathReviews"));
  if (duplicate.has_accept_time()) {
    return RuleNotMet(duplicate, "never_taken_on",
                      "work on the duplicate has begun: merge the other into it");
  }
  duplicate.set_merged_into(review.name());
  // What stays takes the duplicate's notifications, as it would have taken them one by one.
  RETURN_IF_ERROR(TakeStep(review, "NotifyDeath again"));
  for (const std::string& name : duplicate.notifications()) review.add_notifications(name);
  for (const std::string& field : FillIn(*review.mutable_particulars(), duplicate.particulars())) {
    AddOnce(*review.mutable_contradictions(), field);
  }
  if (*ProtoToTime(duplicate.first_notice_time()) < *ProtoToTime(review.first_notice_time())) {
    *review.mutable_first_notice_time() = duplicate.first_notice_time();
  }
  auto& possible = *review.mutable_possible_duplicates();
  possible.erase(std::remove(possible.begin(), possible.end(), duplicate.name()), possible.end());
  FindScope(review, area_code);
  return absl::OkStatus();
}

absl::Status HandOver(DeathReview& review, const pb::HandOverDeathReviewRequest& request,
                      std::string_view area_code, absl::Time now) {
  RETURN_IF_ERROR(TakeStep(review, "HandOverDeathReview"));
  if (request.area() == area_code) return InvalidField("area", "is this area");
  pb::HandOver& offer = *review.mutable_hand_over();
  offer.Clear();
  offer.set_area(request.area());
  offer.set_contact(request.contact());
  offer.set_reason(request.reason());
  *offer.mutable_offer_time() = TimeToProto(now);
  return absl::OkStatus();
}

absl::Status AnswerHandOver(DeathReview& review, const pb::AnswerHandOverRequest& request,
                            absl::Time now) {
  RETURN_IF_ERROR(
      TakeStep(review, request.accepted() ? "AnswerHandOver accepted" : "AnswerHandOver refused"));
  pb::HandOver& offer = *review.mutable_hand_over();
  offer.set_accepted(request.accepted());
  offer.set_reference(request.reference());
  offer.set_answer(request.answer());
  *offer.mutable_answer_time() = TimeToProto(now);
  return absl::OkStatus();
}

absl::Status RecordNational(DeathReview& review,
                            const pb::RecordNationalNotificationRequest& request, absl::Time now) {
  RETURN_IF_ERROR(TakeStep(review, "RecordNationalNotification"));
  if (review.has_national_notice_time()) {
    return RuleNotMet(review, "one_national_notification", "it has been notified already");
  }
  const absl::Time at = request.has_notice_time() ? *ProtoToTime(request.notice_time()) : now;
  if (at < *ProtoToTime(review.first_notice_time())) {
    return InvalidField("notice_time", "lies before the first notification");
  }
  review.set_national_reference(request.reference());
  *review.mutable_national_notice_time() = TimeToProto(at);
  return absl::OkStatus();
}

absl::Status TakeReviewStep(DeathReview& review, std::string_view verb) {
  return TakeStep(review, verb);
}

void ClearForList(DeathReview& review) {
  pb::Particulars shown;
  const pb::Particulars& all = review.particulars();
  shown.set_given_name(all.given_name());
  shown.set_family_name(all.family_name());
  shown.set_nhs_number(all.nhs_number());
  if (all.has_birth_date()) *shown.mutable_birth_date() = all.birth_date();
  *shown.mutable_death_date() = all.death_date();
  *review.mutable_particulars() = std::move(shown);
  review.clear_delays();
  review.clear_reopenings();
  review.clear_no_feedback_reason();
  review.clear_scope_reason();
  review.clear_agreement();
  review.clear_hand_over();
}

}  // namespace lscp::child_death_reviews
