#include "common/timescales/store.h"

#include <charconv>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/paging/page_token.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::timescales {
namespace {

using safeguarding::timescales::v1::ListTimescalesRequest;
using safeguarding::timescales::v1::ListTimescalesResponse;

constexpr absl::Duration kEndedCountFor = absl::Hours(28 * 24);
constexpr char kRuns[] = "met_at IS NULL AND cancelled_at IS NULL";
constexpr char kColumns[] = "rule, subject, team, owner, started_at, due_at, met_at, cancelled_at";

std::string InList(size_t count) {
  std::string text = "(";
  for (size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
  return text + ")";
}

// A WHERE clause with its arguments.
struct Condition {
  std::string sql;
  db::Args args;

  void And(std::string_view text, std::initializer_list<db::Value> values = {}) {
    absl::StrAppend(&sql, sql.empty() ? "" : " AND ", std::string(text));
    args.insert(args.end(), values);
  }
};

Condition InBoroughs(const std::vector<std::string>& boroughs) {
  Condition condition;
  condition.And("borough IN " + InList(boroughs.size()));
  condition.args.assign(boroughs.begin(), boroughs.end());
  return condition;
}

// Rows are listed by (due_at, subject, rule, started_at); times as microseconds in a token.
struct Key {
  absl::Time due_at;
  std::string subject;
  std::string rule;
  absl::Time started_at;
};
constexpr size_t kKeyParts = 4;

std::string EncodeKey(uint64_t query_hash, const db::Row& row) {
  return EncodePageToken(query_hash, {absl::StrCat(absl::ToUnixMicros(row.Time(5))), row.Text(1),
                                      row.Text(0), absl::StrCat(absl::ToUnixMicros(row.Time(4)))});
}

// Nothing unless it is a time that a DATETIME can hold: a token may be made up.
std::optional<absl::Time> TimeOfKey(const std::string& text) {
  constexpr int64_t kLast = 253'402'300'799'999'999;  // the end of the year 9999
  int64_t micros = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), micros);
  if (error != std::errc() || end != text.data() + text.size() || micros < 0 || micros > kLast) {
    return std::nullopt;
  }
  return absl::FromUnixMicros(micros);
}

absl::StatusOr<Key> DecodeKey(const std::string& token, uint64_t query_hash) {
  ASSIGN_OR_RETURN(const std::vector<std::string> parts,
                   DecodePageToken(token, query_hash, kKeyParts));
  const auto due_at = TimeOfKey(parts[0]);
  const auto started_at = TimeOfKey(parts[3]);
  if (!due_at || !started_at) return PageTokenMismatch();
  return Key{*due_at, parts[1], parts[2], *started_at};
}

Condition Wanted(const ListTimescalesRequest& request, const std::vector<std::string>& boroughs,
                 std::string_view person, absl::Time now) {
  Condition condition = InBoroughs(boroughs);
  const bool running =
      !request.include_ended() || request.overdue() || request.due_within_days() > 0;
  if (running) condition.And(kRuns);
  if (!request.subject().empty()) condition.And("subject = ?", {request.subject()});
  if (!request.rule().empty()) condition.And("rule = ?", {request.rule()});
  if (!request.team().empty()) condition.And("team = ?", {request.team()});
  if (request.mine()) condition.And("owner = ?", {person});
  if (request.overdue()) condition.And("due_at < ?", {now});
  if (request.due_within_days() > 0) {
    condition.And("due_at <= ?", {EndOfDay(LondonDay(now) + request.due_within_days())});
  }
  return condition;
}

void AddAfter(const Key& key, Condition& condition) {
  // The first term is what the index can use.
  condition.And(
      "due_at >= ? AND (due_at > ? OR subject > ? OR (subject = ? AND "
      "(rule > ? OR (rule = ? AND started_at > ?))))",
      {key.due_at, key.due_at, key.subject, key.subject, key.rule, key.rule, key.started_at});
}

Timescale FromRow(const db::Row& row, absl::Time now) {
  Timescale clock;
  clock.set_rule(row.Text(0));
  clock.set_subject(row.Text(1));
  clock.set_team(row.Text(2));
  clock.set_owner(row.Text(3));
  *clock.mutable_start_time() = TimeToProto(row.Time(4));
  *clock.mutable_due_time() = TimeToProto(row.Time(5));
  if (row.Has(6)) *clock.mutable_met_time() = TimeToProto(row.Time(6));
  clock.set_state(StateAt(clock, row.Has(7), now));
  return clock;
}

absl::StatusOr<int64_t> Update(db::Connection& db, std::string_view set, const db::Args& values,
                               std::string_view which, const db::Args& keys) {
  db::Args args = values;
  args.insert(args.end(), keys.begin(), keys.end());
  return db.Execute(absl::StrCat("UPDATE timescales SET ", std::string(set), " WHERE ",
                                 std::string(which), " AND ", kRuns),
                    args);
}

constexpr char kOfSubject[] = "subject = ?";
constexpr char kOfRule[] = "subject = ? AND rule = ?";

}  // namespace

absl::Status Start(db::Connection& db, std::string_view borough,
                   const std::vector<NewClock>& clocks) {
  if (clocks.empty()) return absl::OkStatus();
  std::string sql =
      "INSERT INTO timescales (borough, subject, rule, started_at, due_at, team, owner, met_at) "
      "VALUES ";
  db::Args args;
  for (const NewClock& clock : clocks) {
    absl::StrAppend(&sql, args.empty() ? "" : ", ", "(?, ?, ?, ?, ?, ?, ?, ?)");
    const db::Args row = {borough,      clock.subject, clock.rule,  clock.started_at,
                          clock.due_at, clock.team,    clock.owner, clock.met_at};
    args.insert(args.end(), row.begin(), row.end());
  }
  return db.Execute(sql, args).status();
}

absl::StatusOr<bool> Meet(db::Connection& db, std::string_view subject, std::string_view rule,
                          absl::Time at) {
  ASSIGN_OR_RETURN(const int64_t met, Update(db, "met_at = ?", {at}, kOfRule, {subject, rule}));
  return met > 0;
}

absl::StatusOr<int64_t> Cancel(db::Connection& db, std::string_view subject, std::string_view rule,
                               absl::Time at) {
  return Update(db, "cancelled_at = ?", {at}, kOfRule, {subject, rule});
}

absl::StatusOr<int64_t> CancelAll(db::Connection& db, std::string_view subject, absl::Time at) {
  return Update(db, "cancelled_at = ?", {at}, kOfSubject, {subject});
}

absl::StatusOr<int64_t> Reassign(db::Connection& db, std::string_view subject,
                                 std::string_view team, std::string_view owner) {
  return Update(db, "team = ?, owner = ?", {team, owner}, kOfSubject, {subject});
}

absl::StatusOr<bool> Extend(db::Connection& db, std::string_view subject, std::string_view rule,
                            absl::Time due_at) {
  ASSIGN_OR_RETURN(const int64_t moved,
                   Update(db, "due_at = ?", {due_at}, kOfRule, {subject, rule}));
  return moved > 0;
}

absl::StatusOr<ListTimescalesResponse> List(db::Connection& db,
                                            const ListTimescalesRequest& request,
                                            const std::vector<std::string>& boroughs,
                                            std::string_view person, absl::Time now) {
  ListTimescalesResponse response;
  // What nobody is allocated to has an empty owner, and is not "mine" to a caller without a person.
  if (boroughs.empty() || (request.mine() && person.empty())) return response;

  Condition condition = Wanted(request, boroughs, person, now);
  const uint64_t query_hash = QueryHash(request);
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const Key key, DecodeKey(request.page_token(), query_hash));
    AddAfter(key, condition);
  }
  const int page_size = PageSize(request.page_size());
  condition.args.emplace_back(page_size + 1);  // one more tells whether there is another page
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query(absl::StrCat("SELECT ", kColumns, " FROM timescales WHERE ", condition.sql,
                            " ORDER BY due_at, subject, rule, started_at LIMIT ?"),
               condition.args));
  for (const db::Row& row : rows) {
    if (response.timescales_size() == page_size) {
      response.set_next_page_token(EncodeKey(query_hash, rows[page_size - 1]));
      break;
    }
    *response.add_timescales() = FromRow(row, now);
  }
  return response;
}

Timescale::State StateAt(const Timescale& clock, bool cancelled, absl::Time now) {
  if (cancelled) return Timescale::STATE_CANCELLED;
  const absl::Time due = ProtoToTime(clock.due_time()).value_or(absl::InfiniteFuture());
  if (clock.has_met_time()) {
    const absl::Time met = ProtoToTime(clock.met_time()).value_or(absl::InfinitePast());
    return met <= due ? Timescale::STATE_MET : Timescale::STATE_MET_LATE;
  }
  return now <= due ? Timescale::STATE_RUNNING : Timescale::STATE_OVERDUE;
}

absl::StatusOr<std::vector<Count>> CountByState(db::Connection& db,
                                                const std::vector<std::string>& boroughs,
                                                absl::Time now) {
  std::vector<Count> counts;
  if (boroughs.empty()) return counts;
  // Each part reads a range of the index `due`, which holds everything it needs.
  struct Part {
    const char* late;  // 1 of a clock in `second`, 0 in `first`
    const char* which;
    absl::Time argument;  // of the one placeholder in the two
    Timescale::State first;
    Timescale::State second;
  };
  const Part parts[] = {
      {"due_at < ?", "met_at IS NULL AND cancelled_at IS NULL", now, Timescale::STATE_RUNNING,
       Timescale::STATE_OVERDUE},
      {"met_at > due_at", "met_at >= ?", now - kEndedCountFor, Timescale::STATE_MET,
       Timescale::STATE_MET_LATE},
      {"0", "met_at IS NULL AND cancelled_at >= ?", now - kEndedCountFor,
       Timescale::STATE_CANCELLED, Timescale::STATE_CANCELLED},
  };
  for (const Part& part : parts) {
    const Condition condition = InBoroughs(boroughs);
    const bool in_select = std::string_view(part.late).find('?') != std::string_view::npos;
    db::Args args = condition.args;
    args.insert(in_select ? args.begin() : args.end(), part.argument);
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        db.Query(absl::StrCat("SELECT ", part.late, " AS late, borough, rule, COUNT(*) ",
                              "FROM timescales WHERE ", condition.sql, " AND ", part.which,
                              " GROUP BY borough, rule, late"),
                 args));
    for (const db::Row& row : rows) {
      counts.push_back(
          {row.Text(1), row.Text(2), row.Int(0) != 0 ? part.second : part.first, row.Int(3)});
    }
  }
  return counts;
}

absl::StatusOr<std::vector<Count>> CountDueWithin(db::Connection& db,
                                                  const std::vector<std::string>& boroughs,
                                                  absl::Time now, absl::Duration within) {
  std::vector<Count> counts;
  if (boroughs.empty()) return counts;
  Condition condition = InBoroughs(boroughs);
  condition.And(kRuns);
  condition.And("due_at >= ? AND due_at <= ?", {now, now + within});
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query(absl::StrCat("SELECT borough, rule, COUNT(*) FROM timescales WHERE ",
                                         condition.sql, " GROUP BY borough, rule"),
                            condition.args));
  for (const db::Row& row : rows) {
    counts.push_back({row.Text(0), row.Text(1), Timescale::STATE_RUNNING, row.Int(2)});
  }
  return counts;
}

}  // namespace lscp::timescales
