#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::gateway::wire {

using SslContext = std::shared_ptr<SSL_CTX>;
using Ssl = std::unique_ptr<SSL, decltype(&SSL_free)>;

// Mutual TLS of HTTP/2 (TLS 1.2 or later, ALPN h2) made of certificate files, and made anew when
// they change; connections that exist keep what they began with. Thread-safe.
class TlsFiles {
 public:
  enum class Side { kServer, kClient };

  // FAILED_PRECONDITION when a file cannot be read or does not hold what it should.
  static absl::StatusOr<std::unique_ptr<TlsFiles>> Open(
      const safeguarding::config::v1::TlsConfig& config, Side side);

  SslContext Current() const { return current_.load(); }

  // Reads the files. What cannot be used (a key is renewed before its certificate) changes nothing;
  // it is tried again at the next call. Reads from disk, by one thread at a time.
  void Refresh();

 private:
  struct Contents {
    std::string certificate, key, authorities;
    bool operator==(const Contents&) const = default;
  };

  TlsFiles(const safeguarding::config::v1::TlsConfig& config, Side side)
      : config_(config), side_(side) {}
  absl::StatusOr<Contents> Read() const;
  absl::StatusOr<SslContext> Make(const Contents& contents) const;

  const safeguarding::config::v1::TlsConfig config_;
  const Side side_;
  Contents in_use_;
  std::atomic<SslContext> current_;
};

// The next connection's TLS.
Ssl AcceptTls(const SslContext& context);
// The same; the peer's certificate must carry `name`, a host name or an IP address.
Ssl ConnectTls(const SslContext& context, const std::string& name);

// The SPIFFE URI of the peer's certificate; empty when it has none or more than one URI.
std::string PeerSpiffeId(const SSL& ssl);
// Both sides have agreed on HTTP/2.
bool SpeaksHttp2(const SSL& ssl);

}  // namespace lscp::gateway::wire
