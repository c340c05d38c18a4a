#include "common/journal/leases.h"

#include <random>

#include "absl/strings/str_format.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

constexpr size_t kMostHolderBytes = 80;

std::string UniqueHolder(std::string_view holder) {
  std::random_device random;
  return absl::StrFormat("%s/%08x%08x", std::string(holder.substr(0, kMostHolderBytes)), random(),
                         random());
}

}  // namespace

Lease::Lease(std::string name, std::string_view holder, absl::Duration life)
    : name_(std::move(name)), holder_(UniqueHolder(holder)), life_(life) {}

absl::StatusOr<bool> Lease::Acquire(db::Connection& connection) const {
  // Asking first, without a lock, keeps those who wait out of the holder's way.
  ASSIGN_OR_RETURN(const db::Rows taken,
                   connection.Query("SELECT 1 FROM leases WHERE name = ? AND holder <> ? AND "
                                    "expires_at > utc_timestamp(6)",
                                    {name_, holder_}));
  if (!taken.empty()) return false;
  ASSIGN_OR_RETURN(const int64_t updated,
                   connection.Execute("UPDATE leases SET holder = ?, "
                                      "expires_at = utc_timestamp(6) + INTERVAL ? MICROSECOND "
                                      "WHERE name = ? AND (holder = ? OR "
                                      "expires_at <= utc_timestamp(6))",
                                      {holder_, absl::ToInt64Microseconds(life_), name_, holder_}));
  if (updated > 0) return true;
  const auto inserted = connection.Execute(
      "INSERT INTO leases (name, holder, expires_at) "
      "VALUES (?, ?, utc_timestamp(6) + INTERVAL ? MICROSECOND)",
      {name_, holder_, absl::ToInt64Microseconds(life_)});
  if (absl::IsAlreadyExists(inserted.status())) return false;
  RETURN_IF_ERROR(inserted.status());
  return true;
}

absl::StatusOr<bool> Lease::Renew(db::Connection& connection) const {
  ASSIGN_OR_RETURN(const int64_t updated,
                   connection.Execute("UPDATE leases SET "
                                      "expires_at = utc_timestamp(6) + INTERVAL ? MICROSECOND "
                                      "WHERE name = ? AND holder = ?",
                                      {absl::ToInt64Microseconds(life_), name_, holder_}));
  return updated > 0;
}

absl::Status Lease::Release(db::Connection& connection) const {
  return connection
      .Execute("UPDATE leases SET expires_at = utc_timestamp(6) WHERE name = ? AND holder = ?",
               {name_, holder_})
      .status();
}

}  // namespace lscp
