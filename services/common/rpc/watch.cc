#include "common/rpc/watch.h"

#include <utility>
#include <vector>

#include "common/paging/page_token.h"
#include "common/rpc/grpc_server.h"
#include "common/rpc/raw_service.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "grpcpp/alarm.h"

namespace lscp::rpc {
namespace {

constexpr size_t kEntriesAtOnce = 100;
constexpr absl::Duration kCheckpointEvery = absl::Seconds(15);

absl::Status ShuttingDown() {
  return WithRetryAfter(Error(absl::StatusCode::kUnavailable, reason::ERROR_REASON_SHUTTING_DOWN,
                              "the server is going away; connect again with the last cursor"),
                        absl::Milliseconds(100));
}

void SetCursor(Message& reply, const std::string& cursor, bool is_checkpoint) {
  const auto* descriptor = reply.GetDescriptor();
  const auto* reflection = reply.GetReflection();
  reflection->SetString(&reply, descriptor->FindFieldByName("cursor"), cursor);
  reflection->SetBool(&reply, descriptor->FindFieldByName("is_checkpoint"), is_checkpoint);
}

}  // namespace

// One stream. Whoever still works for it (a job, the disclosures' writer, the alarm) shares it, so
// it outlives its reactor's end; `ended_` keeps them from using the reactor then.
class WatchStream : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                    public std::enable_shared_from_this<WatchStream> {
 public:
  WatchStream(WatchRegistry* registry, const Method* method, Arrival arrival)
      : registry_(registry), method_(method), arrival_(std::move(arrival)) {}

  // Admits the call and starts to stream, or ends with the error.
  void Begin(const std::string& bytes) {
    call_ = registry_->pipeline_->Begin(*method_, arrival_);
    if (const absl::Status status = SetUp(bytes); !status.ok()) return End(status);
    registry_->pipeline_->MetricsOf(*method_).Received();
    Send(Checkpoint(), {});
  }

  // There may be something new.
  void Pump() {
    {
      absl::MutexLock lock(&mutex_);
      if (ended_ || busy_) {
        again_ = true;
        return;
      }
      busy_ = true;
      again_ = false;
    }
    executor().Submit([self = shared_from_this()](db::Session& session) { self->Read(session); });
  }

  void End(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(ended_, true)) return;
    alarm_.Cancel();
    Finish(
        ToGrpc(registry_->pipeline_->End(*method_, arrival_, call_, status), registry_->domain_));
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(absl::CancelledError("the caller went away"));
    registry_->pipeline_->MetricsOf(*method_).Sent();
    Rest();
  }
  void OnCancel() override { End(absl::CancelledError("the caller went away")); }
  void OnDone() override { registry_->Remove(this); }

 private:
  Executor& executor() { return *registry_->pipeline_->parts().executor; }

  absl::Status SetUp(const std::string& bytes) {
    ASSIGN_OR_RETURN(const Admitted admitted,
                     registry_->pipeline_->Admit(*method_, arrival_, bytes, call_));
    const Message& request = *admitted.request;
    hash_ = QueryHash(request);
    const auto* start = request.GetDescriptor()->FindFieldByName("start_cursor");
    const std::string cursor = request.GetReflection()->GetString(request, start);
    position_ = registry_->feed_->head();
    if (position_ < 0) return BackendUnavailable("the database has not been reached yet");
    if (!cursor.empty()) {
      ASSIGN_OR_RETURN(const int64_t resumed, DecodeWatchCursor(cursor, hash_));
      if (resumed > position_) {
        return Error(absl::StatusCode::kOutOfRange, reason::ERROR_REASON_CURSOR_UNKNOWN,
                     "start_cursor lies ahead of everything that is known here");
      }
      position_ = resumed;
    }
    ASSIGN_OR_RETURN(filter_, method_->watch(request, call_));
    return absl::OkStatus();
  }

  // On a worker: looks for entries that are for the caller, and sends them or rests.
  void Read(db::Session& session) {
    std::unique_ptr<Message> reply;
    std::vector<std::string> disclosed;
    bool more = true;
    while (more && reply == nullptr) {
      const auto entries = ReadEntries(session);
      if (!entries.ok()) return End(entries.status());
      for (const FeedEntry& entry : *entries) Collect(entry, reply, disclosed);
      more = entries->size() == kEntriesAtOnce;
    }
    if (reply == nullptr) return Rest();
    SetCursor(*reply, EncodeWatchCursor(hash_, position_), false);
    Send(std::move(reply), std::move(disclosed));
  }

  absl::StatusOr<std::vector<FeedEntry>> ReadEntries(db::Session& session) {
    if (auto recent = registry_->feed_->ReadRecent(position_, kEntriesAtOnce)) return *recent;
    ASSIGN_OR_RETURN(db::Connection * connection, session.Reader());
    return registry_->feed_->Read(*connection, position_, kEntriesAtOnce);
  }

  void Collect(const FeedEntry& entry, std::unique_ptr<Message>& reply,
               std::vector<std::string>& disclosed) {
    position_ = entry.position;
    std::optional<WatchReply> found = filter_(entry);
    if (!found) return;
    if (reply == nullptr) {
      reply = std::move(found->message);
    } else {
      reply->MergeFrom(*found->message);
    }
    disclosed.insert(disclosed.end(), found->disclosed.begin(), found->disclosed.end());
  }

  std::unique_ptr<Message> Checkpoint() {
    std::unique_ptr<Message> reply(method_->response->New());
    SetCursor(*reply, EncodeWatchCursor(hash_, position_), true);
    return reply;
  }

  // Writes a message, after what it discloses is on durable record. The stream is busy until the
  // write is done.
  void Send(std::unique_ptr<Message> reply, std::vector<std::string> disclosed) {
    {
      absl::MutexLock lock(&mutex_);
      busy_ = true;
      last_sent_ = absl::Now();
      buffer_ = ToByteBuffer(reply->SerializeAsString());
    }
    if (disclosed.empty()) return Write();
    registry_->pipeline_->parts().disclosures->Write(
        call_, std::move(disclosed), [self = shared_from_this()](const absl::Status& durable) {
          durable.ok() ? self->Write() : self->End(durable);
        });
  }

  void Write() {
    absl::MutexLock lock(&mutex_);
    if (!ended_) StartWrite(&buffer_);
  }

  // Waits for the feed to move, or for the time of a checkpoint.
  void Rest() {
    bool again;
    {
      absl::MutexLock lock(&mutex_);
      if (ended_) return;
      busy_ = false;
      again = again_ || registry_->feed_->head() > position_;
      if (!again) SetAlarm();
    }
    if (again) Pump();
  }

  // An alarm that is set must not be set again; it looks at the clock when it goes off.
  void SetAlarm() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (std::exchange(alarm_set_, true)) return;
    alarm_.Set(absl::ToChronoTime(last_sent_ + kCheckpointEvery),
               [self = weak_from_this()](bool fired) {
                 const auto stream = self.lock();
                 if (fired && stream) stream->OnAlarm();
               });
  }

  void OnAlarm() {
    {
      absl::MutexLock lock(&mutex_);
      alarm_set_ = false;
      if (ended_ || busy_) return;
      if (absl::Now() < last_sent_ + kCheckpointEvery) return SetAlarm();
      busy_ = true;
    }
    Send(Checkpoint(), {});
  }

  WatchRegistry* const registry_;
  const Method* const method_;
  Arrival arrival_;
  Call call_;
  uint64_t hash_ = 0;
  WatchFilter filter_;
  int64_t position_ = -1;  // touched only by whoever made the stream busy

  absl::Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;  // reading or writing
  bool again_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool alarm_set_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time last_sent_ ABSL_GUARDED_BY(mutex_);
  grpc::ByteBuffer buffer_ ABSL_GUARDED_BY(mutex_);
  grpc::Alarm alarm_ ABSL_GUARDED_BY(mutex_);
};

WatchRegistry::WatchRegistry(const Pipeline* pipeline, Feed* feed, std::string domain)
    : pipeline_(pipeline), feed_(feed), domain_(std::move(domain)) {
  subscription_ = feed->Subscribe([this] {
    absl::MutexLock lock(&mutex_);
    for (const auto& stream : streams_) stream->Pump();
  });
}

WatchRegistry::~WatchRegistry() = default;

grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchRegistry::Open(const Method& method,
                                                                Arrival arrival,
                                                                const std::string& request) {
  auto stream = std::make_shared<WatchStream>(this, &method, std::move(arrival));
  bool ending;
  {
    absl::MutexLock lock(&mutex_);
    streams_.insert(stream);
    ending = ending_;
  }
  stream->Begin(request);
  if (ending) stream->End(ShuttingDown());
  return stream.get();
}

void WatchRegistry::End() {
  std::vector<std::shared_ptr<WatchStream>> streams;
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    streams.assign(streams_.begin(), streams_.end());
  }
  for (const auto& stream : streams) stream->End(ShuttingDown());
}

void WatchRegistry::Remove(WatchStream* stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(stream->shared_from_this());
}

}  // namespace lscp::rpc
