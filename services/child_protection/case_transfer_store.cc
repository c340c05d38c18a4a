#include "child_protection/case_transfer_store.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::CaseTransfer;

std::string IdOf(std::string_view name) {
  const auto parsed = ResourceName::Parse(name);
  return parsed ? parsed->id : "";
}

Columns ColumnsOf(const CaseTransfer& transfer) {
  return {
      {"state", transfer.state()},
      {"direction", transfer.direction()},
      {"child", IdOf(transfer.child())},
      {"other_borough", transfer.other_borough()},
      {"with_plan", transfer.summary().has_protection_plan()},
      {"notified_at", *ProtoToTime(transfer.notice_time())},
      {"received_at",
       transfer.has_receive_time() ? ProtoToTime(transfer.receive_time()) : std::nullopt},
      {"answered_at",
       transfer.has_answer_time() ? ProtoToTime(transfer.answer_time()) : std::nullopt},
      {"conference", IdOf(transfer.conference())},
  };
}

constexpr char kAwaitsConference[] =
    "direction = ? AND state = ? AND with_plan AND conference = ''";
const db::Args& AwaitsConference() {
  static const auto& args =
      *new db::Args{CaseTransfer::DIRECTION_INCOMING, CaseTransfer::STATE_ACCEPTED};
  return args;
}

}  // namespace

CaseTransferStore::CaseTransferStore() : CaseStore("caseTransfers", "case_transfers", ColumnsOf) {}

absl::StatusOr<bool> CaseTransferStore::HasOpen(db::Connection& db, std::string_view child) const {
  Where where;
  RETURN_IF_ERROR(AddOfChild(db, child, where));
  where.Add("open_child IS NOT NULL");
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query("SELECT 1 FROM case_transfers WHERE " + where.sql(), where.args()));
  return !rows.empty();
}

absl::StatusOr<std::vector<std::string>> CaseTransferStore::Names(db::Connection& db,
                                                                  const std::string& borough,
                                                                  const Where& where) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query("SELECT id FROM case_transfers WHERE " + where.sql() + " ORDER BY id",
                            where.args()));
  std::vector<std::string> names;
  for (const db::Row& row : rows) {
    names.push_back(absl::StrCat("boroughs/", borough, "/caseTransfers/", row.Text(0)));
  }
  return names;
}

absl::StatusOr<std::vector<std::string>> CaseTransferStore::AwaitingConference(
    db::Connection& db, std::string_view child) const {
  Where where;
  RETURN_IF_ERROR(AddOfChild(db, child, where));
  where.Add(kAwaitsConference, AwaitsConference());
  return Names(db, BoroughOf(child), where);
}

absl::StatusOr<std::vector<std::string>> CaseTransferStore::OfConference(
    db::Connection& db, std::string_view conference) const {
  Where where;
  where.Add("borough = ? AND conference = ?", {BoroughOf(conference), IdOf(conference)});
  return Names(db, BoroughOf(conference), where);
}

absl::StatusOr<CaseTransferStore::Page> CaseTransferStore::Find(
    Reading& reading, const pb::ListCaseTransfersRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (request.direction() != CaseTransfer::DIRECTION_UNSPECIFIED) {
    where.Add("direction = ?", {request.direction()});
  }
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.other_borough().empty()) where.Add("other_borough = ?", {request.other_borough()});
  if (request.not_received()) where.Add("received_at IS NULL");
  if (request.awaiting_conference()) where.Add(kAwaitsConference, AwaitsConference());
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "notified_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
