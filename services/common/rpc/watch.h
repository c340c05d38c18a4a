#pragma once

#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/journal/feed.h"
#include "common/rpc/methods.h"
#include "common/rpc/pipeline.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace lscp::rpc {

class WatchStream;

// The open watches of a process: streams of what the journal's feed holds for a caller, in order,
// at least once, resumable by cursor, with checkpoints while nothing happens (an idle stream is cut
// by load balancers, and a caller must be able to tell quiet from broken). Thread-safe.
class WatchRegistry {
 public:
  WatchRegistry(const Pipeline* pipeline, Feed* feed, std::string domain);
  ~WatchRegistry();

  // Opens a stream, or one that ends at once with the error. The reactor deletes itself.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Open(const Method& method, Arrival arrival,
                                                   const std::string& request);

  // Ends all streams with UNAVAILABLE SHUTTING_DOWN and refuses new ones.
  void End();

 private:
  friend class WatchStream;
  void Remove(WatchStream* stream);

  const Pipeline* const pipeline_;
  Feed* const feed_;
  const std::string domain_;
  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<std::shared_ptr<WatchStream>> streams_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Feed::Subscription> subscription_;
};

}  // namespace lscp::rpc
