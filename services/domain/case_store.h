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
#include "domain/child_rows.h"

namespace lscp::domain {

// A kind of record that belongs to a child, or to several: a message with a `child`, in a table
// with the column `child`; or with `children`, in a table T beside a table T_children (borough,
// record, child). What belongs to a restricted child is there only for the people who may see the
// child; to others it is absent. Immutable and thread-safe; errors as of ResourceStore.
template <typename Record>
class CaseStore {
 public:
  using Store = ResourceStore<Record>;
  using Page = typename Store::Page;

  // The table has the collection's name, unless one is given.
  CaseStore(const char* collection, typename Store::ColumnsOf columns_of)
      : CaseStore(collection, collection, std::move(columns_of)) {}
  CaseStore(const char* collection, const char* table, typename Store::ColumnsOf columns_of)
      : table_(table), store_(collection, table, std::move(columns_of)) {}

  std::string NewName(std::string_view borough, absl::Time now) const {
    return store_.NewName(borough, now);
  }

  absl::Status Insert(Transaction& tx, Record& record,
                      std::optional<Event> event = std::nullopt) const {
    RETURN_IF_ERROR(store_.Insert(tx, record, std::move(event)));
    return LinkChildren(tx.db(), record);
  }

  absl::Status Update(Transaction& tx, Record& record,
                      std::optional<Event> event = std::nullopt) const {
    RETURN_IF_ERROR(store_.Update(tx, record, std::move(event)));
    return LinkChildren(tx.db(), record);
  }

  absl::StatusOr<Record> Lock(Transaction& tx, std::string_view name, std::string_view etag) const {
    ASSIGN_OR_RETURN(Record record, store_.Lock(tx, name, ""));
    // The etag comes second: a wrong one must not tell that a hidden record exists.
    RETURN_IF_ERROR(CheckVisible(tx.db(), tx.call(), record));
    if (!etag.empty() && etag != record.etag()) return EtagMismatch(name, record.etag());
    return record;
  }

  // As Lock, but hidden from nobody: for what follows without a person, as when another borough
  // answers.
  absl::StatusOr<Record> LockUnseen(Transaction& tx, std::string_view name) const {
    return store_.Lock(tx, name, "");
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
    const std::string visible = IsVisible();
    query.where = query.where.empty() ? visible : absl::StrCat(visible, " AND ", query.where);
    query.args.insert(query.args.begin(), reading.caller().person);
    return store_.List(reading, request, query);
  }

  // Only the records of a child, under whatever record of the register.
  absl::Status AddOfChild(db::Connection& db, std::string_view child, Where& where) const {
    ASSIGN_OR_RETURN(const auto names, NamesOfChild(db, child));
    std::vector<std::string> ids = {""};  // a child that is not there matches nothing
    for (const std::string& name : names) ids.push_back(ResourceName::Parse(name)->id);
    where.Add(table_ + ".borough = ?", {BoroughOf(child)});
    if constexpr (!kSeveral) {
      where.In("child", ids);
    } else {
      Where link;
      link.Add(
              absl::StrCat("link.borough = ", table_, ".borough AND link.record = ", table_, ".id"))
          .In("link.child", ids);
      where.Add(
          absl::StrCat("EXISTS (SELECT 1 FROM ", table_, "_children link WHERE ", link.sql(), ")"),
          link.args());
    }
    return absl::OkStatus();
  }

 private:
  static constexpr bool kSeveral = requires(const Record& record) { record.children(); };

  // The condition that the record of a row of the table is not hidden; one placeholder, the person.
  std::string IsVisible() const {
    if constexpr (!kSeveral) {
      return ChildIsVisible(table_ + ".borough", table_ + ".child");
    } else {
      return absl::StrCat("NOT EXISTS (SELECT 1 FROM ", table_, "_children link WHERE link.borough",
                          " = ", table_, ".borough AND link.record = ", table_, ".id AND NOT ",
                          ChildIsVisible("link.borough", "link.child"), ")");
    }
  }

  static std::vector<std::string> ChildrenOf(const Record& record) {
    if constexpr (kSeveral) {
      return {record.children().begin(), record.children().end()};
    } else if (record.child().empty()) {
      return {};  // not on the register here
    } else {
      return {record.child()};
    }
  }

  static absl::Status CheckVisible(db::Connection& db, const Call& call, const Record& record) {
    for (const std::string& name : ChildrenOf(record)) {
      const ResourceName child = *ResourceName::Parse(name);
      ASSIGN_OR_RETURN(const db::Rows visible,
                       db.Query(absl::StrCat("SELECT 1 FROM DUAL WHERE ", ChildIsVisible("?", "?")),
                                {child.borough, child.id, call.caller.person}));
      if (visible.empty()) return PermissionDenied(call.permission, record.name());
    }
    return absl::OkStatus();
  }

  // Children are added to a record, never taken off it.
  absl::Status LinkChildren(db::Connection& db, const Record& record) const {
    if constexpr (kSeveral) {
      const ResourceName name = *ResourceName::Parse(record.name());
      for (const std::string& child : record.children()) {
        RETURN_IF_ERROR(db.Execute(absl::StrCat("INSERT IGNORE INTO ", table_,
                                                "_children (borough, record, child) VALUES "
                                                "(?, ?, ?)"),
                                   {name.borough, name.id, ResourceName::Parse(child)->id})
                            .status());
      }
    }
    return absl::OkStatus();
  }

  const std::string table_;
  const Store store_;
};

}  // namespace lscp::domain
