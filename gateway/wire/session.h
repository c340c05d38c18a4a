#pragma once

#include <nghttp2/nghttp2.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "absl/time/time.h"
#include "gateway/wire/loop.h"
#include "gateway/wire/socket.h"
#include "gateway/wire/stream.h"

namespace lscp::gateway::wire {

// What bounds a connection.
struct SessionLimits {
  // Bytes that a peer may have on the way on one stream before they are consumed.
  int32_t stream_window = 128 << 10;
  // Streams that a client may have open.
  uint32_t max_streams = 1'000;
  // For TCP, TLS and ALPN.
  absl::Duration handshake = absl::Seconds(5);
  // A peer that is silent for so long is asked, and then has so long to answer.
  absl::Duration keepalive = absl::Seconds(60);
  absl::Duration keepalive_timeout = absl::Seconds(20);
};

// One HTTP/2 connection, of either side: bytes between a socket and its streams. Memory is bounded:
// it takes no more from the streams than the socket takes from it. Lives on a loop's thread.
class Session final : public Loop::Handler, public Loop::Sender {
 public:
  enum class Role { kServer, kClient };

  class Owner {
   public:
    virtual ~Owner() = default;
    // The handshake is done.
    virtual void OnReady(Session& session) = 0;
    // Server: a request begins. Result: who hears of it; lives as long as the stream.
    virtual std::unique_ptr<StreamListener> OnStream(Session& session, Stream& stream) = 0;
    // Client: the peer takes no new streams.
    virtual void OnGoaway(Session& session) = 0;
    // It is closed and all its streams are gone. The owner buries it (Loop::Bury).
    virtual void OnClosed(Session& session) = 0;
  };

  // Call Start once it is where its owner finds it.
  Session(Loop& loop, Role role, Socket socket, Owner& owner, const SessionLimits& limits);
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Start();

  // Client: sends a request. nullptr when the connection takes none any more. `listener` must
  // outlive the stream or be detached from it.
  Stream* Open(const HeaderBlock& request, StreamListener& listener);

  // Takes no new streams, lets those that are open end, and closes then.
  void Drain();
  // Closes now; every stream hears of it. Not from within a stream's listener.
  void Close();

  bool ready() const { return state_ == State::kOpen; }
  bool TakesRequests() const;
  size_t open_streams() const { return streams_.size(); }
  const std::string& spiffe_id() const { return spiffe_id_; }

  void OnEvents(uint32_t events) override;
  void Flush() override;

 private:
  friend class Stream;
  friend struct SessionCallbacks;
  enum class State { kHandshake, kOpen, kLingering, kClosed };

  void Handshake();
  void StartHttp2();
  void Read();
  bool Fill();
  bool Send();
  void Linger();
  void DiscardInput();
  void Wait(uint32_t events);
  void CheckAlive();
  void MarkToSend() { loop_.MarkToSend(*this); }
  void Remove(int32_t stream_id, uint32_t error);
  void FinishDrain();

  Loop& loop_;
  const Role role_;
  Socket socket_;
  Owner& owner_;
  const SessionLimits limits_;
  State state_ = State::kHandshake;
  std::unique_ptr<nghttp2_session, decltype(&nghttp2_session_del)> http2_;
  std::unordered_map<int32_t, std::unique_ptr<Stream>> streams_;
  HeaderBlock headers_;  // of the block that is coming in
  std::string out_;
  size_t out_sent_ = 0;
  bool blocked_ = false;  // the socket takes nothing
  uint32_t waiting_for_ = 0;
  bool heard_ = false;  // since CheckAlive
  bool asked_ = false;
  bool draining_ = false;
  bool drained_ = false;
  std::string spiffe_id_;
  Timer alive_;
  Timer again_;
  Timer drain_;
};

}  // namespace lscp::gateway::wire
