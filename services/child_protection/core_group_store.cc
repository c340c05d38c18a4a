#include "child_protection/core_group_store.h"

#include <algorithm>
#include <optional>

#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using pb::CoreGroup;

Columns ColumnsOf(const CoreGroup& core_group) {
  const auto& members = core_group.members();
  return {
      {"state", core_group.state()},
      {"team", core_group.team()},
      {"planned_at", ProtoToTime(core_group.plan_time())},
      {"due_on", ProtoToDate(core_group.due_date())},
      {"held_at", core_group.has_hold_time() ? ProtoToTime(core_group.hold_time()) : std::nullopt},
      {"in_time", core_group.in_time()},
      {"members", members.size()},
      {"attended", static_cast<int>(std::count_if(
                       members.begin(), members.end(),
                       [](const pb::CoreGroupMember& member) { return member.attended(); }))},
  };
}

}  // namespace

CoreGroupStore::CoreGroupStore() : CaseStore("coreGroups", "core_groups", ColumnsOf) {}

absl::StatusOr<CoreGroupStore::Page> CoreGroupStore::Find(
    Reading& reading, const pb::ListCoreGroupsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "planned_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
