#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/db/connection.h"
#include "common/journal/call.h"

namespace lscp {

// Makes disclosures durable before they are answered. Concurrent reads share commits: one writer
// thread takes whatever is waiting (up to 64 rows) into one multi-row INSERT; nobody waits for a
// timer. Thread-safe.
class Disclosures {
 public:
  // Starts the writer. `database` must outlive this.
  explicit Disclosures(const db::Database* database, size_t capacity = 4096);
  // Finishes what is queued (failing it if the database is away), then stops the writer.
  ~Disclosures();

  // Writes one row for each resource and then calls `done` (quickly), once, on a thread of its own:
  // OK when all rows are durable, else the reply must not be given: UNAVAILABLE while the database
  // is away, INTERNAL if the record itself is refused. At once and on this thread
  // RESOURCE_EXHAUSTED, when the queue is full, and OK, when there are no resources.
  void Write(const Call& call, std::vector<std::string> resources,
             std::function<void(absl::Status)> done);

 private:
  class Writer;
  std::unique_ptr<Writer> writer_;
};

}  // namespace lscp
