#include "gateway/open_watches.h"

#include "gateway/stream_call.h"

namespace lscp::gateway {

bool OpenWatches::Add(StreamCall* call) {
  const std::lock_guard lock(mutex_);
  if (!ended_) open_.insert(call);
  return !ended_;
}

void OpenWatches::Remove(StreamCall* call) {
  const std::lock_guard lock(mutex_);
  open_.erase(call);
}

void OpenWatches::EndAll() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  for (StreamCall* call : open_) call->ShutDown();
}

}  // namespace lscp::gateway
