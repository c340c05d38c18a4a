#include "children_in_care/child_in_care_store.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "children_in_care/care_record.h"
#include "children_in_care/chain_rows.h"
#include "children_in_care/missing_children.h"
#include "common/paging/page_token.h"
#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"

namespace lscp::children_in_care {
namespace {

using pb::ChildInCare;

Columns ColumnsOf(const ChildInCare& record) {
  const pb::CarePeriod& period = LastPeriod(record);
  const pb::Placement& placement = LastPlacement(record);
  return {
      {"child", ResourceName::Parse(record.child())->id},
      {"state", record.state()},
      {"team", record.team()},
      {"worker", record.worker()},
      {"started_on", ProtoToDate(period.start_date())},
      {"ended_on", period.has_end_date() ? ProtoToDate(period.end_date()) : std::nullopt},
      {"short_breaks", period.short_breaks()},
      {"legal_status", LastEpisode(record).legal().status()},
      {"placement_type", placement.type()},
      {"out_of_area", placement.out_of_area()},
      {"address_known", !placement.address().empty()},
  };
}

}  // namespace

ChildInCareStore::ChildInCareStore() : CaseStore("childrenInCare", "children_in_care", ColumnsOf) {}

absl::StatusOr<std::optional<ChildInCare>> ChildInCareStore::LockOf(Transaction& tx,
                                                                    std::string_view child) const {
  Where where;
  RETURN_IF_ERROR(AddOfChild(tx.db(), child, where));
  db::Args args = where.args();
  args.emplace_back(static_cast<int>(ChildInCare::STATE_LOOKED_AFTER));
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.db().Query(absl::StrCat("SELECT id FROM children_in_care WHERE ", where.sql(),
                                              " ORDER BY state <> ?, id LIMIT 1"),
                                 args));
  if (rows.empty()) return std::nullopt;
  const ResourceName name{BoroughOf(child), "childrenInCare", rows[0].Text(0)};
  ASSIGN_OR_RETURN(ChildInCare record, Lock(tx, name.ToString(), ""));
  return record;
}

absl::StatusOr<ChildInCareStore::Page> ChildInCareStore::Find(
    Reading& reading, const pb::ListChildrenInCareRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (!request.worker().empty()) where.Add("worker = ?", {request.worker()});
  where.In("legal_status", request.legal_statuses());
  where.In("placement_type", request.placement_types());
  if (request.out_of_area()) where.Add("out_of_area");
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "started_on",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::StatusOr<ChildInCareStore::Page> ChildInCareStore::LookedAfter(
    Reading& reading, const pb::ListChildrenTonightRequest& request) const {
  Where where;
  where.Add("state = ?", {static_cast<int>(ChildInCare::STATE_LOOKED_AFTER)});
  if (request.out_of_area()) where.Add("out_of_area");
  if (request.not_placed()) where.Add(absl::StrCat("NOT address_known OR ", IsMissingSql()));
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "started_on",
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::Status ChildInCareStore::KeepChain(Transaction& tx, const ChildInCare& record,
                                         bool correction, const std::string& reason) const {
  pb::CareRevision revision;
  revision.set_revision(RevisionOf(record.etag()));
  *revision.mutable_time() = TimeToProto(tx.now());
  revision.set_person(tx.caller().person);
  revision.set_correction(correction);
  revision.set_reason(reason);
  *revision.mutable_steps() = record.steps();
  *revision.mutable_episodes() = record.episodes();
  *revision.mutable_placements() = record.placements();
  RETURN_IF_ERROR(WriteChainRows(tx.db(), record));
  const ResourceName name = *ResourceName::Parse(record.name());
  return tx.db()
      .Execute(
          "INSERT INTO care_revisions (borough, child_in_care, revision, document)"
          " VALUES (?, ?, ?, ?)",
          {name.borough, name.id, revision.revision(), revision.SerializeAsString()})
      .status();
}

absl::StatusOr<pb::ListCareRevisionsResponse> ChildInCareStore::Revisions(
    Reading& reading, const pb::ListCareRevisionsRequest& request) const {
  const uint64_t query = QueryHash(request);
  ASSIGN_OR_RETURN(const auto after, DecodePageToken(request.page_token(), query, 1));
  int64_t before = 0;
  if (!after.empty() && !absl::SimpleAtoi(after[0], &before)) return PageTokenMismatch();
  RETURN_IF_ERROR(Get(reading, request.name()).status());
  const ResourceName name = *ResourceName::Parse(request.name());
  const int size = PageSize(request.page_size());
  ASSIGN_OR_RETURN(const db::Rows rows,
                   reading.db().Query("SELECT document FROM care_revisions WHERE borough = ? AND "
                                      "child_in_care = ? AND (? = 0 OR revision < ?) "
                                      "ORDER BY revision DESC LIMIT ?",
                                      {name.borough, name.id, before, before, size + 1}));
  pb::ListCareRevisionsResponse response;
  for (const db::Row& row : rows) {
    if (response.revisions_size() == size) {
      response.set_next_page_token(
          EncodePageToken(query, {absl::StrCat(response.revisions(size - 1).revision())}));
      break;
    }
    if (!response.add_revisions()->ParseFromString(row.Text(0))) {
      return absl::DataLossError("a stored document cannot be read");
    }
  }
  return response;
}

}  // namespace lscp::children_in_care
