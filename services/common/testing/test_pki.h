#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::testing {

// For tests: a certificate authority with a directory of its own, which is removed with it. Peers
// of two authorities do not trust each other. Ends the process when something fails. Not
// thread-safe.
class TestPki {
 public:
  TestPki();
  // The same authority, if there is one, with another directory.
  explicit TestPki(const TestPki* same);
  ~TestPki();
  TestPki(const TestPki&) = delete;
  TestPki& operator=(const TestPki&) = delete;

  const std::string& directory() const { return directory_; }

  // A new key and certificate for "localhost" and 127.0.0.1 whose SPIFFE URI is
  // spiffe://lscp/agency/<id>, service or gateway, trusting this authority.
  safeguarding::config::v1::TlsConfig Agency(std::string_view id);
  safeguarding::config::v1::TlsConfig Service(std::string_view name);
  safeguarding::config::v1::TlsConfig Gateway(std::string_view name);

  // The same with any URI (none when empty) and any end.
  safeguarding::config::v1::TlsConfig Issue(std::string_view uri,
                                            absl::Duration valid = absl::Hours(1));

  // Writes a file into the directory. Result: its path.
  std::string WriteFile(std::string_view name, std::string_view content) const;

  // A new P-256 private key, PEM: for signing tokens.
  static std::string NewKey();

 private:
  std::string directory_;
  std::string key_;          // of the authority, PEM
  std::string certificate_;  // of the authority, PEM
  int issued_ = 0;
};

}  // namespace lscp::testing
