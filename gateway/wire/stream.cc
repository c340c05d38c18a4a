#include "gateway/wire/stream.h"

#include <vector>

#include "gateway/wire/session.h"
#include "gateway/wire/session_callbacks.h"

namespace lscp::gateway::wire {
namespace {

constexpr size_t kMostSentBytes = 256 << 10;

}  // namespace

void Stream::Respond(const HeaderBlock& headers) {
  if (reset_) return;
  const std::vector<nghttp2_nv> fields = FieldsOf(headers);
  const nghttp2_data_provider body = BodyOf(*this);
  nghttp2_submit_response(session_.http2_.get(), id_, fields.data(), fields.size(), &body);
  body_open_ = true;
  session_.MarkToSend();
}

void Stream::RespondAndEnd(const HeaderBlock& headers) {
  if (reset_) return;
  const std::vector<nghttp2_nv> fields = FieldsOf(headers);
  nghttp2_submit_response(session_.http2_.get(), id_, fields.data(), fields.size(), nullptr);
  ended_ = true;
  session_.MarkToSend();
}

void Stream::Write(std::string_view bytes) {
  if (reset_ || ended_ || bytes.empty()) return;
  queue_.append(bytes);
  Resume();
}

void Stream::End(const HeaderBlock& trailers) {
  if (reset_ || ended_) return;
  ended_ = true;
  trailers_ = trailers;
  Resume();
}

void Stream::Reset(uint32_t error) {
  if (reset_) return;
  reset_ = true;
  queue_.clear();
  sent_ = 0;
  nghttp2_submit_rst_stream(session_.http2_.get(), NGHTTP2_FLAG_NONE, id_, error);
  session_.MarkToSend();
}

void Stream::Consume(size_t bytes) {
  if (reset_ || bytes == 0) return;
  nghttp2_session_consume_stream(session_.http2_.get(), id_, bytes);
  session_.MarkToSend();
}

// What has left is let go of, now and then: a queue that is never empty must not grow for ever.
void Stream::Sent(size_t bytes) {
  sent_ += bytes;
  if (sent_ < queue_.size() && sent_ < kMostSentBytes) return;
  queue_.erase(0, sent_);
  sent_ = 0;
}

void Stream::Resume() {
  if (body_open_) nghttp2_session_resume_data(session_.http2_.get(), id_);
  session_.MarkToSend();
}

}  // namespace lscp::gateway::wire
