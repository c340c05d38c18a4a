#include "common/journal/sealing.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

constexpr int kRowsPerPass = 1000;
constexpr int kIdsPerPage = 10000;
// Sizes of the IN lists, which are filled up: few statements to prepare, and well below the size
// from which the server rewrites such a list (in_predicate_conversion_threshold).
constexpr size_t kListSizes[] = {8, 64, 500};
constexpr size_t kLongestList = 500;
constexpr std::chrono::seconds kSettledEvery{1};

}  // namespace

Sealing::Sealing(const Account* account, absl::Duration hole_life)
    : account_(account),
      hole_life_(absl::ToChronoNanoseconds(hole_life)),
      insert_(absl::StrCat("INSERT INTO ", account->seal, " (pos, id, hash) VALUES "), 3) {}

int64_t Sealing::Settled() const {
  return holes_.ranges().empty() ? high_id_ : holes_.ranges().begin()->first - 1;
}

absl::Status Sealing::Load(db::Connection& connection) {
  ASSIGN_OR_RETURN(const db::Rows last,
                   connection.Query(absl::StrCat("SELECT pos, hash FROM ", account_->seal,
                                                 " ORDER BY pos DESC LIMIT 1"),
                                    {}));
  ASSIGN_OR_RETURN(const db::Rows high,
                   connection.Query(absl::StrCat("SELECT MAX(id) FROM ", account_->seal), {}));
  ASSIGN_OR_RETURN(
      const db::Rows settled,
      connection.Query("SELECT lo FROM sequencer_settled WHERE stream = ?", {account_->name}));
  position_ = last.empty() ? 0 : last[0].Int(0);
  hash_ = last.empty() ? ChainStart() : last[0].Text(1);
  high_id_ = high[0].Int(0);
  settled_written_ = settled.empty() ? 0 : settled[0].Int(0);
  settled_written_at_ = Holes::Time();
  check_from_ = check_next_ = settled_written_;
  pending_.clear();
  holes_ = Holes();

  // Whatever is missing between the settled ids and the highest may yet appear; how long ago it was
  // noticed is not known, so it gets its full time again.
  const Holes::Time now = std::chrono::steady_clock::now();
  int64_t seen = settled_written_;
  while (seen < high_id_) {
    ASSIGN_OR_RETURN(const db::Rows ids,
                     connection.Query(absl::StrCat("SELECT id FROM ", account_->seal,
                                                   " WHERE id > ? ORDER BY id LIMIT ", kIdsPerPage),
                                      {seen}));
    for (const db::Row& row : ids) {
      if (row.Int(0) > seen + 1) holes_.Add(seen + 1, row.Int(0) - 1, now);
      seen = row.Int(0);
    }
    if (ids.empty()) break;
  }
  return absl::OkStatus();
}

absl::Status Sealing::Read(db::Connection& connection, Holes::Time now) {
  now_ = now;
  pending_.clear();
  oldest_ = absl::InfiniteFuture();
  more_ = false;
  RETURN_IF_ERROR(ReadHoles(connection));
  // Rows must be sealed in the order of their ids within a snapshot, so nothing may come before
  // what is left in a hole.
  if (more_) return absl::OkStatus();
  const size_t late = pending_.size();
  RETURN_IF_ERROR(ReadWhere(connection,
                            absl::StrCat("SELECT ", account_->columns, " FROM ", account_->table,
                                         " t WHERE t.id > ? ORDER BY t.id LIMIT ", kRowsPerPass),
                            {high_id_}));
  more_ = pending_.size() - late == kRowsPerPass;
  return absl::OkStatus();
}

absl::Status Sealing::ReadHoles(db::Connection& connection) {
  std::vector<int64_t> ids;
  for (const auto& [first, range] : holes_.ranges()) {
    if (range.last - first >= static_cast<int64_t>(kLongestList)) {
      RETURN_IF_ERROR(ReadIds(connection, ids));
      const size_t before = pending_.size();
      RETURN_IF_ERROR(ReadWhere(
          connection,
          absl::StrCat("SELECT ", account_->columns, " FROM ", account_->table,
                       " t WHERE t.id BETWEEN ? AND ? ORDER BY t.id LIMIT ", kRowsPerPass),
          {first, range.last}));
      more_ = pending_.size() - before == kRowsPerPass;
      if (more_) return absl::OkStatus();
      continue;
    }
    for (int64_t id = first; id <= range.last; ++id) {
      ids.push_back(id);
      if (ids.size() == kLongestList) RETURN_IF_ERROR(ReadIds(connection, ids));
    }
  }
  return ReadIds(connection, ids);
}

absl::Status Sealing::ReadIds(db::Connection& connection, std::vector<int64_t>& ids) {
  if (ids.empty()) return absl::OkStatus();
  const size_t size = *std::lower_bound(std::begin(kListSizes), std::end(kListSizes), ids.size());
  ids.resize(size, ids.back());
  const db::Args args(ids.begin(), ids.end());
  ids.clear();
  return ReadWhere(connection,
                   absl::StrCat("SELECT ", account_->columns, " FROM ", account_->table,
                                " t WHERE t.id IN (", db::Placeholders(size), ") ORDER BY t.id"),
                   args);
}

absl::Status Sealing::ReadWhere(db::Connection& connection, const std::string& sql,
                                const db::Args& args) {
  ASSIGN_OR_RETURN(const db::Rows rows, connection.Query(sql, args));
  for (const db::Row& row : rows) {
    const std::string& previous = pending_.empty() ? hash_ : pending_.back().hash;
    pending_.push_back({row.Int(0), ChainHash(previous, *account_, row, 0)});
    oldest_ = std::min(oldest_, row.Time(1));
  }
  return absl::OkStatus();
}

absl::Status Sealing::Write(db::Connection& connection) {
  for (size_t begin = 0; begin < pending_.size(); begin += InsertText::kMostRows) {
    const size_t end = std::min(pending_.size(), begin + InsertText::kMostRows);
    db::Args args;
    args.reserve((end - begin) * 3);
    for (size_t i = begin; i < end; ++i) {
      args.emplace_back(position_ + static_cast<int64_t>(i) + 1);
      args.emplace_back(pending_[i].id);
      args.emplace_back(pending_[i].hash);
    }
    RETURN_IF_ERROR(connection.Execute(insert_.For(end - begin), args).status());
  }
  return WriteSettled(connection);
}

absl::Status Sealing::WriteSettled(db::Connection& connection) {
  const int64_t settled = Settled();
  if (settled == settled_written_ || now_ - settled_written_at_ < kSettledEvery) {
    return absl::OkStatus();
  }
  settled_written_ = settled;
  settled_written_at_ = now_;
  return connection
      .Execute(
          "INSERT INTO sequencer_settled (stream, lo) VALUES (?, ?) "
          "ON DUPLICATE KEY UPDATE lo = VALUES(lo)",
          {account_->name, settled})
      .status();
}

void Sealing::Advance() {
  for (const Pending& row : pending_) {
    if (row.id < high_id_) {
      holes_.Fill(row.id);
      continue;
    }
    if (row.id > high_id_ + 1) holes_.Add(high_id_ + 1, row.id - 1, now_);
    high_id_ = row.id;
  }
  if (!pending_.empty()) {
    position_ += static_cast<int64_t>(pending_.size());
    hash_ = pending_.back().hash;
    pending_.clear();
  }
  // This pass looked into every hole, unless it was cut short: what was noticed longer ago than a
  // transaction can live is not there and never will be.
  if (!more_) holes_.DropNoticedBefore(now_ - hole_life_);
}

absl::StatusOr<int64_t> Sealing::CheckSettled(db::Connection& connection) {
  const int64_t settled = Settled();
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      connection.Query(
          absl::StrCat("SELECT t.id FROM ", account_->table, " t LEFT JOIN ", account_->seal,
                       " s ON s.id = t.id WHERE t.id > ? AND ",
                       "t.id <= ? AND s.id IS NULL ORDER BY t.id LIMIT ", kRowsPerPass),
          {check_from_, settled}));
  const Holes::Time now = std::chrono::steady_clock::now();
  for (const db::Row& row : rows) holes_.Add(row.Int(0), row.Int(0), now);
  if (rows.size() < kRowsPerPass) {
    check_from_ = check_next_;
    check_next_ = settled;
  }
  return static_cast<int64_t>(rows.size());
}

}  // namespace lscp
