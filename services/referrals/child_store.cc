#include "referrals/child_store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"
#include "referrals/child.h"
#include "referrals/matching.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

// Most records that are scored for a description. More have only a common name or a date in common.
constexpr int kMostCandidates = 500;

std::string IdOf(std::string_view name) {
  const auto parsed = ResourceName::Parse(name);
  return parsed ? parsed->id : "";
}

std::string NameOf(std::string_view borough, std::string_view id) {
  return ResourceName{std::string(borough), "children", std::string(id)}.ToString();
}

// "?, ?, ?"
std::string Placeholders(size_t count) {
  std::string text = "?";
  for (size_t i = 1; i < count; ++i) text += ", ?";
  return text;
}

db::Value TextOrNull(const std::string& text) {
  return text.empty() ? db::Value(nullptr) : db::Value(text);
}

// Not known until somebody has asked.
db::Value IsDisabled(const pb::Child& child) {
  if (child.disabilities().empty()) return nullptr;
  return child.disabilities(0) != pb::DISABILITY_NONE;
}

Columns ColumnsOf(const pb::Child& child) {
  const bool merged = child.state() == pb::Child::STATE_MERGED;
  // A merged record gives its identifiers free: they may be the survivor's now.
  const auto identifier = [merged](const std::string& text) {
    return merged ? db::Value(nullptr) : TextOrNull(text);
  };
  return {{"created_at", ProtoToTime(child.create_time())},
          {"survivor", IdOf(merged ? child.merged_into() : child.name())},
          {"merged_into", TextOrNull(IdOf(child.merged_into()))},
          {"restricted", child.restricted()},
          {"family_group", TextOrNull(child.family_group())},
          {"nhs_number", identifier(child.nhs_number())},
          {"upn", identifier(child.upn())},
          {"local_authority_id", identifier(child.local_authority_id())},
          {"birth_date", ProtoToDate(child.birth_date())},
          {"expected_birth_date", ProtoToDate(child.expected_birth_date())},
          {"death_date", ProtoToDate(child.death_date())},
          {"sex", static_cast<int>(child.sex())},
          {"ethnicity", static_cast<int>(child.ethnicity())},
          {"disabled", IsDisabled(child)}};
}

// Rows (borough, value, child) of a table that holds values of a child.
absl::Status InsertValues(db::Connection& db, const char* table, const char* column,
                          const ResourceName& child, const std::vector<std::string>& values) {
  if (values.empty()) return absl::OkStatus();
  std::string sql = absl::StrCat("INSERT INTO ", table, " (borough, child, ", column, ") VALUES ");
  db::Args args;
  for (size_t i = 0; i < values.size(); ++i) {
    absl::StrAppend(&sql, i == 0 ? "" : ", ", "(?, ?, ?)");
    args.insert(args.end(), {child.borough, child.id, values[i]});
  }
  return db.Execute(sql, args).status();
}

absl::Status ReplaceValues(db::Connection& db, const char* table, const char* column,
                           const ResourceName& child, const std::vector<std::string>& values) {
  RETURN_IF_ERROR(
      db.Execute(absl::StrCat("DELETE FROM ", table, " WHERE borough = ? AND child = ?"),
                 {child.borough, child.id})
          .status());
  return InsertValues(db, table, column, child, values);
}

absl::StatusOr<pb::Child> ParseChild(const db::Row& row, size_t column) {
  pb::Child child;
  if (!child.ParseFromString(row.Text(column))) {
    return absl::DataLossError("a stored document cannot be read");
  }
  return child;
}

}  // namespace

std::string ChildIsVisible(std::string_view borough, std::string_view child) {
  return absl::StrCat(
      "NOT EXISTS (SELECT 1 FROM children own JOIN children hidden ON hidden.borough = own.borough "
      "AND hidden.id IN (own.id, own.survivor) WHERE own.borough = ",
      std::string(borough), " AND own.id = ", std::string(child),
      " AND hidden.restricted AND NOT EXISTS (SELECT 1 FROM child_people allowed WHERE "
      "allowed.borough = hidden.borough AND allowed.child = hidden.id AND allowed.person = ?))");
}

ChildStore::ChildStore() : store_("children", "children", ColumnsOf) {}

absl::Status ChildStore::Insert(Transaction& tx, Child& child, std::optional<Event> event) const {
  RETURN_IF_ERROR(store_.Insert(tx, child, std::move(event)));
  return InsertValues(tx.db(), "child_keys", "search_key", *ResourceName::Parse(child.name()),
                      SearchKeysOf(child));
}

absl::Status ChildStore::Update(Transaction& tx, Child& child, std::optional<Event> event) const {
  RETURN_IF_ERROR(store_.Update(tx, child, std::move(event)));
  return ReplaceValues(tx.db(), "child_keys", "search_key", *ResourceName::Parse(child.name()),
                       SearchKeysOf(child));
}

absl::Status ChildStore::UpdateRestriction(Transaction& tx, Child& child,
                                           std::optional<Event> event) const {
  RETURN_IF_ERROR(store_.Update(tx, child, std::move(event)));
  return ReplaceValues(tx.db(), "child_people", "person", *ResourceName::Parse(child.name()),
                       {child.allowed_people().begin(), child.allowed_people().end()});
}

absl::Status ChildStore::UpdateMerge(Transaction& tx, Child& survivor, Child& duplicate,
                                     std::optional<Event> event) const {
  RETURN_IF_ERROR(store_.Update(tx, survivor, std::move(event)));
  RETURN_IF_ERROR(store_.Update(tx, duplicate, std::nullopt));
  // Records that were merged into the duplicate before go where it goes.
  const ResourceName name = *ResourceName::Parse(duplicate.name());
  ASSIGN_OR_RETURN(const db::Rows members,
                   tx.db().Query("WITH RECURSIVE members AS (SELECT id FROM children WHERE borough "
                                 "= ? AND merged_into = ? UNION SELECT c.id FROM children c JOIN "
                                 "members m ON c.merged_into = m.id WHERE c.borough = ?) "
                                 "SELECT id FROM members",
                                 {name.borough, name.id, name.borough}));
  const std::string end = duplicate.merged_into().empty() ? name.id : IdOf(survivor.name());
  for (const db::Row& member : members) {
    RETURN_IF_ERROR(tx.db()
                        .Execute("UPDATE children SET survivor = ? WHERE borough = ? AND id = ?",
                                 {end, name.borough, member.Text(0)})
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<ChildStore::Child> ChildStore::LockRestricted(Transaction& tx, std::string_view name,
                                                             std::string_view etag) const {
  return store_.Lock(tx, name, etag);
}

absl::StatusOr<ChildStore::Child> ChildStore::Lock(Transaction& tx, std::string_view name,
                                                   std::string_view etag) const {
  // The etag comes second: a wrong one must not tell that a hidden child exists.
  ASSIGN_OR_RETURN(Child child, store_.Lock(tx, name, ""));
  RETURN_IF_ERROR(CheckVisible(tx.db(), tx.call(), child));
  if (etag != child.etag()) return EtagMismatch(name, child.etag());
  return child;
}

absl::StatusOr<ChildStore::Child> ChildStore::Read(Transaction& tx, std::string_view name) const {
  ASSIGN_OR_RETURN(Child child, store_.Read(tx, name));
  RETURN_IF_ERROR(CheckVisible(tx.db(), tx.call(), child));
  return child;
}

absl::StatusOr<ChildStore::Child> ChildStore::Get(Reading& reading, std::string_view name) const {
  ASSIGN_OR_RETURN(Child child, store_.Get(reading, name));
  RETURN_IF_ERROR(CheckVisible(reading.db(), reading.call(), child));
  return child;
}

absl::Status ChildStore::CheckVisible(db::Connection& db, const Call& call,
                                      const Child& child) const {
  const absl::Status hidden = PermissionDenied(call.permission, child.name());
  if (!MaySee(child, call.caller.person)) return hidden;
  if (child.state() != Child::STATE_MERGED) return absl::OkStatus();
  const ResourceName name = *ResourceName::Parse(child.name());
  ASSIGN_OR_RETURN(const db::Rows visible,
                   db.Query(absl::StrCat("SELECT 1 FROM children c WHERE c.borough = ? AND c.id = "
                                         "? AND ",
                                         ChildIsVisible("c.borough", "c.id")),
                            {name.borough, name.id, call.caller.person}));
  return visible.empty() ? hidden : absl::OkStatus();
}

absl::StatusOr<ChildStore::Page> ChildStore::List(Reading& reading,
                                                  const pb::ListChildrenRequest& request) const {
  ListQuery query;
  query.where = ChildIsVisible("children.borough", "children.id");
  query.args = {reading.caller().person};
  if (!request.include_merged()) query.where += " AND merged_into IS NULL";
  if (request.restricted()) query.where += " AND restricted";
  if (!request.family_group().empty()) {
    query.where += " AND family_group = ?";
    query.args.emplace_back(request.family_group());
  }
  query.sort_by = "created_at";
  query.page_size = request.page_size();
  query.page_token = request.page_token();
  return store_.List(reading, request, query);
}

absl::StatusOr<std::vector<ChildStore::Candidate>> ChildStore::Gather(
    db::Connection& db, const Call& call, const std::vector<std::string>& keys) const {
  if (keys.empty()) return std::vector<Candidate>();
  // A record with an identifier in common comes before all others.
  const std::string sql = absl::StrCat(
      "SELECT c.document, s.revision, s.document FROM (SELECT child, SUM(IF(search_key LIKE "
      "'id:%', 1000, 1)) AS hits FROM child_keys WHERE borough = ? AND search_key IN (",
      Placeholders(keys.size()), ") GROUP BY child ORDER BY hits DESC, child LIMIT ",
      kMostCandidates,
      ") found JOIN children c ON c.borough = ? AND c.id = found.child JOIN children s ON "
      "s.borough = c.borough AND s.id = c.survivor WHERE ",
      ChildIsVisible("c.borough", "c.id"));
  db::Args args = {call.borough};
  args.insert(args.end(), keys.begin(), keys.end());
  args.insert(args.end(), {call.borough, call.caller.person});
  ASSIGN_OR_RETURN(const db::Rows rows, db.Query(sql, args));
  std::vector<Candidate> candidates;
  for (const db::Row& row : rows) {
    Candidate candidate;
    ASSIGN_OR_RETURN(candidate.record, ParseChild(row, 0));
    ASSIGN_OR_RETURN(candidate.survivor, ParseChild(row, 2));
    candidate.survivor.set_etag(EtagOf(row.Int(1)));
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

absl::StatusOr<std::vector<std::string>> ChildStore::NamesOf(db::Connection& db,
                                                             std::string_view name) const {
  const auto parsed = ResourceName::Parse(name);
  if (!parsed) return std::vector<std::string>();
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query("SELECT c.id FROM children c JOIN children own ON own.borough = c.borough AND "
               "own.survivor = c.survivor WHERE own.borough = ? AND own.id = ? "
               "ORDER BY c.id <> c.survivor, c.id",
               {parsed->borough, parsed->id}));
  std::vector<std::string> names;
  for (const db::Row& row : rows) names.push_back(NameOf(parsed->borough, row.Text(0)));
  return names;
}

}  // namespace lscp::referrals
