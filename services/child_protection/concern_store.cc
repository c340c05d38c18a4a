#include "child_protection/concern_store.h"

#include <string>

#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::Concern;

Columns ColumnsOf(const Concern& concern) {
  return {
      {"state", concern.state()},
      {"role", concern.role()},
      {"recorded_at", ProtoToTime(concern.create_time())},
  };
}

}  // namespace

ConcernStore::ConcernStore() : CaseStore("concerns", "concerns", ColumnsOf) {}

absl::Status ConcernStore::UpdateNotice(Transaction& tx, Concern& concern) const {
  RETURN_IF_ERROR(Update(tx, concern));
  const ResourceName name = *ResourceName::Parse(concern.name());
  const pb::DisruptionNotice& notice = *concern.notices().rbegin();
  return tx.db()
      .Execute(
          "INSERT INTO concern_notices (borough, concern, number, kind, issued_on, expires_on)"
          " VALUES (?, ?, ?, ?, ?, ?)",
          {name.borough, name.id, concern.notices_size(), notice.kind(),
           ProtoToDate(notice.issue_date()),
           notice.has_expiry_date() ? ProtoToDate(notice.expiry_date()) : std::nullopt})
      .status();
}

absl::StatusOr<ConcernStore::Page> ConcernStore::Find(
    Reading& reading, const pb::ListConcernsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (request.role() != 0) where.Add("role = ?", {request.role()});
  if (request.notice_in_force()) {
    const absl::CivilDay today = LondonDay(reading.now());
    where.Add(
        "EXISTS (SELECT 1 FROM concern_notices n WHERE n.borough = concerns.borough AND n.concern"
        " = concerns.id AND n.issued_on <= ? AND (n.expires_on IS NULL OR n.expires_on >= ?))",
        {today, today});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "recorded_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
