#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/store/resource_store.h"
#include "common/store/where.h"
#include "common/validate/resource_name.h"
#include "referrals/child_store.h"

namespace lscp::referrals {

// Only the records of a child, `names` being all that the register has of it.
inline void AddOfChild(std::string_view child, const std::vector<std::string>& names,
                       Where& where) {
  std::vector<std::string> ids = {""};  // a child that is not there matches nothing
  for (const std::string& name : names) ids.push_back(ResourceName::Parse(name)->id);
  where.Add("borough = ?", {BoroughOf(child)}).In("child", ids);
}

// A kind of record that belongs to one child: a message with a `child`, in a table with the column
// `child`. What belongs to a restricted child is there only for the people who may see the child;
// to others it is absent. Immutable and thread-safe; errors as of ResourceStore.
template <typename Record>
class CaseStore {
 public:
  using Store = ResourceStore<Record>;
  using Page = typename Store::Page;

  CaseStore(const char* collection, typename Store::ColumnsOf columns_of)
      : table_(collection), store_(collection, collection, std::move(columns_of)) {}

  std::string NewName(std::string_view borough, absl::Time now) const {
    return store_.NewName(borough, now);
  }

  absl::Status Insert(Transaction& tx, Record& record,
                      std::optional<Event> event = std::nullopt) const {
    return store_.Insert(tx, record, std::move(event));
  }

  absl::Status Update(Transaction& tx, Record& record,
                      std::optional<Event> event = std::nullopt) const {
    return store_.Update(tx, record, std::move(event));
  }

  absl::StatusOr<Record> Lock(Transaction& tx, std::string_view name, std::string_view etag) const {
    ASSIGN_OR_RETURN(Record record, store_.Lock(tx, name, ""));
    // The etag comes second: a wrong one must not tell that a hidden record exists.
    RETURN_IF_ERROR(CheckVisible(tx.db(), tx.call(), record));
    if (!etag.empty() && etag != record.etag()) return EtagMismatch(name, record.etag());
    return record;
  }

  // As it is, neither locked nor hidden: for those who work on another record of the child.
  absl::StatusOr<Record> Read(Transaction& tx, std::string_view name) const {
    return store_.Read(tx, name);
  }

  absl::StatusOr<Record> Get(Reading& reading, std::string_view name) const {
    ASSIGN_OR_RETURN(Record record, store_.Get(reading, name));
    RETURN_IF_ERROR(CheckVisible(reading.db(), reading.call(), record));
    return record;
  }

  // A page of what the query shows, without what is hidden.
  absl::StatusOr<Page> List(Reading& reading, const google::protobuf::Message& request,
                            ListQuery query) const {
    const std::string visible = ChildIsVisible(table_ + ".borough", table_ + ".child");
    query.where = query.where.empty() ? visible : absl::StrCat(visible, " AND ", query.where);
    query.args.insert(query.args.begin(), reading.caller().person);
    return store_.List(reading, request, query);
  }

 private:
  static absl::Status CheckVisible(db::Connection& db, const Call& call, const Record& record) {
    const ResourceName child = *ResourceName::Parse(record.child());
    ASSIGN_OR_RETURN(const db::Rows visible,
                     db.Query(absl::StrCat("SELECT 1 FROM DUAL WHERE ", ChildIsVisible("?", "?")),
                              {child.borough, child.id, call.caller.person}));
    if (visible.empty()) return PermissionDenied(call.permission, record.name());
    return absl::OkStatus();
  }

  const std::string table_;
  const Store store_;
};

}  // namespace lscp::referrals
