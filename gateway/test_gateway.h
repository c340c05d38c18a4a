#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/auth/jwt_mint.h"
#include "common/observe/metrics.h"
#include "common/testing/test_pki.h"
#include "gateway/gateway.h"
#include "gateway/test_backend.h"
#include "gateway/test_client.h"
#include "gtest/gtest.h"
#include "safeguarding/config/v1/config.pb.h"
#include "safeguarding/internal/v1/caller.pb.h"

namespace lscp::gateway {

// For tests: a gateway in front of a TestBackend, everything over mutual TLS. The boroughs are
// barnet (served) and enfield (no route). The agency "school" may do everything in both, with and
// without a person; "police" may do nothing.
class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest();
  ~GatewayTest() override;

  // The configuration, to be changed before Start.
  safeguarding::config::v1::GatewayConfig& config() { return config_; }
  // Starts the gateway and waits until it has connected to the backend.
  void Start();
  // Another gateway: nothing is waited for.
  std::unique_ptr<Gateway> StartAnother(safeguarding::config::v1::GatewayConfig config,
                                        Metrics& metrics);

  TestClient Client(const std::string& agency = "school") {
    return TestClient(gateway_->port(), pki_.Agency(agency));
  }
  // A token of a person of the agency, with the role "all".
  std::string Token(const std::string& agency, const std::string& person,
                    absl::Duration age = absl::ZeroDuration());
  // Metadata that every method is content with, and more.
  static MetadataList With(MetadataList more = {});
  // The caller that the backend was told of.
  static safeguarding::internal::v1::CallerContext CallerOf(const TestBackend::Seen& call);
  // The backend is up as far as the gateway's health service knows.
  bool Healthy(const std::string& service);

  ::lscp::testing::TestPki pki_;
  std::unique_ptr<TestBackend> backend_;
  Metrics metrics_;
  std::unique_ptr<Gateway> gateway_;

 private:
  safeguarding::config::v1::GatewayConfig config_;
  const std::string token_key_ = ::lscp::testing::TestPki::NewKey();
};

}  // namespace lscp::gateway
