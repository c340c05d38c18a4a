#include "child_death_reviews/recommendation_service.h"

#include <iterator>
#include <memory>
#include <utility>

#include "child_death_reviews/recommendation.h"
#include "child_death_reviews/timescale_rules.h"
#include "common/journal/step.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"
#include "safeguarding/child_death_reviews/v1/events.pb.h"

namespace lscp::child_death_reviews {
namespace {

using pb::Recommendation;

Event MadeEvent(const Recommendation& recommendation) {
  pb::RecommendationMade made;
  made.set_recommendation(recommendation.name());
  made.set_agency(recommendation.agency());
  *made.mutable_due_date() = recommendation.due_date();
  return MakeEvent("child_death_reviews.recommendation_made", recommendation.name(), made);
}

absl::Time DueTimeOf(const Recommendation& recommendation) {
  return EndOfDay(*ProtoToDate(recommendation.due_date()));
}

// What is recommended is owed, from now to its due date.
absl::Status StartClock(Transaction& tx, const Recommendation& recommendation) {
  return timescales::Start(tx.db(), tx.call().borough,
                           {{.subject = recommendation.name(),
                             .rule = kRecommendation,
                             .started_at = tx.now(),
                             .due_at = DueTimeOf(recommendation),
                             .owner = recommendation.made_by()}});
}

template <typename Response>
Response ReplyWith(Recommendation recommendation) {
  Response response;
  *response.mutable_recommendation() = std::move(recommendation);
  return response;
}

}  // namespace

absl::Status Recommendations::StartClocks(Transaction& tx,
                                          const Recommendation& recommendation) const {
  RETURN_IF_ERROR(StartClock(tx, recommendation));
  const auto rule = RecommendationAnswerRule(settings_->Of(tx.call().borough));
  return timescales::Start(
      tx.db(), tx.call().borough,
      {ClockOf(rule, recommendation.name(), tx.now(), recommendation.made_by())});
}

absl::StatusOr<pb::MakeRecommendationResponse> Recommendations::Make(
    const pb::MakeRecommendationRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(store_.CheckSource(tx, request.source()));
  const absl::CivilDay usual_due = UsualDueDay(settings_->Of(tx.call().borough), tx.now());
  Recommendation recommendation = child_death_reviews::Make(request, usual_due, StepOf(tx));
  recommendation.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(StartClocks(tx, recommendation));
  RETURN_IF_ERROR(store_.Insert(tx, recommendation, MadeEvent(recommendation)));
  return ReplyWith<pb::MakeRecommendationResponse>(std::move(recommendation));
}

absl::StatusOr<pb::GetRecommendationResponse> Recommendations::Get(
    const pb::GetRecommendationRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(Recommendation recommendation, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetRecommendationResponse>(std::move(recommendation));
}

absl::StatusOr<pb::ListRecommendationsResponse> Recommendations::List(
    const pb::ListRecommendationsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListRecommendationsResponse response;
  for (Recommendation& recommendation : page.resources) {
    ClearForList(recommendation);
    *response.add_recommendations() = std::move(recommendation);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::ExtendRecommendationResponse> Recommendations::Extend(
    const pb::ExtendRecommendationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Recommendation recommendation,
                   ChangeRecord(store_, tx, request, [&](Recommendation& record) {
                     return child_death_reviews::Extend(record, request, tx.now());
                   }));
  RETURN_IF_ERROR(
      timescales::Extend(tx.db(), recommendation.name(), kRecommendation, DueTimeOf(recommendation))
          .status());
  return ReplyWith<pb::ExtendRecommendationResponse>(std::move(recommendation));
}

absl::StatusOr<pb::InsistOnRecommendationResponse> Recommendations::Insist(
    const pb::InsistOnRecommendationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Recommendation recommendation, ChangeRecord(
                                                      store_, tx, request,
                                                      [&](Recommendation& record) {
                                                        return child_death_reviews::Insist(
                                                            record, request, tx.now());
                                                      },
                                                      MadeEvent));
  RETURN_IF_ERROR(StartClocks(tx, recommendation));
  return ReplyWith<pb::InsistOnRecommendationResponse>(std::move(recommendation));
}

absl::StatusOr<pb::WithdrawRecommendationResponse> Recommendations::Withdraw(
    const pb::WithdrawRecommendationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Recommendation recommendation,
                   ChangeRecord(store_, tx, request, [&](Recommendation& record) {
                     return child_death_reviews::Withdraw(record, request);
                   }));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), recommendation.name(), tx.now()).status());
  return ReplyWith<pb::WithdrawRecommendationResponse>(std::move(recommendation));
}

absl::StatusOr<pb::ReturnRecommendationResponse> Recommendations::Return(
    const pb::ReturnRecommendationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Recommendation recommendation,
                   ChangeRecord(store_, tx, request, [&](Recommendation& record) {
                     return child_death_reviews::Return(record, request);
                   }));
  // It is owed again, since when it was due.
  RETURN_IF_ERROR(StartClock(tx, recommendation));
  return ReplyWith<pb::ReturnRecommendationResponse>(std::move(recommendation));
}

absl::StatusOr<pb::CloseRecommendationResponse> Recommendations::Close(
    const pb::CloseRecommendationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Recommendation recommendation,
                   ChangeRecord(store_, tx, request, [&](Recommendation& record) {
                     return child_death_reviews::Close(record, request, StepOf(tx));
                   }));
  return ReplyWith<pb::CloseRecommendationResponse>(std::move(recommendation));
}

absl::StatusOr<pb::ListMyRecommendationsResponse> RecommendedAgencies::List(
    const pb::ListMyRecommendationsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.FindMine(reading, request));
  pb::ListMyRecommendationsResponse response;
  response.mutable_recommendations()->Add(std::make_move_iterator(page.resources.begin()),
                                          std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::AnswerRecommendationResponse> RecommendedAgencies::Answer(
    const pb::AnswerRecommendationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Recommendation recommendation,
                   store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_death_reviews::Answer(recommendation, request, StepOf(tx)));
  RETURN_IF_ERROR(
      timescales::Meet(tx.db(), recommendation.name(), kRecommendationAnswer, tx.now()).status());
  if (!request.accepted()) {
    RETURN_IF_ERROR(timescales::CancelAll(tx.db(), recommendation.name(), tx.now()).status());
  }
  RETURN_IF_ERROR(store_.Update(tx, recommendation));
  return ReplyWith<pb::AnswerRecommendationResponse>(std::move(recommendation));
}

absl::StatusOr<pb::ReportProgressResponse> RecommendedAgencies::Report(
    const pb::ReportProgressRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Recommendation recommendation,
                   store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_death_reviews::Report(recommendation, request, StepOf(tx)));
  if (request.done()) {
    // More evidence later finds no clock running.
    RETURN_IF_ERROR(
        timescales::Meet(tx.db(), recommendation.name(), kRecommendation, tx.now()).status());
  }
  RETURN_IF_ERROR(store_.Update(tx, recommendation));
  return ReplyWith<pb::ReportProgressResponse>(std::move(recommendation));
}

void RegisterRecommendations(ServiceContext& context, const Settings* settings) {
  constexpr char kService[] = "safeguarding.child_death_reviews.v1.RecommendationsService";
  context.methods()
      .Of(kService, context.Keep(std::make_unique<Recommendations>(settings)))
      .Write("MakeRecommendation", &Recommendations::Make)
      .Read("GetRecommendation", &Recommendations::Get)
      .Read("ListRecommendations", &Recommendations::List)
      .Write("ExtendRecommendation", &Recommendations::Extend)
      .Write("InsistOnRecommendation", &Recommendations::Insist)
      .Write("WithdrawRecommendation", &Recommendations::Withdraw)
      .Write("ReturnRecommendation", &Recommendations::Return)
      .Write("CloseRecommendation", &Recommendations::Close);
  context.methods()
      .Of(kService, context.Keep(std::make_unique<RecommendedAgencies>()))
      .Read("ListMyRecommendations", &RecommendedAgencies::List)
      .Write("AnswerRecommendation", &RecommendedAgencies::Answer)
      .Write("ReportProgress", &RecommendedAgencies::Report);
}

}  // namespace lscp::child_death_reviews
