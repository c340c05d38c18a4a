#pragma once

#include <memory>

#include "common/journal/feed.h"
#include "common/rpc/methods.h"
#include "common/rpc/pipeline.h"
#include "common/rpc/raw_service.h"

namespace lscp::rpc {

class WatchRegistry;

// Puts methods on the wire: the gRPC side of the choke point. Unary calls go to Pipeline::Run;
// watches are streams over the feed. Register service() with a server, which this must outlive.
// Thread-safe.
class Host {
 public:
  // `domain` stands in error details, e.g. "referrals.safeguarding". All pointers must outlive
  // this.
  Host(const Methods* methods, const Pipeline* pipeline, Feed* feed, std::string domain);
  ~Host();

  RawService* service() { return &service_; }

  // Ends all streams with UNAVAILABLE, so that their callers connect elsewhere, and refuses new
  // ones. Call before the server shuts down, which would wait for them.
  void EndWatches();

 private:
  void AddUnary(const std::string& path, const Method& method);
  void AddWatch(const std::string& path, const Method& method);

  const Pipeline* const pipeline_;
  const std::string domain_;
  const std::unique_ptr<WatchRegistry> watches_;
  RawService service_;
};

}  // namespace lscp::rpc
