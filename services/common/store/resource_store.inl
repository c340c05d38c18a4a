#pragma once

#include "common/status/error.h"
#include "common/store/id.h"

namespace lscp {

// The call may see `name`: it is of this collection and in one of the call's boroughs.
bool MayName(const Call& call, std::string_view collection, std::string_view name);
int64_t ParseEtag(std::string_view etag);

template <typename Resource>
std::string ResourceStore<Resource>::NewName(std::string_view borough, absl::Time now) const {
  return "boroughs/" + std::string(borough) + "/" + collection_ + "/" + NewId(now);
}

template <typename Resource>
absl::Status ResourceStore<Resource>::EtagMismatchOf(std::string_view name,
                                                     std::string_view current) {
  return EtagMismatch(name, current);
}

template <typename Resource>
int64_t ResourceStore<Resource>::RevisionOf(std::string_view etag) {
  return ParseEtag(etag);
}

template <typename Resource>
absl::StatusOr<Resource> ResourceStore<Resource>::Load(db::Connection& db, const Call& call,
                                                       std::string_view name,
                                                       bool for_update) const {
  if (!MayName(call, collection_, name)) return PermissionDenied(call.permission, name);
  ASSIGN_OR_RETURN(auto document, table_.Read(db, name, for_update));
  if (!document) return PermissionDenied(call.permission, name);
  return Parse(*document);
}

template <typename Resource>
absl::Status ResourceStore<Resource>::Store(Transaction& tx, Resource& resource, int64_t revision,
                                            std::optional<Event> event) const {
  if constexpr (requires { resource.mutable_update_time(); }) {
    *resource.mutable_update_time() = TimeToProto(tx.now());
  }
  resource.set_etag(EtagOf(revision));
  const DocumentTable::Document document{resource.name(), revision, resource.SerializeAsString()};
  const Columns columns = columns_of_(resource);
  RETURN_IF_ERROR(revision == 1 ? table_.Insert(tx.db(), document, columns)
                                : table_.Update(tx.db(), document, columns));
  tx.Record({document.name, revision, document.bytes, std::move(event)});
  return absl::OkStatus();
}

}  // namespace lscp
