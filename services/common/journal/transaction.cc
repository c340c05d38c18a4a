#include "common/journal/transaction.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/journal/chain.h"
#include "common/journal/insert_text.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "google/protobuf/any.pb.h"

namespace lscp {
namespace {

using Body = std::function<absl::StatusOr<std::string>(Transaction&)>;

constexpr int kAttempts = 4;
constexpr absl::Duration kFirstDelay = absl::Milliseconds(4);

absl::Status TooLate() {
  return Error(absl::StatusCode::kDeadlineExceeded, reason::ERROR_REASON_TOO_LATE,
               "the deadline passed; nothing was changed");
}

// One of the database's own ABORTED, not one that tells the caller to decide again.
bool IsContention(const absl::Status& status) {
  return absl::IsAborted(status) && ReasonOf(status) != reason::ERROR_REASON_ETAG_MISMATCH;
}

void AppendRow(db::Args& args, const Call& call, const RequestKey& key, const JournalEntry& entry,
               const std::optional<std::string>& reply) {
  std::optional<std::string> type, subject, event;
  if (entry.event) {
    type = entry.event->type;
    subject = entry.event->subject;
    event = entry.event->content;
  }
  std::optional<std::string> request_id, digest;
  if (reply && !key.request_id.empty()) {
    request_id = key.request_id;
    digest = key.digest;
  }
  args.insert(
      args.end(),
      {call.now, call.borough, call.caller.agency, call.caller.person, call.caller.purpose,
       call.method, call.trace_id, request_id, digest, entry.resource, entry.revision,
       ContentDigest(entry.payload, event, reply), entry.payload, type, subject, event, reply});
}

// The first row remembers the request and its reply.
absl::Status WriteJournal(Transaction& transaction, const RequestKey& key,
                          const std::string& reply) {
  static const InsertText kInsert(
      "INSERT INTO journal (at, borough, agency, person, purpose, method, trace_id, request_id, "
      "request_digest, resource, revision, content_digest, payload, event_type, event_subject, "
      "event, reply) VALUES ",
      17);
  const std::vector<JournalEntry>& entries = transaction.entries();
  for (size_t begin = 0; begin < entries.size(); begin += InsertText::kMostRows) {
    const size_t end = std::min(entries.size(), begin + InsertText::kMostRows);
    db::Args args;
    args.reserve((end - begin) * 17);
    for (size_t i = begin; i < end; ++i) {
      AppendRow(args, transaction.call(), key, entries[i],
                i == 0 ? std::optional(reply) : std::nullopt);
    }
    const auto inserted = transaction.db().Execute(kInsert.For(end - begin), args);
    // Either the request is known, which the caller finds out, or somebody else has made this
    // revision first, and the body will see that when it runs again.
    if (absl::IsAlreadyExists(inserted.status())) {
      return absl::AbortedError("a journal row with the same key was written first");
    }
    RETURN_IF_ERROR(inserted.status());
  }
  return absl::OkStatus();
}

absl::Status Finish(Transaction& transaction, const RequestKey& key, const std::string& reply) {
  if (transaction.entries().empty()) {
    return absl::InternalError(
        absl::StrCat(transaction.call().method, " recorded no change of any resource"));
  }
  RETURN_IF_ERROR(WriteJournal(transaction, key, reply));
  if (absl::Now() >= transaction.call().deadline) return TooLate();
  return transaction.db().Commit();
}

// How a run of the body ended.
struct Run {
  absl::StatusOr<std::string> reply;
  bool nothing_changed = false;
};

// One run of the body in a transaction of its own; `key` is null for a rehearsal.
Run Attempt(db::Session& session, const Call& call, const RequestKey* key, const Body& body) {
  const auto connection = session.Writer();
  if (!connection.ok()) return {connection.status()};
  Transaction transaction(*connection, &call);
  Run run = {body(transaction), transaction.nothing_changed()};
  const bool keep = run.reply.ok() && key != nullptr && !run.nothing_changed;
  if (keep) {
    if (absl::Status status = Finish(transaction, *key, *run.reply); !status.ok()) {
      run.reply = status;
    }
  }
  if (!run.reply.ok() || !keep) (*connection)->Rollback();
  return run;
}

// What was answered to the request before; nullopt if it is new.
absl::StatusOr<std::optional<std::string>> Remembered(db::Session& session, const Call& call,
                                                      const RequestKey& key) {
  if (key.request_id.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(db::Connection* const connection, session.Reader());
  ASSIGN_OR_RETURN(const db::Rows rows,
                   connection->Query("SELECT request_digest, reply FROM journal "
                                     "WHERE agency = ? AND person = ? AND request_id = ?",
                                     {call.caller.agency, call.caller.person, key.request_id}));
  if (rows.empty()) return std::nullopt;
  if (rows[0].Text(0) != key.digest) {
    return Error(absl::StatusCode::kAlreadyExists, reason::ERROR_REASON_REQUEST_ID_REUSED,
                 "request_id was used for a different request");
  }
  if (!rows[0].Has(1)) {
    return Error(absl::StatusCode::kAlreadyExists, reason::ERROR_REASON_REQUEST_ID_REUSED,
                 "request_id was used long ago, and its answer has been erased");
  }
  return rows[0].Text(1);
}

// Waits before the next attempt; false if there is no time left for one.
bool BackOff(int attempt, absl::Time deadline) {
  thread_local std::minstd_rand random{std::random_device()()};
  const double jitter = std::uniform_real_distribution<double>(0.5, 1.5)(random);
  const absl::Duration delay = kFirstDelay * (1 << attempt) * jitter;
  if (absl::Now() + delay >= deadline) return false;
  absl::SleepFor(delay);
  return true;
}

}  // namespace

Event MakeEvent(std::string type, std::string subject, const google::protobuf::Message& content) {
  google::protobuf::Any any;
  any.PackFrom(content);
  return {std::move(type), std::move(subject), any.SerializeAsString()};
}

absl::StatusOr<std::string> RunMutation(db::Session& session, const Call& call,
                                        const RequestKey& key, const Body& body, bool* replayed) {
  *replayed = false;
  for (int attempt = 0;; ++attempt) {
    if (absl::Now() >= call.deadline) return TooLate();
    auto [reply, nothing_changed] = Attempt(session, call, &key, body);
    if (reply.ok() && !nothing_changed) return reply;
    // Whatever stood in the way, a wrong etag say, may be the work of the same request's first run.
    // A memory that can't be read makes the error unfit to be given.
    ASSIGN_OR_RETURN(std::optional<std::string> remembered, Remembered(session, call, key));
    if (remembered) {
      *replayed = true;
      return *std::move(remembered);
    }
    if (reply.ok() || !IsContention(reply.status())) return reply;
    if (attempt + 1 == kAttempts || !BackOff(attempt, call.deadline)) {
      return BackendUnavailable("too many changes at the same time; nothing was changed");
    }
  }
}

absl::StatusOr<std::string> RunRehearsal(db::Session& session, const Call& call, const Body& body) {
  for (int attempt = 0;; ++attempt) {
    if (absl::Now() >= call.deadline) return TooLate();
    absl::StatusOr<std::string> reply = Attempt(session, call, nullptr, body).reply;
    if (reply.ok() || !IsContention(reply.status())) return reply;
    if (attempt + 1 == kAttempts || !BackOff(attempt, call.deadline)) {
      return BackendUnavailable("too many changes at the same time; nothing was changed");
    }
  }
}

}  // namespace lscp
