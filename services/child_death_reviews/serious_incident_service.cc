#include "child_death_reviews/serious_incident_service.h"

#include <memory>
#include <utility>

#include "child_death_reviews/practice_review.h"
#include "child_death_reviews/serious_incident.h"
#include "child_death_reviews/timescale_rules.h"
#include "common/journal/step.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/days.h"
#include "common/timescales/store.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

using pb::SeriousIncident;

template <typename Response>
Response ReplyWith(SeriousIncident incident) {
  Response response;
  *response.mutable_serious_incident() = std::move(incident);
  return response;
}

template <typename Response, typename Page>
Response ReplyWithList(Page page) {
  Response response;
  for (SeriousIncident& incident : page.resources) {
    ClearForList(incident);
    *response.add_serious_incidents() = std::move(incident);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::Time AwareTime(const SeriousIncident& incident) {
  return StartOfDay(*ProtoToDate(incident.aware_date()));
}

absl::Time DueTime(const TimescaleRule& rule, const SeriousIncident& incident) {
  return DueAt(AwareTime(incident), rule.due_after, WorkingDayCalendar());
}

// What is owed again after it was ruled out; due as it was from the first.
timescales::NewClock Resumed(const TimescaleRule& rule, const SeriousIncident& incident,
                             absl::Time now) {
  return {.subject = incident.name(),
          .rule = rule.id,
          .started_at = now,
          .due_at = DueTime(rule, incident),
          .owner = incident.lead()};
}

// The day of a date, as an instant of a clock.
absl::Time InstantOf(const google::type::Date& date, absl::Time now) {
  return InstantOn(*ProtoToDate(date), now);
}

}  // namespace

absl::StatusOr<std::string> SeriousIncidents::FindDeathReview(Transaction& tx,
                                                              std::string name) const {
  if (BoroughOf(name) != tx.call().borough) return PermissionDenied(tx.call().permission, name);
  ASSIGN_OR_RETURN(pb::DeathReview review, reviews_.Read(tx, name));
  while (!review.merged_into().empty()) {
    ASSIGN_OR_RETURN(review, reviews_.Read(tx, review.merged_into()));
  }
  return review.name();
}

absl::StatusOr<pb::RecordSeriousIncidentResponse> SeriousIncidents::Record(
    const pb::RecordSeriousIncidentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident, child_death_reviews::Record(request, StepOf(tx)));
  if (!request.death_review().empty()) {
    ASSIGN_OR_RETURN(*incident.mutable_death_review(), FindDeathReview(tx, request.death_review()));
  }
  incident.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(timescales::Start(
      tx.db(), tx.call().borough,
      {ClockOf(IncidentNotificationRule(), incident.name(), AwareTime(incident), incident.lead()),
       ClockOf(RapidReviewRule(), incident.name(), AwareTime(incident), incident.lead())}));
  RETURN_IF_ERROR(store_.Insert(tx, incident));
  return ReplyWith<pb::RecordSeriousIncidentResponse>(std::move(incident));
}

absl::StatusOr<pb::GetSeriousIncidentResponse> SeriousIncidents::Get(
    const pb::GetSeriousIncidentRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(SeriousIncident incident, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetSeriousIncidentResponse>(std::move(incident));
}

absl::StatusOr<pb::ListSeriousIncidentsResponse> SeriousIncidents::List(
    const pb::ListSeriousIncidentsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  return ReplyWithList<pb::ListSeriousIncidentsResponse>(std::move(page));
}

absl::StatusOr<pb::ListIncidentsOfDeathResponse> SeriousIncidents::ListOfDeath(
    const pb::ListIncidentsOfDeathRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.FindOfDeath(reading, request));
  return ReplyWithList<pb::ListIncidentsOfDeathResponse>(std::move(page));
}

absl::StatusOr<pb::CorrectSeriousIncidentResponse> SeriousIncidents::Correct(
    const pb::CorrectSeriousIncidentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident,
                   ChangeRecord(store_, tx, request, [&](SeriousIncident& record) {
                     return child_death_reviews::Correct(record, request);
                   }));
  for (const TimescaleRule& rule : {IncidentNotificationRule(), RapidReviewRule()}) {
    RETURN_IF_ERROR(
        timescales::Extend(tx.db(), incident.name(), rule.id, DueTime(rule, incident)).status());
  }
  return ReplyWith<pb::CorrectSeriousIncidentResponse>(std::move(incident));
}

absl::StatusOr<pb::NotifyNationalPanelResponse> SeriousIncidents::Notify(
    const pb::NotifyNationalPanelRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident, store_.Lock(tx, request.name(), request.etag()));
  const bool ruled_out = incident.state() == SeriousIncident::STATE_NOT_NOTIFIABLE;
  RETURN_IF_ERROR(NotifyPanel(incident, request, tx.now()));
  if (ruled_out) {
    RETURN_IF_ERROR(timescales::Start(tx.db(), tx.call().borough,
                                      {Resumed(IncidentNotificationRule(), incident, tx.now()),
                                       Resumed(RapidReviewRule(), incident, tx.now())}));
  }
  RETURN_IF_ERROR(timescales::Meet(tx.db(), incident.name(), kIncidentNotification,
                                   InstantOf(incident.notify_date(), tx.now()))
                      .status());
  if (!NeedsRapidReview(incident)) {
    RETURN_IF_ERROR(timescales::Cancel(tx.db(), incident.name(), kRapidReview, tx.now()).status());
  }
  RETURN_IF_ERROR(store_.Update(tx, incident));
  return ReplyWith<pb::NotifyNationalPanelResponse>(std::move(incident));
}

absl::StatusOr<pb::RuleOutNotificationResponse> SeriousIncidents::RuleOut(
    const pb::RuleOutNotificationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident,
                   ChangeRecord(store_, tx, request, [&](SeriousIncident& record) {
                     return child_death_reviews::RuleOut(record, request);
                   }));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), incident.name(), tx.now()).status());
  return ReplyWith<pb::RuleOutNotificationResponse>(std::move(incident));
}

absl::StatusOr<pb::CompleteRapidReviewResponse> SeriousIncidents::CompleteRapidReview(
    const pb::CompleteRapidReviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident,
                   ChangeRecord(store_, tx, request, [&](SeriousIncident& record) {
                     return CompleteRapid(record, request);
                   }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), incident.name(), kRapidReview,
                                   InstantOf(incident.rapid_review().complete_date(), tx.now()))
                      .status());
  return ReplyWith<pb::CompleteRapidReviewResponse>(std::move(incident));
}

absl::StatusOr<pb::RecordPanelAdviceResponse> SeriousIncidents::RecordAdvice(
    const pb::RecordPanelAdviceRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident,
                   ChangeRecord(store_, tx, request, [&](SeriousIncident& record) {
                     return child_death_reviews::RecordAdvice(record, request);
                   }));
  return ReplyWith<pb::RecordPanelAdviceResponse>(std::move(incident));
}

absl::StatusOr<pb::LinkDeathReviewResponse> SeriousIncidents::LinkDeath(
    const pb::LinkDeathReviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(const std::string review, FindDeathReview(tx, request.death_review()));
  ASSIGN_OR_RETURN(SeriousIncident incident,
                   ChangeRecord(store_, tx, request, [&](SeriousIncident& record) {
                     return child_death_reviews::LinkDeath(record, review);
                   }));
  return ReplyWith<pb::LinkDeathReviewResponse>(std::move(incident));
}

absl::StatusOr<pb::CloseSeriousIncidentResponse> SeriousIncidents::Close(
    const pb::CloseSeriousIncidentRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const int64_t open, recommendations_.CountOpen(tx, incident.name()));
  RETURN_IF_ERROR(child_death_reviews::Close(incident, request, open));
  RETURN_IF_ERROR(store_.Update(tx, incident));
  return ReplyWith<pb::CloseSeriousIncidentResponse>(std::move(incident));
}

absl::StatusOr<pb::DecideReviewResponse> PracticeReviews::Decide(
    const pb::DecideReviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident,
                   ChangeRecord(store_, tx, request, [&](SeriousIncident& record) {
                     return child_death_reviews::Decide(record, request, StepOf(tx));
                   }));
  if (IsPublishedByLaw(incident)) {
    const absl::Time decided = StartOfDay(*ProtoToDate(incident.decision().decide_date()));
    RETURN_IF_ERROR(timescales::Start(
        tx.db(), tx.call().borough,
        {ClockOf(ReviewPublicationRule(), incident.name(), decided, incident.lead())}));
  }
  return ReplyWith<pb::DecideReviewResponse>(std::move(incident));
}

absl::StatusOr<pb::ScopeReviewResponse> PracticeReviews::Scope(
    const pb::ScopeReviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident,
                   ChangeRecord(store_, tx, request, [&](SeriousIncident& record) {
                     return child_death_reviews::Scope(record, request);
                   }));
  return ReplyWith<pb::ScopeReviewResponse>(std::move(incident));
}

absl::StatusOr<pb::RecordReportResponse> PracticeReviews::RecordReport(
    const pb::RecordReportRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const auto chronologies, chronologies_.LockOf(tx, incident.name()));
  bool owed = false;
  for (const pb::Chronology& chronology : chronologies) {
    owed |= chronology.state() == pb::Chronology::STATE_REQUESTED;
  }
  RETURN_IF_ERROR(child_death_reviews::RecordReport(incident, request, owed));
  RETURN_IF_ERROR(store_.Update(tx, incident));
  return ReplyWith<pb::RecordReportResponse>(std::move(incident));
}

absl::StatusOr<pb::AgreePublicationResponse> PracticeReviews::AgreePublication(
    const pb::AgreePublicationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident,
                   ChangeRecord(store_, tx, request, [&](SeriousIncident& record) {
                     return child_death_reviews::AgreePublication(record, request);
                   }));
  if (incident.state() == SeriousIncident::STATE_NOT_PUBLISHED) {
    RETURN_IF_ERROR(timescales::CancelAll(tx.db(), incident.name(), tx.now()).status());
  }
  return ReplyWith<pb::AgreePublicationResponse>(std::move(incident));
}

absl::StatusOr<pb::PublishReviewResponse> PracticeReviews::Publish(
    const pb::PublishReviewRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SeriousIncident incident,
                   ChangeRecord(store_, tx, request, [&](SeriousIncident& record) {
                     return child_death_reviews::Publish(record, request);
                   }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), incident.name(), kReviewPublication,
                                   InstantOf(incident.publication().publish_date(), tx.now()))
                      .status());
  return ReplyWith<pb::PublishReviewResponse>(std::move(incident));
}

void RegisterSeriousIncidents(ServiceContext& context) {
  constexpr char kService[] = "safeguarding.child_death_reviews.v1.SeriousIncidentsService";
  context.methods()
      .Of(kService, context.Keep(std::make_unique<SeriousIncidents>()))
      .Write("RecordSeriousIncident", &SeriousIncidents::Record)
      .Read("GetSeriousIncident", &SeriousIncidents::Get)
      .Read("ListSeriousIncidents", &SeriousIncidents::List)
      .Read("ListIncidentsOfDeath", &SeriousIncidents::ListOfDeath)
      .Write("CorrectSeriousIncident", &SeriousIncidents::Correct)
      .Write("NotifyNationalPanel", &SeriousIncidents::Notify)
      .Write("RuleOutNotification", &SeriousIncidents::RuleOut)
      .Write("CompleteRapidReview", &SeriousIncidents::CompleteRapidReview)
      .Write("RecordPanelAdvice", &SeriousIncidents::RecordAdvice)
      .Write("LinkDeathReview", &SeriousIncidents::LinkDeath)
      .Write("CloseSeriousIncident", &SeriousIncidents::Close);
  context.methods()
      .Of(kService, context.Keep(std::make_unique<PracticeReviews>()))
      .Write("DecideReview", &PracticeReviews::Decide)
      .Write("ScopeReview", &PracticeReviews::Scope)
      .Write("RecordReport", &PracticeReviews::RecordReport)
      .Write("AgreePublication", &PracticeReviews::AgreePublication)
      .Write("PublishReview", &PracticeReviews::Publish);
}

}  // namespace lscp::child_death_reviews
