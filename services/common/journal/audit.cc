#include "common/journal/audit.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/journal/chain.h"
#include "common/paging/page_token.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp {
namespace {

using safeguarding::audit::v1::AuditEntry;
using safeguarding::audit::v1::ListAuditEntriesRequest;
using safeguarding::audit::v1::ListAuditEntriesResponse;

// A token is whatever the caller says; these are the times that a DATETIME can hold.
constexpr int64_t kFirstMicros = 0;
constexpr int64_t kLastMicros = 253'402'300'799'999'999;  // 9999-12-31

// Where an entry stands in the list.
struct Key {
  absl::Time at = absl::UnixEpoch();
  int64_t account = 0;
  int64_t id = 0;

  bool operator<(const Key& other) const {
    return std::tie(at, account, id) < std::tie(other.at, other.account, other.id);
  }
  std::vector<std::string> ToText() const {
    return {absl::StrCat(absl::ToUnixMicros(at)), absl::StrCat(account), absl::StrCat(id)};
  }
};

struct Found {
  Key key;
  AuditEntry entry;
};

bool ToNumber(const std::string& text, int64_t& number) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

absl::StatusOr<Key> After(const ListAuditEntriesRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> parts,
                   DecodePageToken(request.page_token(), QueryHash(request), 3));
  Key key;
  if (parts.empty()) return key;
  int64_t micros = 0;
  if (!ToNumber(parts[0], micros) || micros < kFirstMicros || micros > kLastMicros ||
      !ToNumber(parts[1], key.account) || !ToNumber(parts[2], key.id)) {
    return PageTokenMismatch();
  }
  key.at = absl::FromUnixMicros(micros);
  return key;
}

// Appends the account's next `limit` entries after `after`.
absl::Status Append(db::Connection& connection, const Account& account, AuditEntry::Account name,
                    const std::string& resource, const Key& after, int64_t limit,
                    std::vector<Found>& found) {
  // At the same instant the journal comes first.
  int64_t after_id = after.id;
  if (name < after.account) after_id = std::numeric_limits<int64_t>::max();
  if (name > after.account) after_id = 0;
  const char* revision = name == AuditEntry::ACCOUNT_JOURNAL ? "t.revision" : "0";
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      connection.Query(
          absl::StrCat("SELECT t.id, t.at, s.pos, t.method, t.agency, t.person, t.purpose, "
                       "t.trace_id, ",
                       revision, " FROM ", account.table, " t LEFT JOIN ", account.seal,
                       " s ON s.id = t.id WHERE t.resource = ? AND t.at >= ? AND "
                       "(t.at > ? OR t.id > ?) ORDER BY t.at, t.id LIMIT ?"),
          {resource, after.at, after.at, after_id, limit}));
  for (const db::Row& row : rows) {
    Found& next = found.emplace_back();
    next.key = {row.Time(1), name, row.Int(0)};
    next.entry.set_account(name);
    next.entry.set_position(row.Int(2));
    *next.entry.mutable_time() = TimeToProto(row.Time(1));
    next.entry.set_method(row.Text(3));
    next.entry.set_agency(row.Text(4));
    next.entry.set_person(row.Text(5));
    next.entry.set_purpose(row.Text(6));
    next.entry.set_resource(resource);
    next.entry.set_trace_id(row.Text(7));
    next.entry.set_revision(row.Int(8));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ListAuditEntriesResponse> ListAuditEntries(db::Connection& connection,
                                                          const ListAuditEntriesRequest& request) {
  ASSIGN_OR_RETURN(const Key after, After(request));
  const size_t page_size = PageSize(request.page_size());
  // One more than a page tells whether there is another.
  const auto limit = static_cast<int64_t>(page_size) + 1;
  std::vector<Found> found;
  RETURN_IF_ERROR(Append(connection, kJournalAccount, AuditEntry::ACCOUNT_JOURNAL, request.name(),
                         after, limit, found));
  RETURN_IF_ERROR(Append(connection, kDisclosuresAccount, AuditEntry::ACCOUNT_DISCLOSURES,
                         request.name(), after, limit, found));
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return a.key < b.key; });
  ListAuditEntriesResponse response;
  for (size_t i = 0; i < std::min(found.size(), page_size); ++i) {
    *response.add_entries() = std::move(found[i].entry);
  }
  if (found.size() > page_size) {
    response.set_next_page_token(
        EncodePageToken(QueryHash(request), found[page_size - 1].key.ToText()));
  }
  return response;
}

}  // namespace lscp
