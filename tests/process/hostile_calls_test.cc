// Headers and bodies that no gRPC library sends, and anybody can: the gateway takes them or leaves
// them, and goes on. gRPC's C++ library ends its process when it is told to send some of them on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "common/testing/process.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

using ::testing::HasSubstr;

TEST(HostileCalls, EndNothingButTheirOwnCall) {
  Suite suite;
  const client::Target target = suite.TargetOf("example-primary-school");
  const std::string output = suite.pki().directory() + "/hostile.out";
  testing::ChildProcess caller(
      {"/usr/bin/env", "LSCP_CERT=" + target.certificate_file, "LSCP_KEY=" + target.key_file,
       "LSCP_CA=" + target.ca_file, "node", LSCP_SOURCE_DIR "/tests/process/hostile_calls.js",
       target.endpoint, "/safeguarding.referrals.v1.ContactsService/ListMyReferrals"},
      output);
  EXPECT_EQ(caller.Wait(), 0);
  std::ifstream in(output);
  const std::string told(std::istreambuf_iterator<char>(in), {});
  EXPECT_THAT(told, HasSubstr("tab: 0\n"));
  EXPECT_THAT(told, HasSubstr("no-message: 3\n"));
  EXPECT_THAT(told, HasSubstr("well-formed: 0\n"));
  for (const char* process : {"gateway", "referrals"}) {
    EXPECT_NE(suite.AdminPage(process, "/livez"), "") << process << " is gone\n"
                                                      << suite.LogOf(process) << told;
  }
}

}  // namespace
}  // namespace lscp::tests
