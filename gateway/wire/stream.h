#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/wire/header_block.h"

namespace lscp::gateway::wire {

class Session;

// The end of a stream whose connection was lost; none of HTTP/2's errors.
inline constexpr uint32_t kConnectionLost = 0xffffffff;

// Hears of a stream. Called on the loop's thread, from within the session: it may write to any
// stream, and must not destroy a session.
class StreamListener {
 public:
  virtual ~StreamListener() = default;
  // A request's or a response's fields, or trailers. `last`: nothing follows.
  virtual void OnHeaders(const HeaderBlock& headers, bool last) = 0;
  // The peer's window on the stream opens again only by Consume.
  virtual void OnData(std::string_view bytes) = 0;
  // The peer has said all. Not called after an OnHeaders that was the last.
  virtual void OnEnd() = 0;
  // Bytes of the body have left the queue.
  virtual void OnSent(size_t bytes) = 0;
  // The last word: the stream is gone after it. `error` is HTTP/2's, or kConnectionLost.
  virtual void OnClosed(uint32_t error) = 0;
};

// One stream of an HTTP/2 connection, of either side. Owned by its session, used on its loop.
class Stream {
 public:
  Stream(Session& session, StreamListener* listener) : session_(session), listener_(listener) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Server: the answer's fields, with a body to follow (Write, End) or nothing more.
  void Respond(const HeaderBlock& headers);
  void RespondAndEnd(const HeaderBlock& headers);

  // Queues bytes of the body.
  void Write(std::string_view bytes);
  // Ends the body after what is queued, with trailers if there are any.
  void End(const HeaderBlock& trailers = {});
  // Drops what is queued and ends the stream.
  void Reset(uint32_t error);
  // Bytes that came by OnData are dealt with: the peer may send as many more.
  void Consume(size_t bytes);

  // Bytes that have not left yet.
  size_t queued() const { return queue_.size() - sent_; }
  // Everything that there is to say has been said.
  bool said_all() const { return ended_ && queued() == 0; }
  // Nobody listens any more.
  void Detach() { listener_ = nullptr; }
  Session& session() { return session_; }

 private:
  friend class Session;
  friend struct SessionCallbacks;

  void Resume();
  void Sent(size_t bytes);

  Session& session_;
  StreamListener* listener_;
  std::unique_ptr<StreamListener> owned_listener_;  // of a server's stream
  int32_t id_ = -1;
  std::string queue_;
  size_t sent_ = 0;  // of queue_
  bool ended_ = false;
  bool body_open_ = false;  // the library asks for the body
  bool reset_ = false;
  HeaderBlock trailers_;
};

}  // namespace lscp::gateway::wire
