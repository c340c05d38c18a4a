#pragma once

#include <mutex>
#include <set>

namespace lscp::gateway {

class StreamCall;

// The streams that end only when somebody ends them. A draining gateway tells them to go, so that
// it does not wait for them and their callers connect elsewhere. Thread-safe.
class OpenWatches {
 public:
  // False when everything is being ended: the stream must not start.
  bool Add(StreamCall* call);
  // Does nothing for a stream that was not added. Afterwards nobody refers to it.
  void Remove(StreamCall* call);
  // Ends those that are open and refuses those to come.
  void EndAll();

 private:
  std::mutex mutex_;  // held while streams are told; taken before a stream's own
  bool ended_ = false;
  std::set<StreamCall*> open_;
};

}  // namespace lscp::gateway
