#include "common/db/grants.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/db/errors.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace lscp::db {
namespace {

using safeguarding::config::v1::DatabaseConfig;

constexpr std::string_view kSealed[] = {"journal", "disclosures", "journal_seal",
                                        "disclosure_seal"};
constexpr std::string_view kMigratorsOwn[] = {"schema_migrations", "schema_migrator"};
constexpr const char* kHosts[] = {"%", "localhost", "127.0.0.1"};

template <size_t size>
bool Contains(const std::string_view (&names)[size], const std::string& name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

const char* RightsOn(const std::string& table) {
  if (Contains(kSealed, table)) return "SELECT, INSERT";
  if (Contains(kMigratorsOwn, table)) return "SELECT";
  return "SELECT, INSERT, UPDATE, DELETE";
}

bool IsNoSuchAccount(const absl::Status& status) {
  constexpr int kNoMatchingUser = 1133;
  constexpr int kMayNotCreateUser = 1410;
  const int number = SqlErrno(status);
  return number == kNoMatchingUser || number == kMayNotCreateUser;
}

// Names go into the statement as they are: GRANT takes no placeholders.
bool IsPlainName(const std::string& name) {
  return !name.empty() && name.find_first_of("'`\\\"\n") == std::string::npos;
}

absl::StatusOr<std::vector<std::string>> Tables(Connection& owner) {
  ASSIGN_OR_RETURN(const Rows rows,
                   owner.Query("SELECT table_name FROM information_schema.tables WHERE "
                               "table_schema = DATABASE() AND table_type = 'BASE TABLE'",
                               {}));
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(row.Text(0));
  return names;
}

absl::Status GrantAll(Connection& owner, const std::vector<std::string>& tables,
                      const std::string& account) {
  for (const std::string& table : tables) {
    if (!IsPlainName(table)) return absl::InternalError("a table's name needs quoting");
    RETURN_IF_ERROR(
        owner.Run(absl::StrCat("GRANT ", RightsOn(table), " ON `", table, "` TO ", account)));
  }
  return absl::OkStatus();
}

absl::Status Unusable(const std::string& user, const char* why) {
  return Error(absl::StatusCode::kFailedPrecondition, reason::ERROR_REASON_RULE_NOT_MET,
               absl::StrCat("the server's database account '", user, "' ", why));
}

}  // namespace

absl::Status GrantServerAccount(Connection& owner, const DatabaseConfig& config) {
  if (config.migration_user().empty() || config.migration_user() == config.user()) {
    return absl::OkStatus();
  }
  if (!IsPlainName(config.user())) return Unusable(config.user(), "has no plain name");
  ASSIGN_OR_RETURN(const std::vector<std::string> tables, Tables(owner));
  bool found = tables.empty();
  for (const char* host : kHosts) {
    const absl::Status status =
        GrantAll(owner, tables, absl::StrCat("'", config.user(), "'@'", host, "'"));
    if (IsNoSuchAccount(status)) continue;
    RETURN_IF_ERROR(status);
    found = true;
  }
  return found ? absl::OkStatus() : Unusable(config.user(), "does not exist");
}

}  // namespace lscp::db
