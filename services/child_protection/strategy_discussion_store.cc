#include "child_protection/strategy_discussion_store.h"

#include <map>
#include <string>
#include <utility>

#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using pb::StrategyDiscussion;

std::string IdOf(std::string_view name) {
  const auto parsed = ResourceName::Parse(name);
  return parsed ? parsed->id : "";
}

Columns ColumnsOf(const StrategyDiscussion& discussion) {
  return {
      {"state", discussion.state()},
      {"requester", discussion.requester()},
      {"reason", discussion.reason()},
      {"urgent", discussion.urgent()},
      {"referral", IdOf(discussion.referral())},
      {"team", discussion.team()},
      {"requested_at", ProtoToTime(discussion.request_time())},
      {"due_at", ProtoToTime(discussion.due_time())},
      {"held_at", discussion.has_hold_time() ? ProtoToTime(discussion.hold_time()) : std::nullopt},
      {"decided_at",
       discussion.has_decide_time() ? ProtoToTime(discussion.decide_time()) : std::nullopt},
  };
}

// What several agencies of a kind did, as one: an agency is counted once for a meeting.
std::map<int, pb::StrategyParticipant> ByKind(const StrategyDiscussion& discussion) {
  std::map<int, pb::StrategyParticipant> kinds;
  for (const pb::StrategyParticipant& participant : discussion.participants()) {
    pb::StrategyParticipant& kind = kinds[participant.kind()];
    kind.set_invited(kind.invited() || participant.invited());
    kind.set_attended(kind.attended() || participant.attended());
    kind.set_sent_information(kind.sent_information() || participant.sent_information());
  }
  return kinds;
}

}  // namespace

StrategyDiscussionStore::StrategyDiscussionStore()
    : CaseStore("strategyDiscussions", "strategy_discussions", ColumnsOf) {}

absl::Status StrategyDiscussionStore::UpdateCounted(Transaction& tx, StrategyDiscussion& discussion,
                                                    std::optional<Event> event) const {
  RETURN_IF_ERROR(Update(tx, discussion, std::move(event)));
  const ResourceName name = *ResourceName::Parse(discussion.name());
  for (const auto& [kind, participant] : ByKind(discussion)) {
    RETURN_IF_ERROR(
        tx.db()
            .Execute("REPLACE INTO strategy_participants (borough, discussion, kind, invited, "
                     "attended, sent_information) VALUES (?, ?, ?, ?, ?, ?)",
                     {name.borough, name.id, kind, participant.invited(), participant.attended(),
                      participant.sent_information()})
            .status());
  }
  for (const pb::StrategyDecision& decision : discussion.decisions()) {
    RETURN_IF_ERROR(tx.db()
                        .Execute("INSERT INTO strategy_decisions (borough, discussion, child, "
                                 "outcome) VALUES (?, ?, ?, ?)",
                                 {name.borough, name.id, IdOf(decision.child()),
                                  static_cast<int>(decision.outcome())})
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<StrategyDiscussionStore::Page> StrategyDiscussionStore::Find(
    Reading& reading, const pb::ListStrategyDiscussionsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.referral().empty()) {
    where.Add("borough = ? AND referral = ?",
              {BoroughOf(request.referral()), IdOf(request.referral())});
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (request.overdue()) {
    where.Add("state = ? AND due_at < ?", {StrategyDiscussion::STATE_OPEN, reading.now()});
  }
  if (request.has_requested_from()) {
    where.Add("requested_at >= ?", {ProtoToTime(request.requested_from())});
  }
  if (request.has_requested_before()) {
    where.Add("requested_at < ?", {ProtoToTime(request.requested_before())});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "requested_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
