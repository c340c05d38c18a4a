#include "gateway/wire/session.h"

#include <sys/epoll.h>

#include <array>

#include "gateway/wire/session_callbacks.h"

namespace lscp::gateway::wire {
namespace {

// What goes into one TLS record, and what is read at a time.
constexpr size_t kRecordBytes = 16 << 10;
constexpr int kReadsInARound = 16;
constexpr uint32_t kMetadataBytes = 32 << 10;  // as all our servers say
constexpr int32_t kConnectionWindow = 16 << 20;
// For a drain whose ping is not answered, and for the last bytes to arrive.
constexpr absl::Duration kDrainNotice = absl::Seconds(1);
constexpr absl::Duration kLinger = absl::Seconds(2);

}  // namespace

Session::Session(Loop& loop, Role role, Socket socket, Owner& owner, const SessionLimits& limits)
    : loop_(loop),
      role_(role),
      socket_(std::move(socket)),
      owner_(owner),
      limits_(limits),
      http2_(nullptr, &nghttp2_session_del),
      alive_(loop, [this] { CheckAlive(); }),
      again_(loop, [this] { OnEvents(EPOLLIN); }),
      drain_(loop, [this] { state_ == State::kLingering ? Close() : FinishDrain(); }) {}

Session::~Session() {
  if (waiting_for_ != 0) loop_.Forget(socket_.fd());
}

void Session::Start() {
  alive_.Set(limits_.handshake);
  waiting_for_ = EPOLLIN | EPOLLOUT;
  if (!loop_.Watch(socket_.fd(), waiting_for_, *this)) {
    waiting_for_ = 0;
    Close();
  }
}

void Session::OnEvents(uint32_t events) {
  switch (state_) {
    case State::kHandshake:
      return Handshake();
    case State::kOpen:
      if (events & EPOLLOUT) blocked_ = false;
      MarkToSend();
      if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) Read();
      return;
    case State::kLingering:
      return DiscardInput();
    case State::kClosed:
      return;
  }
}

void Session::Handshake() {
  switch (socket_.Handshake()) {
    case Socket::Io::kWantRead:
      return Wait(EPOLLIN);
    case Socket::Io::kWantWrite:
      return Wait(EPOLLOUT);
    case Socket::Io::kClosed:
      return Close();
    case Socket::Io::kDone:
      break;
  }
  spiffe_id_ = socket_.spiffe_id();
  state_ = State::kOpen;
  StartHttp2();
  alive_.Set(limits_.keepalive);
  Wait(EPOLLIN);
  owner_.OnReady(*this);
  MarkToSend();
  // The peer's first bytes may have come with the end of its handshake.
  if (state_ == State::kOpen) Read();
}

void Session::StartHttp2() {
  nghttp2_session* http2 = nullptr;
  if (role_ == Role::kServer) {
    nghttp2_session_server_new2(&http2, &Callbacks(), this, &Options());
  } else {
    nghttp2_session_client_new2(&http2, &Callbacks(), this, &Options());
  }
  http2_.reset(http2);
  const std::array<nghttp2_settings_entry, 4> settings = {
      {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits_.max_streams},
       {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<uint32_t>(limits_.stream_window)},
       {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kMetadataBytes},
       {NGHTTP2_SETTINGS_ENABLE_PUSH, 0}}};
  // The last is a client's only.
  const size_t count = settings.size() - (role_ == Role::kServer ? 1 : 0);
  nghttp2_submit_settings(http2, NGHTTP2_FLAG_NONE, settings.data(), count);
  nghttp2_session_set_local_window_size(http2, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
}

Stream* Session::Open(const HeaderBlock& request, StreamListener& listener) {
  if (!TakesRequests()) return nullptr;
  auto stream = std::make_unique<Stream>(*this, &listener);
  const std::vector<nghttp2_nv> fields = FieldsOf(request);
  const nghttp2_data_provider body = BodyOf(*stream);
  const int32_t id = nghttp2_submit_request(http2_.get(), nullptr, fields.data(), fields.size(),
                                            &body, stream.get());
  if (id < 0) return nullptr;
  stream->id_ = id;
  stream->body_open_ = true;
  MarkToSend();
  return (streams_[id] = std::move(stream)).get();
}

bool Session::TakesRequests() const {
  return state_ == State::kOpen && !draining_ &&
         nghttp2_session_check_request_allowed(http2_.get()) != 0;
}

void Session::Remove(int32_t stream_id, uint32_t error) {
  const auto found = streams_.find(stream_id);
  if (found == streams_.end()) return;
  const std::unique_ptr<Stream> stream = std::move(found->second);
  streams_.erase(found);
  stream->reset_ = true;
  nghttp2_session_set_stream_user_data(http2_.get(), stream_id, nullptr);
  if (stream->listener_) stream->listener_->OnClosed(error);
}

void Session::Read() {
  std::array<char, kRecordBytes + 512> buffer;
  bool more = true;
  for (int reads = 0; more; ++reads) {
    // Others wait too; and epoll cannot tell of what the socket holds already.
    if (reads == kReadsInARound) return again_.Set(absl::ZeroDuration());
    size_t got = 0;
    const Socket::Io io = socket_.Read(buffer, got, more);
    if (io == Socket::Io::kWantRead || io == Socket::Io::kWantWrite) return;
    if (io == Socket::Io::kClosed) return Close();
    heard_ = true;
    const ssize_t taken = nghttp2_session_mem_recv(
        http2_.get(), reinterpret_cast<const uint8_t*>(buffer.data()), got);
    if (taken < 0) return Close();
  }
}

// Takes from the library what it has to send, up to a record; false when that is nothing.
bool Session::Fill() {
  while (out_.size() - out_sent_ < kRecordBytes) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(http2_.get(), &bytes);
    if (size <= 0) break;
    out_.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  }
  return out_.size() > out_sent_;
}

// False when the connection is lost.
bool Session::Send() {
  size_t sent = 0;
  switch (socket_.Write(std::string_view(out_).substr(out_sent_), sent)) {
    case Socket::Io::kDone:
      out_sent_ += sent;
      break;
    case Socket::Io::kClosed:
      return false;
    default:
      blocked_ = true;
  }
  if (out_sent_ == out_.size()) {
    out_.clear();
    out_sent_ = 0;
  }
  return true;
}

void Session::Flush() {
  if (state_ != State::kOpen) return;
  while (!blocked_ && Fill()) {
    if (!Send()) return Close();
  }
  if (blocked_) return Wait(EPOLLIN | EPOLLOUT);
  if (nghttp2_session_want_read(http2_.get()) == 0 &&
      nghttp2_session_want_write(http2_.get()) == 0) {
    return Linger();
  }
  Wait(EPOLLIN);
}

void Session::Wait(uint32_t events) {
  if (events == waiting_for_) return;
  waiting_for_ = events;
  loop_.Change(socket_.fd(), events, *this);
}

// Everything is said. What the peer still sends is read, since closing with unread bytes would
// make the kernel drop what the peer has not received yet.
void Session::Linger() {
  if (role_ == Role::kClient) return Close();
  state_ = State::kLingering;
  socket_.EndWriting();
  drain_.Set(kLinger);
  Wait(EPOLLIN);
  DiscardInput();
}

void Session::DiscardInput() {
  std::array<char, kRecordBytes> buffer;
  size_t got = 0;
  bool more = true;
  for (int reads = 0; reads < kReadsInARound; ++reads) {
    const Socket::Io io = socket_.Read(buffer, got, more);
    if (io == Socket::Io::kClosed) return Close();
    if (io != Socket::Io::kDone) return;
  }
}

void Session::Drain() {
  if (draining_ || state_ == State::kClosed || state_ == State::kLingering) return;
  draining_ = true;
  if (state_ == State::kHandshake) return Close();
  // A client's requests may be on their way: it is told first, and cut off a round trip later.
  if (role_ == Role::kServer) {
    nghttp2_submit_shutdown_notice(http2_.get());
    nghttp2_submit_ping(http2_.get(), NGHTTP2_FLAG_NONE, nullptr);
    drain_.Set(kDrainNotice);
  } else {
    FinishDrain();
  }
  MarkToSend();
}

void Session::FinishDrain() {
  if (!draining_ || drained_ || state_ != State::kOpen) return;
  drained_ = true;
  drain_.Cancel();
  nghttp2_submit_goaway(http2_.get(), NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(http2_.get()), NGHTTP2_NO_ERROR,
                        nullptr, 0);
  MarkToSend();
}

void Session::CheckAlive() {
  if (state_ != State::kOpen) return Close();
  if (heard_) {
    heard_ = asked_ = false;
  } else if (asked_) {
    return Close();
  } else {
    asked_ = true;
    nghttp2_submit_ping(http2_.get(), NGHTTP2_FLAG_NONE, nullptr);
    MarkToSend();
  }
  alive_.Set(asked_ ? limits_.keepalive_timeout : limits_.keepalive);
}

void Session::Close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  alive_.Cancel();
  again_.Cancel();
  drain_.Cancel();
  if (waiting_for_ != 0) loop_.Forget(socket_.fd());
  waiting_for_ = 0;
  while (!streams_.empty()) Remove(streams_.begin()->first, kConnectionLost);
  owner_.OnClosed(*this);
}

}  // namespace lscp::gateway::wire
