#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/db/connection.h"
#include "common/journal/call.h"
#include "google/protobuf/message.h"

namespace lscp {

// What other services are told about a change. `subject` is the resource whose events keep their
// order.
struct Event {
  std::string type;
  std::string subject;
  std::string content;  // serialised google.protobuf.Any
};

// Makes an event of a message.
Event MakeEvent(std::string type, std::string subject, const google::protobuf::Message& content);

// One changed resource, as it now is.
struct JournalEntry {
  std::string resource;
  int64_t revision = 0;
  std::string payload;  // the resource, serialised
  std::optional<Event> event;
};

// What a mutation does its work with. It exists between BEGIN and COMMIT, on one worker's thread.
class Transaction {
 public:
  Transaction(db::Connection* connection, const Call* call)
      : connection_(connection), call_(call) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  db::Connection& db() { return *connection_; }
  const Call& call() const { return *call_; }
  const Caller& caller() const { return call_->caller; }
  absl::Time now() const { return call_->now; }

  // Says that a resource was changed; written by the platform, with the reply, just before COMMIT.
  // Every mutation records each resource it changes exactly once.
  void Record(JournalEntry entry) { entries_.push_back(std::move(entry)); }
  const std::vector<JournalEntry>& entries() const { return entries_; }

  // Says that there was nothing to do, as when all that the request tells was known before: the
  // mutation may then end without a record. It is rolled back, and the request is not remembered.
  void NothingChanged() { nothing_changed_ = true; }
  bool nothing_changed() const { return nothing_changed_ && entries_.empty(); }

 private:
  db::Connection* connection_;
  const Call* call_;
  std::vector<JournalEntry> entries_;
  bool nothing_changed_ = false;
};

// The memory of a request: answers a repetition, unmasks a different request under the same id.
struct RequestKey {
  std::string request_id;  // lower-case UUID; empty: the call cannot be repeated
  std::string digest;      // SHA-256 of the method and the request's bytes
};

// Runs a mutation as one transaction: `body`, then its journal rows with `reply` (what body
// returned, serialised), then COMMIT. A deadlock or lock wait runs it again, a few times, in a new
// transaction, so `body` must have no other effects. A request that was answered before changes
// nothing: its reply is returned, also when `body` can no longer succeed.
//
// Result: the serialised reply; `*replayed` tells whether it is an old one. Nothing is changed on
// any error, but UNAVAILABLE at COMMIT, when the outcome is unknown: asking again with the same
// request_id finds out. Errors: ALREADY_EXISTS REQUEST_ID_REUSED; body's; the database's;
// UNAVAILABLE when the attempts are used up; DEADLINE_EXCEEDED; INTERNAL if nothing was recorded
// and body didn't say that nothing changed.
absl::StatusOr<std::string> RunMutation(
    db::Session& session, const Call& call, const RequestKey& key,
    const std::function<absl::StatusOr<std::string>(Transaction&)>& body, bool* replayed);

// As RunMutation, but rolled back after `body` (`validate_only`): same checks, no effect.
absl::StatusOr<std::string> RunRehearsal(
    db::Session& session, const Call& call,
    const std::function<absl::StatusOr<std::string>(Transaction&)>& body);

// What a read does its work with, on one worker's thread.
class Reading {
 public:
  Reading(db::Connection* connection, const Call* call) : connection_(connection), call_(call) {}
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  db::Connection& db() { return *connection_; }
  const Call& call() const { return *call_; }
  const Caller& caller() const { return call_->caller; }
  absl::Time now() const { return call_->now; }

  // Says that the reply will hold personal data of this resource. The reply leaves after the
  // disclosure's row is durable.
  void Disclose(std::string resource) { disclosed_.push_back(std::move(resource)); }
  const std::vector<std::string>& disclosed() const { return disclosed_; }

 private:
  db::Connection* connection_;
  const Call* call_;
  std::vector<std::string> disclosed_;
};

}  // namespace lscp
