#include "common/rpc/executor.h"

#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace lscp::rpc {

class Executor::Pool {
 public:
  Pool(const db::Database* database, int workers, size_t capacity)
      : database_(database), capacity_(capacity) {
    threads_.reserve(workers);
    for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { Work(); });
  }

  ~Pool() {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    for (std::thread& thread : threads_) thread.join();
  }

  bool Add(Job job, bool bounded) {
    absl::MutexLock lock(&mutex_);
    if (bounded && jobs_.size() >= capacity_) return false;
    jobs_.push_back(std::move(job));
    return true;
  }

  size_t waiting() const {
    absl::MutexLock lock(&mutex_);
    return jobs_.size();
  }

  int busy() const {
    absl::MutexLock lock(&mutex_);
    return busy_;
  }

 private:
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !jobs_.empty(); }

  void Work() {
    db::Session session(database_);
    while (true) {
      Job job;
      {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(this, &Pool::HasWork));
        if (jobs_.empty()) return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
        ++busy_;
      }
      job(session);
      job = nullptr;
      absl::MutexLock lock(&mutex_);
      --busy_;
    }
  }

  const db::Database* const database_;
  const size_t capacity_;
  mutable absl::Mutex mutex_;
  std::deque<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  int busy_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

Executor::Executor(const db::Database* database, int workers, size_t queue_capacity)
    : pool_(std::make_unique<Pool>(database, workers, queue_capacity)) {}
Executor::~Executor() = default;

bool Executor::TrySubmit(Job job) { return pool_->Add(std::move(job), true); }
void Executor::Submit(Job job) { pool_->Add(std::move(job), false); }
size_t Executor::waiting() const { return pool_->waiting(); }
int Executor::busy() const { return pool_->busy(); }

}  // namespace lscp::rpc
