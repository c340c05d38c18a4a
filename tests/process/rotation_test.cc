// A renewed certificate is taken up from disk, without a restart and without a failed call.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace referrals = safeguarding::referrals::v1;
using safeguarding::config::v1::TlsConfig;

constexpr char kSubmit[] = "/safeguarding.referrals.v1.ContactsService/SubmitContact";

// The serial number of the certificate that a new connection is shown.
std::string SerialShownAt(const std::string& endpoint) {
  const std::string command =
      absl::StrCat("openssl s_client -connect ", endpoint,
                   " </dev/null 2>/dev/null | openssl x509 -noout -serial 2>/dev/null");
  std::string shown;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[256];
  while (pipe && std::fgets(buffer, sizeof(buffer), pipe)) shown += buffer;
  if (pipe) pclose(pipe);
  return shown;
}

// Puts a renewed key and certificate where the process reads them.
void Renew(const TlsConfig& renewed, const TlsConfig& in_use) {
  std::filesystem::rename(renewed.key_file(), in_use.key_file());
  std::filesystem::rename(renewed.certificate_file(), in_use.certificate_file());
}

TEST(Rotation, ACertificateIsRenewedUnderLoadWithoutAFailedCall) {
  Suite suite;
  std::atomic<bool> stop = false;
  std::atomic<int> calls = 0;
  std::atomic<int> failures = 0;
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i) {
    senders.emplace_back([&, i] {
      while (!stop) {
        // A connection for each few calls: handshakes are what a renewal could break.
        auto channel = suite.As("example-primary-school");
        for (int call = 0; call < 5 && !stop; ++call, ++calls) {
          referrals::SubmitContactResponse reply;
          const absl::Status status =
              channel->Call(kSubmit, ConcernOf("barnet", absl::StrCat("ROT-", i)),
                            {{"lscp-borough", "barnet"}}, &reply);
          if (!status.ok()) ++failures;
        }
      }
    });
  }
  const std::string gateway = SerialShownAt(suite.gateway_endpoint());
  const std::string service = SerialShownAt(suite.service_endpoint());
  EXPECT_FALSE(gateway.empty());
  Renew(suite.pki().Gateway("tests"), suite.gateway_tls());
  Renew(suite.pki().Service("referrals"), suite.service_tls());
  EXPECT_TRUE(WaitUntil([&] {
    return SerialShownAt(suite.gateway_endpoint()) != gateway &&
           SerialShownAt(suite.service_endpoint()) != service;
  }));
  const int renewed = calls;
  EXPECT_TRUE(WaitUntil([&] { return calls > renewed + 40; }));
  stop = true;
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(failures, 0) << "of " << calls << " calls";
}

// The service decides for itself, so it must not go on by a policy that the gateway has dropped.
TEST(Rotation, ARightThatIsTakenAwayIsGoneAtTheServiceWithoutARestart) {
  Suite suite;
  auto school = suite.As("example-primary-school");
  const auto submit = [&] {
    referrals::SubmitContactResponse reply;
    return school->Call(kSubmit, ConcernOf("barnet", "POL-1"), {{"lscp-borough", "barnet"}},
                        &reply);
  };
  ASSERT_TRUE(submit().ok());
  suite.ReplacePolicy("referrals", "");
  EXPECT_TRUE(WaitUntil([&] { return absl::IsPermissionDenied(submit()); }));
}

}  // namespace
}  // namespace lscp::tests
