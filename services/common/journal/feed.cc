#include "common/journal/feed.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/journal/nap.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

constexpr size_t kMostEntries = 8192;
constexpr size_t kMostBytes = 64u << 20;
constexpr size_t kRowsPerQuery = 200;
constexpr absl::Duration kBusyPause = absl::Milliseconds(5);
constexpr absl::Duration kIdlePause = absl::Milliseconds(50);
constexpr absl::Duration kLongestBackOff = absl::Seconds(2);

using EntryPtr = std::shared_ptr<const FeedEntry>;

FeedEntry FromRow(const db::Row& row) {
  return {
      .position = row.Int(0),
      .journal_id = row.Int(1),
      .at = row.Time(2),
      .borough = row.Text(3),
      .agency = row.Text(4),
      .method = row.Text(5),
      .resource = row.Text(6),
      .revision = row.Int(7),
      .payload = row.Text(8),
      .event_type = row.Text(9),
      .event_subject = row.Text(10),
      .event = row.Text(11),
  };
}

absl::StatusOr<std::vector<FeedEntry>> QueryAfter(db::Connection& connection, int64_t position,
                                                  size_t limit) {
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      connection.Query("SELECT s.pos, t.id, t.at, t.borough, t.agency, t.method, t.resource, "
                       "t.revision, t.payload, t.event_type, t.event_subject, t.event "
                       "FROM journal_seal s JOIN journal t ON t.id = s.id "
                       "WHERE s.pos > ? ORDER BY s.pos LIMIT ?",
                       {position, static_cast<int64_t>(limit)}));
  std::vector<FeedEntry> entries;
  entries.reserve(rows.size());
  for (const db::Row& row : rows) entries.push_back(FromRow(row));
  return entries;
}

size_t BytesOf(const FeedEntry& entry) {
  return sizeof(FeedEntry) + entry.payload.size() + entry.event.size();
}

// The newest entries, up to the head. Not thread-safe.
class Recent {
 public:
  int64_t head() const { return head_; }

  void Start(int64_t head) { floor_ = head_ = head; }

  void Append(FeedEntry entry) {
    head_ = entry.position;
    bytes_ += BytesOf(entry);
    entries_.push_back(std::make_shared<const FeedEntry>(std::move(entry)));
    while (entries_.size() > kMostEntries || bytes_ > kMostBytes) {
      floor_ = entries_.front()->position;
      bytes_ -= BytesOf(*entries_.front());
      entries_.pop_front();
    }
  }

  // Entries after `position`; nullopt if some of them are not held.
  std::optional<std::vector<EntryPtr>> After(int64_t position, size_t limit) const {
    if (head_ < 0 || position < floor_) return std::nullopt;
    const auto begin = std::upper_bound(
        entries_.begin(), entries_.end(), position,
        [](int64_t wanted, const EntryPtr& entry) { return wanted < entry->position; });
    const size_t count = std::min<size_t>(limit, entries_.end() - begin);
    return std::vector<EntryPtr>(begin, begin + static_cast<std::ptrdiff_t>(count));
  }

 private:
  std::deque<EntryPtr> entries_;
  size_t bytes_ = 0;
  int64_t floor_ = -1;  // everything after it is held
  int64_t head_ = -1;
};

struct Listener {
  std::mutex mutex;  // held during a call
  std::function<void()> on_advance;
};

class Subscribed : public Feed::Subscription {
 public:
  explicit Subscribed(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
  ~Subscribed() override {
    std::lock_guard lock(listener_->mutex);
    listener_->on_advance = nullptr;
  }

 private:
  std::shared_ptr<Listener> listener_;
};

}  // namespace

class Feed::Follower {
 public:
  explicit Follower(const db::Database* database)
      : database_(database), thread_([this](const std::stop_token& stop) { Run(stop); }) {}

  int64_t head() const {
    std::lock_guard lock(mutex_);
    return recent_.head();
  }

  std::optional<std::vector<EntryPtr>> After(int64_t position, size_t limit) const {
    std::lock_guard lock(mutex_);
    return recent_.After(position, limit);
  }

  void Add(std::shared_ptr<Listener> listener) {
    std::lock_guard lock(mutex_);
    listeners_.push_back(std::move(listener));
  }

 private:
  void Run(const std::stop_token& stop) {
    absl::Duration pause = kBusyPause;
    while (!stop.stop_requested()) {
      const absl::StatusOr<size_t> read = Advance();
      if (read.ok() && *read == kRowsPerQuery) continue;
      if (!read.ok()) {
        pause = std::min(2 * pause, kLongestBackOff);
      } else {
        pause = *read > 0 ? kBusyPause : std::min(2 * pause, kIdlePause);
      }
      Nap(stop, pause);
    }
  }

  // Reads what is new. Result: how many entries that were.
  absl::StatusOr<size_t> Advance() {
    if (connection_ == nullptr || connection_->broken()) {
      connection_.reset();
      ASSIGN_OR_RETURN(connection_, database_->Connect(db::Mode::kAutocommit));
    }
    if (head() < 0) {
      RETURN_IF_ERROR(Start());
      Notify();
    }
    ASSIGN_OR_RETURN(std::vector<FeedEntry> entries,
                     QueryAfter(*connection_, head(), kRowsPerQuery));
    if (entries.empty()) return 0;
    {
      std::lock_guard lock(mutex_);
      for (FeedEntry& entry : entries) recent_.Append(std::move(entry));
    }
    Notify();
    return entries.size();
  }

  absl::Status Start() {
    ASSIGN_OR_RETURN(const db::Rows rows,
                     connection_->Query("SELECT MAX(pos) FROM journal_seal", {}));
    std::lock_guard lock(mutex_);
    recent_.Start(rows[0].Int(0));
    return absl::OkStatus();
  }

  void Notify() {
    std::vector<std::shared_ptr<Listener>> listeners;
    {
      std::lock_guard lock(mutex_);
      listeners = listeners_;
    }
    bool unsubscribed = false;
    for (const auto& listener : listeners) {
      std::lock_guard lock(listener->mutex);
      if (listener->on_advance != nullptr) {
        listener->on_advance();
      } else {
        unsubscribed = true;
      }
    }
    if (unsubscribed) Prune();
  }

  void Prune() {
    std::lock_guard lock(mutex_);
    std::erase_if(listeners_, [](const std::shared_ptr<Listener>& listener) {
      std::lock_guard listener_lock(listener->mutex);
      return listener->on_advance == nullptr;
    });
  }

  const db::Database* const database_;
  std::unique_ptr<db::Connection> connection_;  // the thread's

  mutable std::mutex mutex_;
  Recent recent_;
  std::vector<std::shared_ptr<Listener>> listeners_;

  std::jthread thread_;  // last: it uses the others
};

Feed::Feed(const db::Database* database) : follower_(std::make_unique<Follower>(database)) {}

Feed::~Feed() = default;

int64_t Feed::head() const { return follower_->head(); }

std::optional<std::vector<FeedEntry>> Feed::ReadRecent(int64_t position, size_t limit) const {
  const auto entries = follower_->After(position, limit);
  if (!entries) return std::nullopt;
  std::vector<FeedEntry> copies;
  copies.reserve(entries->size());
  for (const EntryPtr& entry : *entries) copies.push_back(*entry);
  return copies;
}

absl::StatusOr<std::vector<FeedEntry>> Feed::Read(db::Connection& connection, int64_t position,
                                                  size_t limit) const {
  if (auto recent = ReadRecent(position, limit)) return *std::move(recent);
  return QueryAfter(connection, position, limit);
}

std::unique_ptr<Feed::Subscription> Feed::Subscribe(std::function<void()> on_advance) {
  auto listener = std::make_shared<Listener>();
  listener->on_advance = std::move(on_advance);
  follower_->Add(listener);
  return std::make_unique<Subscribed>(std::move(listener));
}

}  // namespace lscp
