#include "child_protection/visit_service.h"

#include <memory>
#include <utility>

#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {
namespace {

using pb::ProtectionPlan;
using pb::Visit;

template <typename Response>
Response ReplyWith(Visit visit) {
  Response response;
  *response.mutable_visit() = std::move(visit);
  return response;
}

absl::CivilDay DayOf(const google::protobuf::Timestamp& time) {
  return LondonDay(*ProtoToTime(time));
}

pb::VisitStanding AsStanding(const ProtectionPlan& plan, absl::CivilDay today) {
  pb::VisitStanding standing;
  standing.set_plan(plan.name());
  standing.set_child(plan.child());
  standing.set_standing(
      StandingOf(*ProtoToDate(plan.visit_due_date()), ProtoToDate(plan.attempt_date()), today));
  *standing.mutable_due_date() = plan.visit_due_date();
  if (plan.has_last_seen_date()) *standing.mutable_last_seen_date() = plan.last_seen_date();
  if (plan.has_attempt_date()) *standing.mutable_attempt_date() = plan.attempt_date();
  standing.set_team(plan.team());
  standing.set_worker(plan.worker());
  return standing;
}

}  // namespace

std::optional<VisitedPlan> Visits::PlanOfVisit::visited() const {
  if (protection) return VisitedPlan::Of(*protection);
  if (in_need) return VisitedPlan::Of(*in_need);
  return std::nullopt;
}

absl::StatusOr<Visits::PlanOfVisit> Visits::PlanOn(Transaction& tx, Visit::Basis basis,
                                                   const std::string& child,
                                                   absl::CivilDay day) const {
  PlanOfVisit plan;
  if (basis == Visit::BASIS_PROTECTION_PLAN) {
    ASSIGN_OR_RETURN(plan.protection, ProtectionPlanOn(tx, child, day));
  } else {
    ASSIGN_OR_RETURN(plan.in_need, in_need_plans_.LockHeldOn(tx, child, day));
  }
  return plan;
}

absl::StatusOr<std::optional<ProtectionPlan>> Visits::ProtectionPlanOn(Transaction& tx,
                                                                       const std::string& child,
                                                                       absl::CivilDay day) const {
  ASSIGN_OR_RETURN(const auto plans, plans_.OfChild(tx, child));
  for (const ProtectionPlan& plan : plans) {
    if (!VisitedPlan::Of(plan).HeldOn(day)) continue;
    ASSIGN_OR_RETURN(ProtectionPlan locked, plans_.Lock(tx, plan.name(), ""));
    return locked;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<absl::CivilDay>> Visits::DueOf(Transaction& tx, const Visit& visit,
                                                            const std::optional<VisitedPlan>& plan,
                                                            const KnownChild& child,
                                                            absl::Time made) const {
  if (!plan) return std::nullopt;
  const Settings::Borough& borough = parts_.settings->Of(tx.call().borough);
  ASSIGN_OR_RETURN(const auto last, store_.LastSeen(tx, visit, made));
  if (last) return VisitDue(borough, visit.basis(), LondonDay(*last), child.birth_date);
  return FirstVisitDue(borough, visit.basis(), plan->start, child.birth_date);
}

absl::Status Visits::TellPlan(Transaction& tx, const Visit& visit, PlanOfVisit plan,
                              const KnownChild& child) const {
  if (plan.protection) return TellOne(tx, visit, *plan.protection, plans_, kPlanVisitRule, child);
  if (plan.in_need) {
    return TellOne(tx, visit, *plan.in_need, in_need_plans_, kChildInNeedVisitRule, child);
  }
  return absl::OkStatus();
}

template <typename AnyPlan, typename Store>
absl::Status Visits::TellOne(Transaction& tx, const Visit& visit, AnyPlan& plan, const Store& store,
                             const char* rule, const KnownChild& child) const {
  if (plan.has_end_date()) return absl::OkStatus();
  const std::string before = plan.SerializeAsString();
  if (NoteVisit(plan, visit, parts_.settings->Of(tx.call().borough), child.birth_date)) {
    const absl::Time made = *ProtoToTime(visit.visit_time());
    RETURN_IF_ERROR(timescales::Meet(tx.db(), plan.name(), rule, made).status());
    // A moment later, for the clock that is met may have started at the very minute of the visit.
    RETURN_IF_ERROR(timescales::Start(
        tx.db(), tx.call().borough,
        {{plan.name(), rule, made + absl::Microseconds(1),
          EndOfDay(*ProtoToDate(plan.visit_due_date())), plan.team(), plan.worker()}}));
  }
  if (plan.SerializeAsString() == before) return absl::OkStatus();
  return store.Update(tx, plan);
}

absl::StatusOr<pb::PlanVisitResponse> Visits::Plan(const pb::PlanVisitRequest& request,
                                                   Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  ASSIGN_OR_RETURN(PlanOfVisit plan,
                   PlanOn(tx, request.basis(), request.child(), DayOf(request.plan_time())));
  ASSIGN_OR_RETURN(Visit visit, PlanVisit(request, plan.visited()));
  visit.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(store_.Insert(tx, visit));
  return ReplyWith<pb::PlanVisitResponse>(std::move(visit));
}

absl::StatusOr<pb::RecordVisitResponse> Visits::Record(const pb::RecordVisitRequest& request,
                                                       Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  ASSIGN_OR_RETURN(const KnownChild child, FindChild(tx.db(), request.child()));
  ASSIGN_OR_RETURN(PlanOfVisit plan,
                   PlanOn(tx, request.basis(), request.child(), DayOf(request.visit_time())));
  Visit sought;
  sought.set_child(request.child());
  sought.set_basis(request.basis());
  const auto visited = plan.visited();
  SetPlan(sought, visited);
  ASSIGN_OR_RETURN(const auto due,
                   DueOf(tx, sought, visited, child, *ProtoToTime(request.visit_time())));
  ASSIGN_OR_RETURN(Visit visit, RecordVisit(request, visited, due, StepOf(tx)));
  visit.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(TellPlan(tx, visit, std::move(plan), child));
  RETURN_IF_ERROR(store_.Insert(tx, visit));
  return ReplyWith<pb::RecordVisitResponse>(std::move(visit));
}

absl::StatusOr<pb::CompleteVisitResponse> Visits::Complete(const pb::CompleteVisitRequest& request,
                                                           Transaction& tx) {
  ASSIGN_OR_RETURN(Visit visit, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const KnownChild child, FindChild(tx.db(), visit.child()));
  ASSIGN_OR_RETURN(PlanOfVisit plan,
                   PlanOn(tx, visit.basis(), visit.child(), DayOf(request.visit_time())));
  const auto visited = plan.visited();
  SetPlan(visit, visited);
  ASSIGN_OR_RETURN(const auto due,
                   DueOf(tx, visit, visited, child, *ProtoToTime(request.visit_time())));
  RETURN_IF_ERROR(child_protection::Complete(visit, request, visited, due, StepOf(tx)));
  RETURN_IF_ERROR(TellPlan(tx, visit, std::move(plan), child));
  RETURN_IF_ERROR(store_.Update(tx, visit));
  return ReplyWith<pb::CompleteVisitResponse>(std::move(visit));
}

absl::StatusOr<pb::CancelVisitResponse> Visits::Cancel(const pb::CancelVisitRequest& request,
                                                       Transaction& tx) {
  ASSIGN_OR_RETURN(Visit visit, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Cancel(visit, request));
  RETURN_IF_ERROR(store_.Update(tx, visit));
  return ReplyWith<pb::CancelVisitResponse>(std::move(visit));
}

absl::StatusOr<pb::GetVisitResponse> Visits::Get(const pb::GetVisitRequest& request,
                                                 Reading& reading) {
  ASSIGN_OR_RETURN(Visit visit, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetVisitResponse>(std::move(visit));
}

absl::StatusOr<pb::ListVisitsResponse> Visits::List(const pb::ListVisitsRequest& request,
                                                    Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListVisitsResponse response;
  for (Visit& visit : page.resources) {
    visit.clear_note();
    visit.clear_cancel_reason();
    *response.add_visits() = std::move(visit);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::ListVisitStandingsResponse> Visits::ListStandings(
    const pb::ListVisitStandingsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, plans_.FindStandings(reading, request));
  pb::ListVisitStandingsResponse response;
  for (const ProtectionPlan& plan : page.resources) {
    *response.add_standings() = AsStanding(plan, LondonDay(reading.now()));
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

void RegisterVisits(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.VisitsService",
          context.Keep(std::make_unique<Visits>(parts)))
      .Write("PlanVisit", &Visits::Plan)
      .Write("RecordVisit", &Visits::Record)
      .Write("CompleteVisit", &Visits::Complete)
      .Write("CancelVisit", &Visits::Cancel)
      .Read("GetVisit", &Visits::Get)
      .Read("ListVisits", &Visits::List)
      .Read("ListVisitStandings", &Visits::ListStandings);
}

}  // namespace lscp::child_protection
