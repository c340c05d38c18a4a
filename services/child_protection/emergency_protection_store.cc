#include "child_protection/emergency_protection_store.h"

#include <string>

#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using pb::EmergencyProtection;

Columns ColumnsOf(const EmergencyProtection& protection) {
  return {
      {"state", protection.state()},
      {"kind", protection.kind()},
      {"child", ResourceName::Parse(protection.child())->id},
      {"started_at", ProtoToTime(protection.start_time())},
      {"expires_at", ProtoToTime(protection.expire_time())},
      {"ended_at", protection.has_end_time() ? ProtoToTime(protection.end_time()) : std::nullopt},
      {"end_reason", protection.end()},
  };
}

}  // namespace

EmergencyProtectionStore::EmergencyProtectionStore()
    : CaseStore("emergencyProtections", "emergency_protections", ColumnsOf) {}

absl::StatusOr<std::optional<EmergencyProtection>> EmergencyProtectionStore::LockInForce(
    Transaction& tx, std::string_view child) const {
  ASSIGN_OR_RETURN(const auto names, domain::NamesOfChild(tx.db(), child));
  for (const std::string& text : names) {
    const ResourceName name = *ResourceName::Parse(text);
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        tx.db().Query(
            "SELECT id FROM emergency_protections WHERE borough = ? AND child_in_force = ?",
            {name.borough, name.id}));
    if (rows.empty()) continue;
    const ResourceName found{name.borough, "emergencyProtections", rows[0].Text(0)};
    ASSIGN_OR_RETURN(EmergencyProtection protection, Lock(tx, found.ToString(), ""));
    if (protection.state() == EmergencyProtection::STATE_IN_FORCE) return protection;
  }
  return std::nullopt;
}

absl::StatusOr<EmergencyProtectionStore::Page> EmergencyProtectionStore::Find(
    Reading& reading, const pb::ListEmergencyProtectionsRequest& request) const {
  Where where;
  where.In("state", request.states()).In("kind", request.kinds());
  if (!request.child().empty()) RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  if (request.overdue()) {
    where.Add("ended_at IS NULL AND expires_at < ?", {reading.now()});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "started_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
