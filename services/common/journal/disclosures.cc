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

// What waits for the rows of one call. Only the writer's thread touches it after it was queued.
struct Ticket {
  size_t rows_left;
  absl::Status status;
  std::function<void(absl::Status)> done;
};

struct Record {
  db::Args columns;
  std::shared_ptr<Ticket> ticket;
};

void Settle(const Record& record, const absl::Status& status) {
  Ticket& ticket = *record.ticket;
  if (!status.ok()) ticket.status = status;
  if (--ticket.rows_left == 0) ticket.done(ticket.status);
}

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
    for (const Record& record : batch) Settle(record, status);
  }

  // The data of a row is refused: each is written on its own, so that a bad one fails nobody else.
  void WriteEach(std::span<const Record> batch) {
    for (size_t i = 0; i < batch.size(); ++i) {
      const absl::Status status = Insert(batch.subspan(i, 1));
      if (absl::IsUnavailable(status)) return FailAll(batch.subspan(i));
      Settle(batch[i], status);
    }
  }

  // The database is away. Who waits behind the batch would only wait for the same answer.
  void FailAll(std::span<const Record> batch) {
    std::deque<Record> waiting;
    {
      std::lock_guard lock(mutex_);
      waiting.swap(queue_);
    }
    for (const Record& record : batch) Settle(record, NotDurable());
    for (const Record& record : waiting) Settle(record, NotDurable());
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
