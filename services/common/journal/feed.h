#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/connection.h"

namespace lscp {

// A sealed row of the journal, as streams and the event relay see it.
struct FeedEntry {
  int64_t position = 0;
  int64_t journal_id = 0;
  absl::Time at;
  std::string borough;
  std::string agency;
  std::string method;
  std::string resource;
  int64_t revision = 0;
  std::string payload;  // empty after its retention ended
  std::string event_type;
  std::string event_subject;
  std::string event;  // serialised google.protobuf.Any
};

// Follows the sealed journal. Thread-safe. Keeps the newest entries in memory, so that any number
// of streams cost one query per change.
class Feed {
 public:
  // Starts the following thread; `database` must outlive this. While the database is away it keeps
  // trying.
  explicit Feed(const db::Database* database);
  ~Feed();

  // Position of the newest sealed entry known here; -1 until the database was first reached.
  int64_t head() const;

  // Entries after `position`, in order, at most `limit`; empty when there are none yet. Served from
  // memory when recent, else by a query on the calling (worker) thread's connection.
  absl::StatusOr<std::vector<FeedEntry>> Read(db::Connection& connection, int64_t position,
                                              size_t limit) const;
  // The same from memory alone; nullopt when the entries are not held and a query is needed.
  std::optional<std::vector<FeedEntry>> ReadRecent(int64_t position, size_t limit) const;

  // Calls `on_advance` (quickly; from the following thread) whenever the head has moved, until the
  // returned subscription is destroyed, which waits for a call that is running: so not from within
  // that call, nor under a lock that it takes. The subscription may outlive the feed. To miss
  // nothing, subscribe first and read then.
  class Subscription {
   public:
    virtual ~Subscription() = default;
  };
  [[nodiscard]] std::unique_ptr<Subscription> Subscribe(std::function<void()> on_advance);

 private:
  class Follower;
  std::unique_ptr<Follower> follower_;
};

}  // namespace lscp
