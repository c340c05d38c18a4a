#pragma once

#include <functional>
#include <memory>

#include "common/db/connection.h"

namespace lscp::rpc {

// Worker threads, each owning its database session, behind a bounded queue: gRPC's reaction threads
// never block, and a flood is answered at once instead of waiting. Thread-safe.
class Executor {
 public:
  using Job = std::function<void(db::Session&)>;

  // `database` must outlive this.
  Executor(const db::Database* database, int workers, size_t queue_capacity);
  // Runs what is queued, then stops the workers.
  ~Executor();

  // Queues a job; false when the queue is full. A job that was taken is always run, so whoever
  // waits for it always gets an answer.
  [[nodiscard]] bool TrySubmit(Job job);

  // Queues a job whatever the queue's length: for work that was admitted before (an open stream).
  void Submit(Job job);

  // Jobs waiting, and the part of the workers that is busy, for metrics.
  size_t waiting() const;
  int busy() const;

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace lscp::rpc
