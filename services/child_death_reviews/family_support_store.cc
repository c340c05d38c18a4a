#include "child_death_reviews/family_support_store.h"

#include "child_death_reviews/family_support.h"
#include "common/status/error.h"
#include "common/store/where.h"

namespace lscp::child_death_reviews {
namespace {

using pb::FamilySupport;

Columns ColumnsOfSupport(const FamilySupport& support) {
  return {
      {"state", support.state()},
      {"key_worker", support.key_worker().person()},
      {"begun_at", ProtoToTime(support.begin_time())},
  };
}

template <typename Request>
ListQuery LatestFirst(const Request& request, const Where& where) {
  return {.where = where.sql(),
          .args = where.args(),
          .sort_by = "begun_at",
          .descending = true,
          .page_size = request.page_size(),
          .page_token = request.page_token()};
}

}  // namespace

FamilySupportStore::FamilySupportStore()
    : ResourceStore("familySupports", "family_supports", ColumnsOfSupport) {}

absl::StatusOr<FamilySupport> FamilySupportStore::LockMine(Transaction& tx, std::string_view name,
                                                           std::string_view etag) const {
  ASSIGN_OR_RETURN(FamilySupport support, Lock(tx, name, ""));
  // First whether the caller may know of it, then whether it knows the current one.
  if (!MayRecord(support, tx.caller().person)) return PermissionDenied(tx.call().permission, name);
  if (etag != support.etag()) return EtagMismatch(name, support.etag());
  return support;
}

absl::StatusOr<FamilySupportStore::Page> FamilySupportStore::Find(
    Reading& reading, const pb::ListFamilySupportsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.key_worker().empty()) where.Add("key_worker = ?", {request.key_worker()});
  return List(reading, request, LatestFirst(request, where));
}

absl::StatusOr<FamilySupportStore::Page> FamilySupportStore::FindMine(
    Reading& reading, const pb::ListMyFamiliesRequest& request) const {
  Where where;
  where.Add("key_worker = ? AND key_worker <> ''", {reading.caller().person});
  return List(reading, request, LatestFirst(request, where));
}

}  // namespace lscp::child_death_reviews
