#include "child_protection/conference_store.h"

#include <string>
#include <utility>

#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::Conference;

std::string IdOf(std::string_view name) {
  const auto parsed = ResourceName::Parse(name);
  return parsed ? parsed->id : "";
}

Columns ColumnsOf(const Conference& conference) {
  const bool held = conference.has_hold_time();
  return {
      {"state", conference.state()},
      {"type", conference.type()},
      {"planned_at", ProtoToTime(conference.plan_time())},
      {"due_on", ProtoToDate(conference.due_date())},
      {"team", conference.team()},
      {"held_at", held ? ProtoToTime(conference.hold_time()) : std::nullopt},
      {"quorate", conference.quorate()},
      {"in_time", conference.in_time()},
      {"working_days", held ? db::Value(conference.working_days()) : db::Value(nullptr)},
      {"dissents", conference.dissents_size()},
      {"decided_at",
       conference.has_decide_time() ? ProtoToTime(conference.decide_time()) : std::nullopt},
  };
}

}  // namespace

ConferenceStore::ConferenceStore() : CaseStore("conferences", ColumnsOf) {}

absl::Status ConferenceStore::UpdateCounted(Transaction& tx, Conference& conference,
                                            std::optional<Event> event) const {
  RETURN_IF_ERROR(Update(tx, conference, std::move(event)));
  const ResourceName name = *ResourceName::Parse(conference.name());
  const absl::CivilDay held = LondonDay(*ProtoToTime(conference.hold_time()));
  for (const pb::ConferenceChild& child : conference.considered()) {
    RETURN_IF_ERROR(
        tx.db()
            .Execute("REPLACE INTO conference_outcomes (borough, conference, child, participation,"
                     " decision, category, in_time) VALUES (?, ?, ?, ?, ?, ?, ?)",
                     {name.borough, name.id, IdOf(child.child()),
                      static_cast<int>(child.participation()), static_cast<int>(child.decision()),
                      static_cast<int>(child.category()), held <= *ProtoToDate(child.due_date())})
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> ConferenceStore::IsToConsider(Transaction& tx, std::string_view child) const {
  Where where;
  where.In("state", std::vector<int>{Conference::STATE_CONVENED, Conference::STATE_HELD});
  RETURN_IF_ERROR(AddOfChild(tx.db(), child, where));
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.db().Query("SELECT 1 FROM conferences WHERE " + where.sql() + " LIMIT 1", where.args()));
  return !rows.empty();
}

absl::StatusOr<ConferenceStore::Page> ConferenceStore::Find(
    Reading& reading, const pb::ListConferencesRequest& request) const {
  Where where;
  where.In("state", request.states()).In("type", request.types());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (request.overdue()) {
    where.Add("state = ? AND due_on < ?", {Conference::STATE_CONVENED, LondonDay(reading.now())});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "planned_at",
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
