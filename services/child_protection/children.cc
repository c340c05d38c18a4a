#include "child_protection/children.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "child_protection/child_keys.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"
#include "domain/child_rows.h"
#include "domain/register.h"

namespace lscp::child_protection {
namespace {

namespace register_pb = safeguarding::referrals::v1;

db::Value TextOrNull(const std::string& text) {
  return text.empty() ? db::Value(nullptr) : db::Value(text);
}

// Not known until somebody has asked.
db::Value IsDisabled(const register_pb::ChildChanged& child) {
  if (child.disabilities().empty()) return nullptr;
  return child.disabilities(0) != register_pb::DISABILITY_NONE;
}

absl::StatusOr<ResourceName> ChildName(const std::string& text) {
  auto name = ResourceName::Parse(text);
  if (!name || name->collection != "children") return InvalidField("child", "is no child's name");
  return *std::move(name);
}

absl::StatusOr<KnownChild> Known(db::Connection& db, std::string_view text, const char* lock) {
  const auto name = ResourceName::Parse(text);
  if (!name) return KnownChild();
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query(absl::StrCat("SELECT birth_date, family_group FROM children"
                                         " WHERE borough = ? AND id = ?",
                                         lock),
                            {name->borough, name->id}));
  if (rows.empty()) return KnownChild();
  return KnownChild{.birth_date = rows[0].OptDay(0), .family_group = rows[0].Text(1)};
}

}  // namespace

absl::Status Children::Change(db::Connection& db, const register_pb::ChildChanged& change) const {
  ASSIGN_OR_RETURN(const ResourceName name, ChildName(change.child()));
  ASSIGN_OR_RETURN(const db::Rows known,
                   db.Query("SELECT revision FROM children WHERE borough = ? AND id = ? FOR UPDATE",
                            {name.borough, name.id}));
  if (!known.empty() && known[0].Int(0) >= change.revision()) return absl::OkStatus();
  const db::Args values = {change.revision(),
                           change.restricted(),
                           TextOrNull(change.family_group()),
                           TextOrNull(change.nhs_number()),
                           ProtoToDate(change.birth_date()),
                           ProtoToDate(change.expected_birth_date()),
                           ProtoToDate(change.death_date()),
                           static_cast<int>(change.sex()),
                           static_cast<int>(change.ethnicity()),
                           IsDisabled(change)};
  db::Args args = {name.borough, name.id, name.id};
  args.insert(args.end(), values.begin(), values.end());
  args.insert(args.end(), values.begin(), values.end());
  RETURN_IF_ERROR(
      db.Execute("INSERT INTO children (borough, id, survivor, revision, restricted, family_group, "
                 "nhs_number, birth_date, expected_birth_date, death_date, sex, ethnicity, "
                 "disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
                 "revision = ?, restricted = ?, family_group = ?, nhs_number = ?, birth_date = ?, "
                 "expected_birth_date = ?, death_date = ?, sex = ?, ethnicity = ?, disabled = ?",
                 args)
          .status());
  RETURN_IF_ERROR(domain::ReplacePeople(
      db, name, {change.allowed_people().begin(), change.allowed_people().end()}));
  return domain::ReplaceKeys(db, name, KeysOf(change));
}

absl::Status Children::Merge(db::Connection& db, const register_pb::ChildrenMerged& merge) const {
  return domain::MergeRecords(db, merge.duplicate(), merge.child());
}

absl::Status Children::Unmerge(db::Connection& db,
                               const register_pb::ChildrenUnmerged& unmerge) const {
  return domain::MergeRecords(db, unmerge.duplicate(), unmerge.duplicate());
}

absl::Status Children::CheckAll(db::Connection& db, const Call& call,
                                const std::vector<std::string>& names) {
  return domain::CheckChildren(db, call, names);
}

absl::StatusOr<KnownChild> FindChild(db::Connection& db, std::string_view name) {
  return Known(db, name, "");
}

absl::StatusOr<KnownChild> LockChild(db::Connection& db, std::string_view name) {
  return Known(db, name, " FOR UPDATE");
}

absl::StatusOr<std::vector<std::optional<absl::CivilDay>>> BirthDatesOfAll(
    db::Connection& db, const std::vector<std::string>& names) {
  std::vector<std::string> ids;
  db::Args args = {nullptr};
  for (const std::string& text : names) {
    ASSIGN_OR_RETURN(const ResourceName name, ChildName(text));
    args[0] = name.borough;
    args.emplace_back(name.id);
    ids.push_back(name.id);
  }
  std::vector<std::optional<absl::CivilDay>> dates(ids.size());
  if (ids.empty()) return dates;
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query(absl::StrCat("SELECT id, birth_date FROM children WHERE borough = ? AND id IN (",
                            db::Placeholders(ids.size()), ")"),
               args));
  std::map<std::string, std::optional<absl::CivilDay>> found;
  for (const db::Row& row : rows) found[row.Text(0)] = row.OptDay(1);
  for (size_t i = 0; i < ids.size(); ++i) dates[i] = found[ids[i]];
  return dates;
}

void FollowRegister(ServiceContext& context, const Children* children) {
  context.OnEvent<register_pb::ChildChanged>(
      "referrals.child_changed",
      [children](const DeliveredEvent&, const register_pb::ChildChanged& change, Transaction& tx) {
        return children->Change(tx.db(), change);
      });
  context.OnEvent<register_pb::ChildrenMerged>(
      "referrals.children_merged",
      [children](const DeliveredEvent&, const register_pb::ChildrenMerged& merge, Transaction& tx) {
        return children->Merge(tx.db(), merge);
      });
  context.OnEvent<register_pb::ChildrenUnmerged>(
      "referrals.children_unmerged",
      [children](const DeliveredEvent&, const register_pb::ChildrenUnmerged& unmerge,
                 Transaction& tx) { return children->Unmerge(tx.db(), unmerge); });
}

}  // namespace lscp::child_protection
