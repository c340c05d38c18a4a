#include "referrals/child_store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"
#include "domain/child_rows.h"
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

absl::StatusOr<pb::Child> ParseChild(const db::Row& row, size_t column) {
  pb::Child child;
  if (!child.ParseFromString(row.Text(column))) {
    return absl::DataLossError("a stored document cannot be read");
  }
  return child;
}

}  // namespace

ChildStore::ChildStore() : store_("children", "children", ColumnsOf) {}

absl::Status ChildStore::Insert(Transaction& tx, Child& child, std::optional<Event> event) const {
  RETURN_IF_ERROR(store_.Insert(tx, child, std::move(event)));
  return domain::InsertKeys(tx.db(), *ResourceName::Parse(child.name()), SearchKeysOf(child));
}

absl::Status ChildStore::Update(Transaction& tx, Child& child, std::optional<Event> event) const {
  RETURN_IF_ERROR(store_.Update(tx, child, std::move(event)));
  return domain::ReplaceKeys(tx.db(), *ResourceName::Parse(child.name()), SearchKeysOf(child));
}

absl::Status ChildStore::UpdateRestriction(Transaction& tx, Child& child,
                                           std::optional<Event> event) const {
  RETURN_IF_ERROR(store_.Update(tx, child, std::move(event)));
  return domain::ReplacePeople(tx.db(), *ResourceName::Parse(child.name()),
                               {child.allowed_people().begin(), child.allowed_people().end()});
}

absl::Status ChildStore::UpdateMerge(Transaction& tx, Child& survivor, Child& duplicate,
                                     std::optional<Event> event) const {
  RETURN_IF_ERROR(store_.Update(tx, survivor, std::move(event)));
  RETURN_IF_ERROR(store_.Update(tx, duplicate, std::nullopt));
  // Records that were merged into the duplicate before go where it goes.
  return domain::MoveMerged(
      tx.db(), *ResourceName::Parse(duplicate.name()),
      IdOf(duplicate.merged_into().empty() ? duplicate.name() : survivor.name()));
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
                                         domain::ChildIsVisible("c.borough", "c.id")),
                            {name.borough, name.id, call.caller.person}));
  return visible.empty() ? hidden : absl::OkStatus();
}

absl::StatusOr<ChildStore::Page> ChildStore::List(Reading& reading,
                                                  const pb::ListChildrenRequest& request) const {
  ListQuery query;
  query.where = domain::ChildIsVisible("children.borough", "children.id");
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
      db::Placeholders(keys.size()), ") GROUP BY child ORDER BY hits DESC, child LIMIT ",
      kMostCandidates,
      ") found JOIN children c ON c.borough = ? AND c.id = found.child JOIN children s ON "
      "s.borough = c.borough AND s.id = c.survivor WHERE ",
      domain::ChildIsVisible("c.borough", "c.id"));
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

}  // namespace lscp::referrals
