#include "referrals/agency_check_store.h"

#include <string>
#include <utility>

#include "common/status/error.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"
#include "referrals/agency_check.h"

namespace lscp::referrals {
namespace {

using pb::AgencyCheck;

Columns ColumnsOf(const AgencyCheck& check) {
  return {
      {"contact", ResourceName::Parse(ContactOfCheck(check.name()))->id},
      {"agency", check.agency()},
      {"state", check.state()},
      {"requested_at", ProtoToTime(check.request_time())},
      {"due_at", ProtoToTime(check.due_time())},
      {"answered_at", check.has_answer_time() ? ProtoToTime(check.answer_time()) : std::nullopt},
  };
}

absl::StatusOr<std::vector<AgencyCheck>> Query(db::Connection& db, std::string_view contact,
                                               std::string_view lock) {
  const ResourceName name = *ResourceName::Parse(contact);
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query("SELECT document FROM agency_checks"
                            " WHERE borough = ? AND contact = ? ORDER BY LENGTH(id), id" +
                                std::string(lock),
                            {name.borough, name.id}));
  std::vector<AgencyCheck> checks(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!checks[i].ParseFromString(rows[i].Text(0))) {
      return absl::DataLossError("a stored agency check cannot be read");
    }
  }
  return checks;
}

}  // namespace

AgencyCheckStore::AgencyCheckStore() : store_("checks", "agency_checks", ColumnsOf) {}

absl::Status AgencyCheckStore::Insert(Transaction& tx, AgencyCheck& check) const {
  return store_.Insert(tx, check);
}

absl::StatusOr<AgencyCheck> AgencyCheckStore::LockMine(Transaction& tx, std::string_view name,
                                                       std::string_view etag) const {
  ASSIGN_OR_RETURN(AgencyCheck check, store_.Lock(tx, name, ""));
  // First whether the caller may know of it, then whether it knows the current one.
  if (check.agency() != tx.caller().agency) return PermissionDenied(tx.call().permission, name);
  if (etag != check.etag()) return EtagMismatch(name, check.etag());
  return check;
}

absl::Status AgencyCheckStore::Update(Transaction& tx, AgencyCheck& check,
                                      std::optional<Event> event) const {
  return store_.Update(tx, check, std::move(event));
}

absl::StatusOr<std::vector<AgencyCheck>> AgencyCheckStore::Of(db::Connection& db,
                                                              std::string_view contact) const {
  return Query(db, contact, "");
}

absl::StatusOr<std::vector<AgencyCheck>> AgencyCheckStore::LockOf(Transaction& tx,
                                                                  std::string_view contact) const {
  return Query(tx.db(), contact, " FOR UPDATE");
}

absl::StatusOr<AgencyCheckStore::Store::Page> AgencyCheckStore::ListMine(
    Reading& reading, const pb::ListMyAgencyChecksRequest& request) const {
  Where where;
  where.Add("agency = ?", {reading.caller().agency}).In("state", request.states());
  return store_.List(reading, request,
                     {.where = where.sql(),
                      .args = where.args(),
                      .sort_by = "due_at",
                      .page_size = request.page_size(),
                      .page_token = request.page_token()});
}

}  // namespace lscp::referrals
