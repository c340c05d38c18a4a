#include "common/rpc/executor.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

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
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    work_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  bool Add(Job job, bool bounded) {
    {
      const std::lock_guard lock(mutex_);
      if (bounded && jobs_.size() >= capacity_) return false;
      jobs_.push_back(std::move(job));
    }
    work_.notify_one();
    return true;
  }

  size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return jobs_.size();
  }

  int busy() const {
    const std::lock_guard lock(mutex_);
    return busy_;
  }

 private:
  void Work() {
    db::Session session(database_);
    while (true) {
      Job job;
      {
        std::unique_lock lock(mutex_);
        work_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (jobs_.empty()) return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
        ++busy_;
      }
      job(session);
      job = nullptr;
      const std::lock_guard lock(mutex_);
      --busy_;
    }
  }

  const db::Database* const database_;
  const size_t capacity_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable work_;
  std::deque<Job> jobs_;
  int busy_ = 0;
  bool stopping_ = false;
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
