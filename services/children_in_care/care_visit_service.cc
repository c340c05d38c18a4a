#include "children_in_care/care_visit_service.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "children_in_care/care_visit.h"
#include "children_in_care/duty_clock.h"
#include "common/journal/step.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/days.h"
#include "common/time/london.h"
#include "common/timescales/store.h"

namespace lscp::children_in_care {
namespace {

using pb::CareVisit;
using pb::VisitSchedule;

template <typename Response>
Response ReplyWith(VisitSchedule schedule, absl::Time now) {
  SetStanding(schedule, LondonDay(now));
  Response response;
  *response.mutable_visit_schedule() = std::move(schedule);
  return response;
}

absl::Status KeepClockOf(Transaction& tx, const VisitSchedule& schedule, absl::Time start) {
  return KeepClock(tx, {.subject = schedule.name(),
                        .rule = kCareVisit.id,
                        .started_at = start,
                        .due_at = EndOfDay(*ProtoToDate(schedule.due_date())),
                        .team = schedule.team(),
                        .owner = schedule.worker()});
}

// Moves the clock to the day by which the child is to be seen now. A visit that was late already on
// the day from which the change holds stays late: its clock ends, and another begins.
absl::Status MoveClock(Transaction& tx, const VisitSchedule& schedule, absl::CivilDay due_before,
                       absl::CivilDay from) {
  if (due_before < from && due_before != *ProtoToDate(schedule.due_date())) {
    RETURN_IF_ERROR(timescales::Cancel(tx.db(), schedule.name(), kCareVisit.id, tx.now()).status());
  }
  return KeepClockOf(tx, schedule, tx.now());
}

absl::Status Follow(Transaction& tx, const VisitScheduleStore& store, VisitSchedule schedule,
                    const CareNow& care) {
  const std::string before = schedule.SerializeAsString();
  const absl::CivilDay due_before = *ProtoToDate(schedule.due_date());
  SetCare(schedule, care);
  if (schedule.SerializeAsString() == before) return absl::OkStatus();
  if (schedule.state() == VisitSchedule::STATE_OPEN) {
    RETURN_IF_ERROR(
        MoveClock(tx, schedule, due_before, *ProtoToDate(schedule.placement_start_date())));
  } else {
    // What fell due between the end and its being recorded was not owed.
    RETURN_IF_ERROR(
        timescales::CancelAll(tx.db(), schedule.name(), InstantOn(*care.end, tx.now())).status());
  }
  return store.Update(tx, schedule);
}

}  // namespace

absl::StatusOr<pb::SetVisitTermsResponse> CareVisits::SetTerms(
    const pb::SetVisitTermsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(VisitSchedule schedule, schedules_.Lock(tx, request.name(), request.etag()));
  const absl::CivilDay due_before = *ProtoToDate(schedule.due_date());
  RETURN_IF_ERROR(children_in_care::SetTerms(schedule, request));
  RETURN_IF_ERROR(MoveClock(tx, schedule, due_before, LondonDay(tx.now())));
  RETURN_IF_ERROR(schedules_.Update(tx, schedule));
  return ReplyWith<pb::SetVisitTermsResponse>(std::move(schedule), tx.now());
}

absl::StatusOr<pb::RecordCareVisitResponse> CareVisits::Record(
    const pb::RecordCareVisitRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(VisitSchedule schedule, schedules_.Lock(tx, request.name(), request.etag()));
  const absl::Time made = *ProtoToTime(request.visit_time());
  ASSIGN_OR_RETURN(const auto last, visits_.LastSeen(tx, schedule.name(), made));
  const auto last_day = last ? std::optional(LondonDay(*last)) : std::nullopt;
  const auto due = DueOn(schedule, LondonDay(made), last_day);
  ASSIGN_OR_RETURN(CareVisit visit, TellVisit(schedule, request, due, StepOf(tx)));
  visit.set_name(visits_.NewName(tx.call().borough, tx.now()));
  const bool open = schedule.state() == VisitSchedule::STATE_OPEN;
  if (NoteVisit(schedule, visit) && open) {
    RETURN_IF_ERROR(timescales::Meet(tx.db(), schedule.name(), kCareVisit.id, made).status());
    // A moment later, for the clock that is met may have started at the very minute of the visit.
    RETURN_IF_ERROR(KeepClockOf(tx, schedule, made + absl::Microseconds(1)));
  }
  RETURN_IF_ERROR(visits_.Insert(tx, visit));
  RETURN_IF_ERROR(schedules_.Update(tx, schedule));
  pb::RecordCareVisitResponse response;
  *response.mutable_care_visit() = std::move(visit);
  SetStanding(schedule, LondonDay(tx.now()));
  *response.mutable_visit_schedule() = std::move(schedule);
  return response;
}

absl::StatusOr<pb::GetCareVisitResponse> CareVisits::Get(const pb::GetCareVisitRequest& request,
                                                         Reading& reading) {
  ASSIGN_OR_RETURN(CareVisit visit, visits_.Get(reading, request.name()));
  pb::GetCareVisitResponse response;
  *response.mutable_care_visit() = std::move(visit);
  return response;
}

absl::StatusOr<pb::ListCareVisitsResponse> CareVisits::List(
    const pb::ListCareVisitsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, visits_.Find(reading, request));
  pb::ListCareVisitsResponse response;
  for (CareVisit& visit : page.resources) {
    visit.clear_note();
    *response.add_care_visits() = std::move(visit);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::GetVisitScheduleResponse> CareVisits::GetSchedule(
    const pb::GetVisitScheduleRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(VisitSchedule schedule, schedules_.Get(reading, request.name()));
  return ReplyWith<pb::GetVisitScheduleResponse>(std::move(schedule), reading.now());
}

absl::StatusOr<pb::ListVisitSchedulesResponse> CareVisits::ListSchedules(
    const pb::ListVisitSchedulesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, schedules_.Find(reading, request));
  pb::ListVisitSchedulesResponse response;
  for (VisitSchedule& schedule : page.resources) {
    SetStanding(schedule, LondonDay(reading.now()));
    *response.add_visit_schedules() = std::move(schedule);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::Status KeepVisits(Transaction& tx, const CareNow& care) {
  const VisitScheduleStore store;
  ASSIGN_OR_RETURN(std::optional<VisitSchedule> known, store.LockOf(tx, care));
  if (known) return Follow(tx, store, *std::move(known), care);
  if (care.end) return absl::OkStatus();
  VisitSchedule schedule = BeginVisits(care);
  schedule.set_name(store.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(KeepClockOf(tx, schedule, StartOfDay(care.home.start)));
  return store.Insert(tx, schedule);
}

absl::Status TellVisitsOfReview(Transaction& tx, std::string_view child_in_care,
                                absl::CivilDay day) {
  const VisitScheduleStore store;
  ASSIGN_OR_RETURN(std::optional<VisitSchedule> schedule, store.LockOpen(tx, child_in_care));
  if (!schedule) return absl::OkStatus();
  const absl::CivilDay due_before = *ProtoToDate(schedule->due_date());
  if (!NoteReview(*schedule, day)) return absl::OkStatus();
  RETURN_IF_ERROR(MoveClock(tx, *schedule, due_before, day));
  return store.Update(tx, *schedule);
}

void RegisterCareVisits(ServiceContext& context) {
  context.methods()
      .Of("safeguarding.children_in_care.v1.CareVisitsService",
          context.Keep(std::make_unique<CareVisits>()))
      .Write("SetVisitTerms", &CareVisits::SetTerms)
      .Write("RecordCareVisit", &CareVisits::Record)
      .Read("GetCareVisit", &CareVisits::Get)
      .Read("ListCareVisits", &CareVisits::List)
      .Read("GetVisitSchedule", &CareVisits::GetSchedule)
      .Read("ListVisitSchedules", &CareVisits::ListSchedules);
}

}  // namespace lscp::children_in_care
