#include "common/events/relay.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/events/back_off.h"
#include "common/events/batch.h"
#include "common/journal/leases.h"
#include "common/observe/log.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

constexpr size_t kEntriesPerRead = 200;

// Time may cure it; for everything else somebody has to do something.
bool PassesByItself(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnavailable:
      return true;
    default:
      return false;
  }
}

}  // namespace

// All but Wake and RequestStop runs on the thread itself.
class Relay::Thread {
 public:
  Thread(const db::Database* database, Feed* feed, std::unique_ptr<EventChannel> channel,
         Options options, std::function<void(const Progress&)> on_step)
      : options_(std::move(options)),
        on_step_(std::move(on_step)),
        feed_(feed),
        channel_(std::move(channel)),
        session_(database),
        lease_(absl::StrCat("relay/", options_.subscriber.name()), options_.holder, options_.lease),
        database_delay_(options_.first_delay, options_.lease / 4),
        delivery_delay_(options_.first_delay, options_.longest_delay),
        subscription_(feed->Subscribe([this] { Wake(); })),
        thread_([this](const std::stop_token& stop) { Run(stop); }) {}

  void RequestStop() { thread_.request_stop(); }

 private:
  // Until when to wait, and whether news end the wait.
  struct Pause {
    absl::Time until;
    bool for_news = false;
  };

  void Run(const std::stop_token& stop);
  void Wake();
  void Wait(const std::stop_token& stop, const Pause& pause);

  Pause Step();
  absl::StatusOr<bool> KeepLease();
  absl::StatusOr<bool> TakeLease();
  absl::StatusOr<bool> Save();
  absl::StatusOr<bool> SaveOn(db::Connection& connection);
  absl::StatusOr<int64_t> LoadPosition();
  absl::StatusOr<EventBatch> ReadBatch(size_t* read);
  Pause Deliver(const EventBatch& batch);
  Pause Delivered(const EventBatch& batch);
  Pause Refused(const EventBatch& batch, const absl::Status& status);
  Pause DatabaseFailed(const absl::Status& status);
  void StandBack();
  void Report(int64_t delivered = 0, const absl::Status& failure = absl::OkStatus());
  void LogRefusal(const EventBatch& batch, const absl::Status& status, bool stuck) const;
  absl::Time RenewalTime() const { return renewed_ + options_.lease / 4; }

  const Options options_;
  const std::function<void(const Progress&)> on_step_;
  Feed* const feed_;
  const std::unique_ptr<EventChannel> channel_;
  db::Session session_;
  const Lease lease_;
  BackOff database_delay_;
  BackOff delivery_delay_;

  // Up to which position all is delivered; unset while another holds the lease, or may.
  std::optional<int64_t> position_;
  int64_t saved_ = 0;  // as event_progress has it
  absl::Time renewed_ = absl::InfinitePast();
  absl::Time next_delivery_ = absl::InfinitePast();  // after a failure
  int64_t one_by_one_through_ = 0;                   // a batch up to here was refused
  bool failing_ = false;                             // the last delivery did
  bool stuck_ = false;
  int64_t behind_ = 0;                       // positions
  std::optional<absl::Time> waiting_since_;  // time of the oldest event not delivered

  std::mutex mutex_;
  std::condition_variable_any news_;
  bool has_news_ = false;  // guarded by mutex_

  std::unique_ptr<Feed::Subscription> subscription_;
  std::jthread thread_;  // last: it uses the others
};

void Relay::Thread::Run(const std::stop_token& stop) {
  const std::stop_callback cancel(stop, [this] { channel_->Cancel(); });
  while (!stop.stop_requested()) Wait(stop, Step());
  if (!position_) return;
  // Best effort: without it the lease runs out, and some events are delivered again.
  if (*position_ == saved_ || Save().value_or(false)) {
    if (const auto reader = session_.Reader(); reader.ok()) lease_.Release(**reader).IgnoreError();
  }
}

void Relay::Thread::Wake() {
  {
    std::lock_guard lock(mutex_);
    has_news_ = true;
  }
  news_.notify_one();
}

void Relay::Thread::Wait(const std::stop_token& stop, const Pause& pause) {
  const absl::Duration duration = std::max(pause.until - absl::Now(), absl::ZeroDuration());
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, stop, absl::ToChronoNanoseconds(duration),
                 [&] { return pause.for_news && has_news_; });
  has_news_ = false;  // the step that follows reads them
}

Relay::Thread::Pause Relay::Thread::Step() {
  const absl::StatusOr<bool> holding = KeepLease();
  if (!holding.ok()) return DatabaseFailed(holding.status());
  if (!*holding) {
    StandBack();
    return {absl::Now() + options_.lease / 4};
  }
  if (absl::Now() < next_delivery_) {
    Report();
    return {std::min(next_delivery_, RenewalTime())};
  }
  size_t read = 0;
  const absl::StatusOr<EventBatch> batch = ReadBatch(&read);
  if (!batch.ok()) return DatabaseFailed(batch.status());
  if (!batch->request.events().empty()) return Deliver(*batch);
  waiting_since_.reset();
  stuck_ = false;
  if (read > 0) position_ = batch->through;  // saved with the next delivery or renewal
  Report();
  if (read == kEntriesPerRead) return {absl::Now()};
  return {RenewalTime(), true};
}

absl::StatusOr<bool> Relay::Thread::KeepLease() {
  if (position_ && absl::Now() < RenewalTime()) return true;
  ASSIGN_OR_RETURN(const bool holding, position_ ? Save() : TakeLease());
  database_delay_.Reset();
  return holding;
}

absl::StatusOr<bool> Relay::Thread::TakeLease() {
  const absl::Time now = absl::Now();
  ASSIGN_OR_RETURN(db::Connection* const connection, session_.Reader());
  ASSIGN_OR_RETURN(const bool taken, lease_.Acquire(*connection));
  if (!taken) return false;
  ASSIGN_OR_RETURN(saved_, LoadPosition());
  renewed_ = now;
  position_ = saved_;
  return true;
}

// Renews the lease and remembers the position, both or none. False if another took the lease.
absl::StatusOr<bool> Relay::Thread::Save() {
  const absl::Time now = absl::Now();
  ASSIGN_OR_RETURN(db::Connection* const connection, session_.Writer());
  const absl::StatusOr<bool> saved = SaveOn(*connection);
  if (!saved.ok() || !*saved) {
    connection->Rollback();
    return saved;
  }
  renewed_ = now;
  saved_ = *position_;
  return true;
}

absl::StatusOr<bool> Relay::Thread::SaveOn(db::Connection& connection) {
  ASSIGN_OR_RETURN(const bool holding, lease_.Renew(connection));
  if (!holding) return false;
  if (*position_ != saved_) {
    RETURN_IF_ERROR(connection
                        .Execute("INSERT INTO event_progress (subscriber, pos) VALUES (?, ?) "
                                 "ON DUPLICATE KEY UPDATE pos = VALUES(pos)",
                                 {options_.subscriber.name(), *position_})
                        .status());
  }
  RETURN_IF_ERROR(connection.Commit());
  return true;
}

absl::StatusOr<int64_t> Relay::Thread::LoadPosition() {
  ASSIGN_OR_RETURN(db::Connection* const connection, session_.Reader());
  ASSIGN_OR_RETURN(const db::Rows rows,
                   connection->Query("SELECT pos FROM event_progress WHERE subscriber = ?",
                                     {options_.subscriber.name()}));
  return rows.empty() ? 0 : rows[0].Int(0);
}

absl::StatusOr<EventBatch> Relay::Thread::ReadBatch(size_t* read) {
  if (stuck_) {
    // The way to pass over an event is to set the position by hand (README).
    ASSIGN_OR_RETURN(saved_, LoadPosition());
    position_ = saved_;
  }
  ASSIGN_OR_RETURN(db::Connection* const connection, session_.Reader());
  ASSIGN_OR_RETURN(const std::vector<FeedEntry> entries,
                   feed_->Read(*connection, *position_, kEntriesPerRead));
  *read = entries.size();
  const bool one_by_one = *position_ < one_by_one_through_;
  return entries.empty() ? EventBatch()
                         : NextBatch(options_.service, options_.subscriber, entries,
                                     one_by_one ? 1 : kMostEventsPerBatch);
}

Relay::Thread::Pause Relay::Thread::Deliver(const EventBatch& batch) {
  waiting_since_ = batch.oldest;
  const absl::Status status =
      channel_->Deliver(batch.request, absl::Now() + options_.longest_delivery);
  return status.ok() ? Delivered(batch) : Refused(batch, status);
}

Relay::Thread::Pause Relay::Thread::Delivered(const EventBatch& batch) {
  position_ = batch.through;
  const absl::StatusOr<bool> saved = Save();
  if (!saved.ok()) return DatabaseFailed(saved.status());
  if (failing_) LogInfo("event delivery goes on", {{"subscriber", options_.subscriber.name()}});
  failing_ = stuck_ = false;
  delivery_delay_.Reset();
  waiting_since_.reset();
  if (!*saved) {
    StandBack();
    return {absl::Now() + options_.lease / 4};
  }
  Report(batch.request.events_size());
  return {absl::Now()};
}

Relay::Thread::Pause Relay::Thread::Refused(const EventBatch& batch, const absl::Status& status) {
  const bool passes = PassesByItself(status);
  if (!passes && batch.request.events_size() > 1) {
    // Find out which of them it is, delivering what comes before it.
    one_by_one_through_ = batch.through;
    Report(0, status);
    return {absl::Now()};
  }
  if (!failing_ || (!passes && !stuck_)) LogRefusal(batch, status, !passes);
  failing_ = true;
  stuck_ = stuck_ || !passes;
  next_delivery_ = absl::Now() + delivery_delay_.Next();
  Report(0, status);
  return {std::min(next_delivery_, RenewalTime())};
}

void Relay::Thread::LogRefusal(const EventBatch& batch, const absl::Status& status,
                               bool stuck) const {
  const auto& event = batch.request.events(0);
  const auto why = ReasonOf(status);
  const std::string code = absl::StatusCodeToString(status.code());
  const std::string reason = why ? ReasonName(*why) : "";
  const LogField fields[] = {{"subscriber", options_.subscriber.name()},
                             {"event", event.id()},
                             {"type", event.type()},
                             {"position", batch.through},
                             {"code", code},
                             {"reason", reason}};
  Log(stuck ? LogSeverity::kError : LogSeverity::kWarning,
      stuck ? "event refused, delivery is stuck" : "event delivery fails", fields);
}

// What was delivered since the last Save is delivered again, by whoever holds the lease then.
Relay::Thread::Pause Relay::Thread::DatabaseFailed(const absl::Status& status) {
  position_.reset();
  Report(0, status);
  return {absl::Now() + database_delay_.Next()};
}

void Relay::Thread::StandBack() {
  position_.reset();
  waiting_since_.reset();
  stuck_ = false;
  behind_ = 0;
  Report();
}

void Relay::Thread::Report(int64_t delivered, const absl::Status& failure) {
  if (on_step_ == nullptr) return;
  // Without the database it is as far behind as it was.
  if (position_) behind_ = std::max<int64_t>(0, feed_->head() - *position_);
  Progress progress;
  progress.delivering = position_.has_value();
  progress.stuck = stuck_;
  progress.lag_positions = behind_;
  if (waiting_since_) {
    progress.lag = std::max(absl::Now() - *waiting_since_, absl::ZeroDuration());
  }
  progress.delivered = delivered;
  progress.failure = failure;
  on_step_(progress);
}

Relay::Relay(const db::Database* database, Feed* feed, std::unique_ptr<EventChannel> channel,
             Options options, std::function<void(const Progress&)> on_step)
    : thread_(std::make_unique<Thread>(database, feed, std::move(channel), std::move(options),
                                       std::move(on_step))) {}

Relay::~Relay() = default;

void Relay::RequestStop() { thread_->RequestStop(); }

}  // namespace lscp
