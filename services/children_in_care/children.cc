#include "children_in_care/children.h"

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"
#include "domain/child_rows.h"
#include "domain/register.h"

namespace lscp::children_in_care {
namespace {

namespace register_pb = safeguarding::referrals::v1;

// Not known until somebody has asked.
db::Value IsDisabled(const register_pb::ChildChanged& child) {
  if (child.disabilities().empty()) return nullptr;
  return child.disabilities(0) != register_pb::DISABILITY_NONE;
}

}  // namespace

absl::Status ChangeChild(db::Connection& db, const register_pb::ChildChanged& change) {
  const auto name = ResourceName::Parse(change.child());
  if (!name || name->collection != "children") return InvalidField("child", "is no child's name");
  ASSIGN_OR_RETURN(const db::Rows known,
                   db.Query("SELECT revision FROM children WHERE borough = ? AND id = ? FOR UPDATE",
                            {name->borough, name->id}));
  if (!known.empty() && known[0].Int(0) >= change.revision()) return absl::OkStatus();
  const db::Args values = {change.revision(),
                           change.restricted(),
                           ProtoToDate(change.birth_date()),
                           ProtoToDate(change.death_date()),
                           static_cast<int>(change.sex()),
                           static_cast<int>(change.ethnicity()),
                           IsDisabled(change)};
  db::Args args = {name->borough, name->id, name->id};
  args.insert(args.end(), values.begin(), values.end());
  args.insert(args.end(), values.begin(), values.end());
  RETURN_IF_ERROR(
      db.Execute("INSERT INTO children (borough, id, survivor, revision, restricted, birth_date, "
                 "death_date, sex, ethnicity, disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                 "ON DUPLICATE KEY UPDATE revision = ?, restricted = ?, birth_date = ?, "
                 "death_date = ?, sex = ?, ethnicity = ?, disabled = ?",
                 args)
          .status());
  return domain::ReplacePeople(db, *name,
                               {change.allowed_people().begin(), change.allowed_people().end()});
}

absl::StatusOr<KnownChild> LockChild(db::Connection& db, std::string_view name) {
  const auto parsed = ResourceName::Parse(name);
  if (!parsed) return KnownChild();
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query("SELECT birth_date FROM children WHERE borough = ? AND id = ? FOR UPDATE",
               {parsed->borough, parsed->id}));
  if (rows.empty()) return KnownChild();
  return KnownChild{.birth_date = rows[0].OptDay(0)};
}

void FollowRegister(ServiceContext& context) {
  context.OnEvent<register_pb::ChildChanged>(
      "referrals.child_changed", [](const DeliveredEvent&, const register_pb::ChildChanged& change,
                                    Transaction& tx) { return ChangeChild(tx.db(), change); });
  context.OnEvent<register_pb::ChildrenMerged>(
      "referrals.children_merged",
      [](const DeliveredEvent&, const register_pb::ChildrenMerged& merge, Transaction& tx) {
        return domain::MergeRecords(tx.db(), merge.duplicate(), merge.child());
      });
  context.OnEvent<register_pb::ChildrenUnmerged>(
      "referrals.children_unmerged",
      [](const DeliveredEvent&, const register_pb::ChildrenUnmerged& unmerge, Transaction& tx) {
        return domain::MergeRecords(tx.db(), unmerge.duplicate(), unmerge.duplicate());
      });
}

}  // namespace lscp::children_in_care
