#include "common/journal/disclosures.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <span>
#include <thread>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "common/journal/insert_text.h"
#include "common/status/error.h"

namespace lscp {
namespace {

constexpr size_t kColumns = 9;

// What waits for the rows of one call. Only the answering thread touches it after it was queued.
struct Ticket {
  size_t rows_left;
  absl::Status status;
  std::function<void(absl::Status)> done;
};

struct Record {
  db::Args columns;
  std::shared_ptr<Ticket> ticket;
};

// What became of a row.
struct Result {
  std::shared_ptr<Ticket> ticket;
  absl::Status status;
};

// Tells those who wait, on a thread of its own, so that the next rows are written meanwhile.
class Answerer {
 public:
  Answerer() : thread_([this] { Run(); }) {}

  // Tells everybody, then stops.
  ~Answerer() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void Tell(std::vector<Result> results) {
    {
      std::lock_guard lock(mutex_);
      std::move(results.begin(), results.end(), std::back_inserter(queue_));
    }
    wake_.notify_one();
  }

 private:
  void Run() {
    while (true) {
      std::vector<Result> results;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        results.swap(queue_);
      }
      for (const Result& result : results) Settle(*result.ticket, result.status);
    }
  }

  static void Settle(Ticket& ticket, const absl::Status& status) {
    if (!status.ok()) ticket.status = status;
    if (--ticket.rows_left == 0) ticket.done(ticket.status);
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Result> queue_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

// A repetition whose first outcome is unknown can be told from a second disclosure by this.
std::string NewEventId() {
  thread_local std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return absl::StrFormat("%016x%016x", random(), random());
}

absl::Status NotDurable() {
  return BackendUnavailable("the disclosure could not be recorded, so nothing is disclosed");
}

}  // namespace

class Disclosures::Writer {
 public:
  Writer(const db::Database* database, size_t capacity)
      : database_(database), capacity_(capacity), thread_([this] { Run(); }) {}

  ~Writer() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  // False if there is no room.
  bool Enqueue(std::vector<Record> records) {
    {
      std::lock_guard lock(mutex_);
      if (queue_.size() + records.size() > capacity_) return false;
      std::move(records.begin(), records.end(), std::back_inserter(queue_));
    }
    wake_.notify_one();
    return true;
  }

 private:
  void Run() {
    while (true) {
      std::vector<Record> batch;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        const size_t rows = std::min(queue_.size(), InsertText::kMostRows);
        batch.assign(std::move_iterator(queue_.begin()), std::move_iterator(queue_.begin() + rows));
        queue_.erase(queue_.begin(), queue_.begin() + rows);
      }
      WriteBatch(batch);
    }
  }

  void WriteBatch(std::span<const Record> batch) {
    const absl::Status status = Insert(batch);
    if (absl::IsInternal(status) && batch.size() > 1) return WriteEach(batch);
    if (absl::IsUnavailable(status)) return FailAll(batch);
    Tell(batch, status);
  }

  void Tell(std::span<const Record> batch, const absl::Status& status) {
    std::vector<Result> results;
    results.reserve(batch.size());
    for (const Record& record : batch) results.push_back({record.ticket, status});
    answerer_.Tell(std::move(results));
  }

  // The data of a row is refused: each is written on its own, so that a bad one fails nobody else.
  void WriteEach(std::span<const Record> batch) {
    for (size_t i = 0; i < batch.size(); ++i) {
      const absl::Status status = Insert(batch.subspan(i, 1));
      if (absl::IsUnavailable(status)) return FailAll(batch.subspan(i));
      Tell(batch.subspan(i, 1), status);
    }
  }

  // The database is away. Who waits behind the batch would only wait for the same answer.
  void FailAll(std::span<const Record> batch) {
    std::vector<Record> waiting;
    {
      std::lock_guard lock(mutex_);
      waiting.assign(std::move_iterator(queue_.begin()), std::move_iterator(queue_.end()));
      queue_.clear();
    }
    Tell(batch, NotDurable());
    Tell(waiting, NotDurable());
  }

  // OK, INTERNAL if the rows are refused, else UNAVAILABLE. A connection that was lost while idle
  // is replaced and the rows are written again: twice is harmless, not at all is not.
  absl::Status Insert(std::span<const Record> batch) {
    for (int attempt = 0; attempt < 2; ++attempt) {
      const absl::Status status = TryInsert(batch);
      if (status.ok() || absl::IsInternal(status)) return status;
    }
    return NotDurable();
  }

  absl::Status TryInsert(std::span<const Record> batch) {
    static const InsertText kInsert(
        "INSERT INTO disclosures (event_id, at, borough, agency, person, purpose, method, "
        "trace_id, resource) VALUES ",
        kColumns);
    if (connection_ == nullptr || connection_->broken()) {
      connection_.reset();
      auto connection = database_->Connect(db::Mode::kAutocommit);
      if (!connection.ok()) return NotDurable();
      connection_ = *std::move(connection);
    }
    db::Args args;
    args.reserve(batch.size() * kColumns);
    for (const Record& record : batch) {
      args.insert(args.end(), record.columns.begin(), record.columns.end());
    }
    return connection_->Execute(kInsert.For(batch.size()), args).status();
  }

  const db::Database* const database_;
  const size_t capacity_;
  std::unique_ptr<db::Connection> connection_;  // the thread's
  Answerer answerer_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Record> queue_;
  bool stopping_ = false;

  std::thread thread_;  // last: it uses the others
};

Disclosures::Disclosures(const db::Database* database, size_t capacity)
    : writer_(std::make_unique<Writer>(database, capacity)) {}

Disclosures::~Disclosures() = default;

void Disclosures::Write(const Call& call, std::vector<std::string> resources,
                        std::function<void(absl::Status)> done) {
  if (resources.empty()) return done(absl::OkStatus());
  auto ticket = std::make_shared<Ticket>(Ticket{resources.size(), absl::OkStatus(), nullptr});
  std::vector<Record> records;
  records.reserve(resources.size());
  for (std::string& resource : resources) {
    records.push_back(
        {{NewEventId(), call.now, call.borough, call.caller.agency, call.caller.person,
          call.caller.purpose, call.method, call.trace_id, std::move(resource)},
         ticket});
  }
  ticket->done = done;
  if (!writer_->Enqueue(std::move(records))) {
    done(WithRetryAfter(Error(absl::StatusCode::kResourceExhausted, reason::ERROR_REASON_OVERLOADED,
                              "too many disclosures are waiting to be recorded"),
                        absl::Milliseconds(100)));
  }
}

}  // namespace lscp
