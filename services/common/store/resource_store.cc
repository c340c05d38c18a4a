#include "common/store/resource_store.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/paging/page_token.h"
#include "common/validate/resource_name.h"

namespace lscp {
namespace {

// Where the rows after `last_key` (sort value, borough, id) begin.
void AppendAfter(const ListQuery& query, const std::vector<std::string>& last_key,
                 std::string& where, db::Args& args) {
  const char* beyond = query.descending ? "<" : ">";
  absl::StrAppend(&where, " AND (", query.sort_by, " ", beyond, " ? OR (", query.sort_by,
                  " = ? AND (borough ", beyond, " ? OR (borough = ? AND id ", beyond, " ?))))");
  for (const std::string& value :
       {last_key[0], last_key[0], last_key[1], last_key[1], last_key[2]}) {
    args.emplace_back(value);
  }
}

}  // namespace

bool MayName(const Call& call, std::string_view collection, std::string_view name) {
  const auto parsed = ResourceName::Parse(name);
  return parsed && parsed->collection == collection &&
         std::find(call.boroughs.begin(), call.boroughs.end(), parsed->borough) !=
             call.boroughs.end();
}

std::string EtagOf(int64_t revision) { return absl::StrCat("\"", revision, "\""); }

int64_t RevisionOf(std::string_view etag) {
  int64_t revision = 0;
  if (etag.size() > 2) std::from_chars(etag.data() + 1, etag.data() + etag.size() - 1, revision);
  return revision;
}

absl::Status DocumentTable::Insert(db::Connection& db, const Document& document,
                                   const Columns& columns) const {
  const auto name = ResourceName::Parse(document.name);
  if (!name) return absl::InternalError("a document has no resource name");
  std::string sql = absl::StrCat("INSERT INTO ", table_, " (borough, id, revision, document");
  db::Args args = {name->borough, name->id, document.revision, document.bytes};
  for (const Column& column : columns) {
    absl::StrAppend(&sql, ", ", column.name);
    args.push_back(column.value);
  }
  absl::StrAppend(&sql, ") VALUES (", db::Placeholders(args.size()), ")");
  const auto inserted = db.Execute(sql, args);
  if (absl::IsAlreadyExists(inserted.status())) {
    return Error(absl::StatusCode::kAlreadyExists, reason::ERROR_REASON_DUPLICATE_RECORD,
                 "a record with the same identifier is on the register");
  }
  return inserted.status();
}

absl::Status DocumentTable::Update(db::Connection& db, const Document& document,
                                   const Columns& columns) const {
  const auto name = ResourceName::Parse(document.name);
  if (!name) return absl::InternalError("a document has no resource name");
  std::string sql = absl::StrCat("UPDATE ", table_, " SET revision = ?, document = ?");
  db::Args args = {document.revision, document.bytes};
  for (const Column& column : columns) {
    absl::StrAppend(&sql, ", ", column.name, " = ?");
    args.push_back(column.value);
  }
  // The row is locked by the transaction; the revision is checked all the same, so that a forgotten
  // lock loses no update.
  sql += " WHERE borough = ? AND id = ? AND revision = ?";
  args.insert(args.end(), {name->borough, name->id, document.revision - 1});
  const auto updated = db.Execute(sql, args);
  if (absl::IsAlreadyExists(updated.status())) {
    return Error(absl::StatusCode::kAlreadyExists, reason::ERROR_REASON_DUPLICATE_RECORD,
                 "a record with the same identifier is on the register");
  }
  RETURN_IF_ERROR(updated.status());
  if (*updated != 1) return EtagMismatch(document.name, EtagOf(document.revision));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<DocumentTable::Document>> DocumentTable::Read(db::Connection& db,
                                                                           std::string_view name,
                                                                           bool for_update) const {
  const auto parsed = ResourceName::Parse(name);
  if (!parsed) return std::nullopt;
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query(absl::StrCat("SELECT revision, document FROM ", table_,
                            " WHERE borough = ? AND id = ?", for_update ? " FOR UPDATE" : ""),
               {parsed->borough, parsed->id}));
  if (rows.empty()) return std::nullopt;
  return Document{std::string(name), rows[0].Int(0), rows[0].Text(1)};
}

absl::StatusOr<DocumentTable::Page> DocumentTable::List(db::Connection& db, const Call& call,
                                                        const google::protobuf::Message& request,
                                                        const ListQuery& query,
                                                        std::string_view collection) const {
  const int page_size = PageSize(query.page_size);
  const uint64_t query_hash = QueryHash(request);
  std::string where = absl::StrCat("borough IN (", db::Placeholders(call.boroughs.size()), ")");
  db::Args args(call.boroughs.begin(), call.boroughs.end());
  if (!query.where.empty()) absl::StrAppend(&where, " AND (", query.where, ")");
  args.insert(args.end(), query.args.begin(), query.args.end());
  ASSIGN_OR_RETURN(const std::vector<std::string> last_key,
                   DecodePageToken(query.page_token, query_hash, 3));
  if (!last_key.empty()) AppendAfter(query, last_key, where, args);
  const char* direction = query.descending ? " DESC" : "";
  // One more than a page tells whether there is another.
  args.emplace_back(page_size + 1);
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query(absl::StrCat("SELECT borough, id, revision, document, ", query.sort_by, " FROM ",
                            table_, " WHERE ", where, " ORDER BY ", query.sort_by, direction,
                            ", borough", direction, ", id", direction, " LIMIT ?"),
               args));
  Page page;
  for (const db::Row& row : rows) {
    if (page.documents.size() == static_cast<size_t>(page_size)) {
      const db::Row& last = rows[page_size - 1];
      page.next_page_token =
          EncodePageToken(query_hash, {last.Text(4), last.Text(0), last.Text(1)});
      break;
    }
    page.documents.push_back(
        {absl::StrCat("boroughs/", row.Text(0), "/", std::string(collection), "/", row.Text(1)),
         row.Int(2), row.Text(3)});
  }
  return page;
}

}  // namespace lscp
