#include "child_death_reviews/chronology_service.h"

#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "child_death_reviews/asked_agency.h"
#include "child_death_reviews/chronology.h"
#include "child_death_reviews/serious_incident.h"
#include "common/journal/step.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "safeguarding/child_death_reviews/v1/events.pb.h"

namespace lscp::child_death_reviews {
namespace {

using pb::Chronology;

Event RequestedEvent(const Chronology& chronology) {
  pb::ChronologyRequested requested;
  requested.set_chronology(chronology.name());
  requested.set_agency(chronology.agency());
  requested.set_chases(chronology.chases());
  return MakeEvent("child_death_reviews.chronology_requested", chronology.name(), requested);
}

template <typename Response>
Response ReplyWith(Chronology chronology) {
  Response response;
  *response.mutable_chronology() = std::move(chronology);
  return response;
}

}  // namespace

absl::StatusOr<pb::RequestChronologiesResponse> Chronologies::Request(
    const pb::RequestChronologiesRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(pb::SeriousIncident incident,
                   incidents_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(TakeIncidentStep(incident, "RequestChronologies"));
  ASSIGN_OR_RETURN(const auto asked, store_.LockOf(tx, incident.name()));
  RETURN_IF_ERROR(AllowAgencies(request, asked));
  const absl::Time usual = DueAt(
      tx.now(), ChronologyRule(settings_->Of(tx.call().borough)).due_after, WorkingDayCalendar());
  pb::RequestChronologiesResponse response;
  std::vector<timescales::NewClock> clocks;
  int number = static_cast<int>(asked.size());
  for (const pb::ChronologyAgency& agency : request.agencies()) {
    const absl::Time due = agency.has_due_time() ? *ProtoToTime(agency.due_time()) : usual;
    Chronology chronology = AskForChronology(incident, ++number, agency.agency(), due, tx.now());
    clocks.push_back({.subject = chronology.name(),
                      .rule = kChronology,
                      .started_at = tx.now(),
                      .due_at = due,
                      .owner = incident.lead()});
    RETURN_IF_ERROR(store_.Insert(tx, chronology, RequestedEvent(chronology)));
    *response.add_chronologies() = std::move(chronology);
  }
  RETURN_IF_ERROR(timescales::Start(tx.db(), tx.call().borough, clocks));
  RETURN_IF_ERROR(incidents_.Update(tx, incident));
  response.set_serious_incident_etag(incident.etag());
  return response;
}

absl::StatusOr<pb::ChaseChronologiesResponse> Chronologies::Chase(
    const pb::ChaseChronologiesRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(pb::SeriousIncident incident,
                   incidents_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(TakeIncidentStep(incident, "ChaseChronologies"));
  ASSIGN_OR_RETURN(auto chronologies, store_.LockOf(tx, incident.name()));
  pb::ChaseChronologiesResponse response;
  for (Chronology& chronology : chronologies) {
    if (!child_death_reviews::Chase(chronology, tx.now())) continue;
    RETURN_IF_ERROR(store_.Update(tx, chronology, RequestedEvent(chronology)));
    *response.add_chronologies() = std::move(chronology);
  }
  if (response.chronologies().empty()) {
    return IncidentRuleNotMet(incident, "chronology_owed", "no agency owes a chronology");
  }
  RETURN_IF_ERROR(incidents_.Update(tx, incident));
  response.set_serious_incident_etag(incident.etag());
  return response;
}

absl::StatusOr<pb::GetChronologyResponse> Chronologies::Get(const pb::GetChronologyRequest& request,
                                                            Reading& reading) {
  ASSIGN_OR_RETURN(Chronology chronology, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetChronologyResponse>(std::move(chronology));
}

absl::StatusOr<pb::ListChronologiesResponse> Chronologies::List(
    const pb::ListChronologiesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListChronologiesResponse response;
  for (Chronology& chronology : page.resources) {
    ClearForList(chronology);
    *response.add_chronologies() = std::move(chronology);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::CombineChronologiesResponse> Chronologies::Combine(
    const pb::CombineChronologiesRequest& request, Reading& reading) {
  RETURN_IF_ERROR(incidents_.Get(reading, request.name()).status());
  ASSIGN_OR_RETURN(const auto chronologies, store_.ReadOf(reading, request));
  return child_death_reviews::Combine(chronologies);
}

absl::StatusOr<pb::WithdrawChronologyResponse> Chronologies::Withdraw(
    const pb::WithdrawChronologyRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Chronology chronology,
                   ChangeRecord(store_, tx, request, [&](Chronology& record) {
                     return child_death_reviews::Withdraw(record, request);
                   }));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), chronology.name(), tx.now()).status());
  return ReplyWith<pb::WithdrawChronologyResponse>(std::move(chronology));
}

absl::StatusOr<pb::ListMyChronologiesResponse> ChronologyAgencies::List(
    const pb::ListMyChronologiesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.FindMine(reading, request));
  pb::ListMyChronologiesResponse response;
  response.mutable_chronologies()->Add(std::make_move_iterator(page.resources.begin()),
                                       std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::SubmitChronologyResponse> ChronologyAgencies::Submit(
    const pb::SubmitChronologyRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Chronology chronology, store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_death_reviews::Submit(chronology, request, StepOf(tx)));
  // The first version meets the clock; a later one finds none running.
  RETURN_IF_ERROR(timescales::Meet(tx.db(), chronology.name(), kChronology, tx.now()).status());
  RETURN_IF_ERROR(store_.Update(tx, chronology));
  return ReplyWith<pb::SubmitChronologyResponse>(std::move(chronology));
}

absl::StatusOr<pb::DeclareNothingHeldResponse> ChronologyAgencies::DeclareNothing(
    const pb::DeclareNothingHeldRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Chronology chronology, store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_death_reviews::DeclareNothing(chronology, request, tx.now()));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), chronology.name(), kChronology, tx.now()).status());
  RETURN_IF_ERROR(store_.Update(tx, chronology));
  return ReplyWith<pb::DeclareNothingHeldResponse>(std::move(chronology));
}

void RegisterChronologies(ServiceContext& context, const Settings* settings) {
  constexpr char kService[] = "safeguarding.child_death_reviews.v1.ChronologiesService";
  context.methods()
      .Of(kService, context.Keep(std::make_unique<Chronologies>(settings)))
      .Write("RequestChronologies", &Chronologies::Request)
      .Write("ChaseChronologies", &Chronologies::Chase)
      .Read("GetChronology", &Chronologies::Get)
      .Read("ListChronologies", &Chronologies::List)
      .Read("CombineChronologies", &Chronologies::Combine)
      .Write("WithdrawChronology", &Chronologies::Withdraw);
  context.methods()
      .Of(kService, context.Keep(std::make_unique<ChronologyAgencies>()))
      .Read("ListMyChronologies", &ChronologyAgencies::List)
      .Write("SubmitChronology", &ChronologyAgencies::Submit)
      .Write("DeclareNothingHeld", &ChronologyAgencies::DeclareNothing);
}

}  // namespace lscp::child_death_reviews
