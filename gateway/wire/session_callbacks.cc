#include "gateway/wire/session_callbacks.h"

#include <algorithm>
#include <cstring>

namespace lscp::gateway::wire {
namespace {

// Of names and values; what comes beyond it is not kept. Far more than any caller may send, so
// that nobody passes for somebody who sent less.
constexpr size_t kMostHeaderBytes = 48 << 10;
constexpr size_t kMostHeaders = 512;
constexpr int kTemporaryFailure = NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;

std::string_view View(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

uint8_t* Bytes(std::string_view text) {
  return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(text.data()));
}

Session& SessionOf(void* user_data) { return *static_cast<Session*>(user_data); }

Stream* StreamOf(nghttp2_session* http2, int32_t id) {
  return static_cast<Stream*>(nghttp2_session_get_stream_user_data(http2, id));
}

bool EndsStream(const nghttp2_frame_hd& frame) {
  return (frame.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

}  // namespace

struct SessionCallbacks {
  static int OnBeginHeaders(nghttp2_session* http2, const nghttp2_frame* frame, void* user_data) {
    Session& session = SessionOf(user_data);
    session.headers_.Clear();
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    const int32_t id = frame->hd.stream_id;
    auto stream = std::make_unique<Stream>(session, nullptr);
    stream->id_ = id;
    nghttp2_session_set_stream_user_data(http2, id, stream.get());
    session.streams_[id] = std::move(stream);
    return 0;
  }

  static int OnHeader(nghttp2_session* http2, const nghttp2_frame* frame, const uint8_t* name,
                      size_t name_size, const uint8_t* value, size_t value_size, uint8_t /*flags*/,
                      void* user_data) {
    HeaderBlock& headers = SessionOf(user_data).headers_;
    if (!StreamOf(http2, frame->hd.stream_id)) return 0;
    if (headers.size() >= kMostHeaders ||
        headers.bytes() + name_size + value_size > kMostHeaderBytes) {
      return kTemporaryFailure;  // resets the stream, not the connection
    }
    headers.Add(View(name, name_size), View(value, value_size));
    return 0;
  }

  static void DeliverHeaders(Session& session, Stream& stream, const nghttp2_frame& frame) {
    if (frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
      stream.owned_listener_ = session.owner_.OnStream(session, stream);
      stream.listener_ = stream.owned_listener_.get();
    }
    // An interim answer (1xx) says nothing.
    if (session.headers_.Find(":status").starts_with('1')) return;
    if (stream.listener_) stream.listener_->OnHeaders(session.headers_, EndsStream(frame.hd));
  }

  static int OnFrame(nghttp2_session* http2, const nghttp2_frame* frame, void* user_data) {
    Session& session = SessionOf(user_data);
    Stream* stream = nullptr;
    switch (frame->hd.type) {
      case NGHTTP2_HEADERS:
        if ((stream = StreamOf(http2, frame->hd.stream_id))) {
          DeliverHeaders(session, *stream, *frame);
        }
        break;
      case NGHTTP2_DATA:
        stream = StreamOf(http2, frame->hd.stream_id);
        if (stream && stream->listener_ && EndsStream(frame->hd)) stream->listener_->OnEnd();
        break;
      case NGHTTP2_PING:
        if (frame->hd.flags & NGHTTP2_FLAG_ACK) session.FinishDrain();
        break;
      case NGHTTP2_GOAWAY:
        if (session.role_ == Session::Role::kClient) session.owner_.OnGoaway(session);
        break;
      default:
        break;
    }
    return 0;
  }

  static int OnData(nghttp2_session* http2, uint8_t /*flags*/, int32_t id, const uint8_t* data,
                    size_t size, void* /*user_data*/) {
    // The connection's window opens at once: a slow reader holds up its own stream only.
    nghttp2_session_consume_connection(http2, size);
    Stream* const stream = StreamOf(http2, id);
    if (stream && stream->listener_) stream->listener_->OnData(View(data, size));
    return 0;
  }

  // A server that has said all, before the client had, wants to hear no more (RFC 9113 §8.1).
  static int OnFrameSent(nghttp2_session* http2, const nghttp2_frame* frame, void* user_data) {
    const bool body = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
    if (SessionOf(user_data).role_ == Session::Role::kServer && body && EndsStream(frame->hd) &&
        nghttp2_session_get_stream_remote_close(http2, frame->hd.stream_id) == 0) {
      nghttp2_submit_rst_stream(http2, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_NO_ERROR);
    }
    return 0;
  }

  static int OnStreamClosed(nghttp2_session* /*http2*/, int32_t id, uint32_t error,
                            void* user_data) {
    SessionOf(user_data).Remove(id, error);
    return 0;
  }

  static ssize_t ReadBody(nghttp2_session* http2, int32_t id, uint8_t* into, size_t most,
                          uint32_t* flags, nghttp2_data_source* source, void* /*user_data*/) {
    Stream& stream = *static_cast<Stream*>(source->ptr);
    const size_t size = std::min(most, stream.queued());
    if (size > 0) {
      std::memcpy(into, stream.queue_.data() + stream.sent_, size);
      stream.Sent(size);
      if (stream.listener_) stream.listener_->OnSent(size);
    }
    if (stream.queued() == 0 && stream.ended_) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      if (!stream.trailers_.empty()) {
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        const std::vector<nghttp2_nv> fields = FieldsOf(stream.trailers_);
        nghttp2_submit_trailer(http2, id, fields.data(), fields.size());
      }
    } else if (size == 0) {
      return NGHTTP2_ERR_DEFERRED;
    }
    return static_cast<ssize_t>(size);
  }
};

const nghttp2_session_callbacks& Callbacks() {
  static const nghttp2_session_callbacks* const callbacks = [] {
    nghttp2_session_callbacks* made = nullptr;
    nghttp2_session_callbacks_new(&made);
    nghttp2_session_callbacks_set_on_begin_headers_callback(made, SessionCallbacks::OnBeginHeaders);
    nghttp2_session_callbacks_set_on_header_callback(made, SessionCallbacks::OnHeader);
    nghttp2_session_callbacks_set_on_frame_recv_callback(made, SessionCallbacks::OnFrame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, SessionCallbacks::OnData);
    nghttp2_session_callbacks_set_on_frame_send_callback(made, SessionCallbacks::OnFrameSent);
    nghttp2_session_callbacks_set_on_stream_close_callback(made, SessionCallbacks::OnStreamClosed);
    return made;
  }();
  return *callbacks;
}

const nghttp2_option& Options() {
  static const nghttp2_option* const options = [] {
    nghttp2_option* made = nullptr;
    nghttp2_option_new(&made);
    nghttp2_option_set_no_auto_window_update(made, 1);
    nghttp2_option_set_no_closed_streams(made, 1);
    // A client that opens streams and resets them at once (CVE-2023-44487) loses its connection. A
    // gateway of many callers may cancel a few hundred a second.
    nghttp2_option_set_stream_reset_rate_limit(made, 2'000, 400);
    nghttp2_option_set_max_settings(made, 32);
    return made;
  }();
  return *options;
}

std::vector<nghttp2_nv> FieldsOf(const HeaderBlock& headers) {
  std::vector<nghttp2_nv> fields;
  fields.reserve(headers.size());
  for (size_t i = 0; i < headers.size(); ++i) {
    const std::string_view name = headers.Name(i);
    const std::string_view value = headers.ValueAt(i);
    fields.push_back({Bytes(name), Bytes(value), name.size(), value.size(),
                      static_cast<uint8_t>(headers.Varies(i) ? NGHTTP2_NV_FLAG_NO_INDEX
                                                             : NGHTTP2_NV_FLAG_NONE)});
  }
  return fields;
}

nghttp2_data_provider BodyOf(Stream& stream) {
  nghttp2_data_provider body{};
  body.source.ptr = &stream;
  body.read_callback = SessionCallbacks::ReadBody;
  return body;
}

}  // namespace lscp::gateway::wire
