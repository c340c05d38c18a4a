#include "gateway/wire/address.h"

#include <gtest/gtest.h>

namespace lscp::gateway::wire {
namespace {

TEST(Place, IsReadInEveryForm) {
  const struct {
    const char* target;
    const char* host;
    const char* port;
  } cases[] = {{"referrals:8443", "referrals", "8443"},
               {"dns:///referrals.barnet.svc:8443", "referrals.barnet.svc", "8443"},
               {"dns:referrals:8443", "referrals", "8443"},
               {"ipv4:127.0.0.1:80", "127.0.0.1", "80"},
               {"[::1]:80", "::1", "80"},
               {"ipv6:[::]:0", "::", "0"}};
  for (const auto& c : cases) {
    const auto place = ParsePlace(c.target);
    ASSERT_TRUE(place.ok()) << place.status();
    EXPECT_EQ(place->host, c.host);
    EXPECT_EQ(place->port, c.port);
  }
}

TEST(Place, WithoutHostOrPortIsNone) {
  for (const char* target : {"", "referrals", ":80", "referrals:", "::1:80", "unix:/tmp/s:1",
                             "ipv4:1.2.3.4:1,5.6.7.8:1", "dns://8.8.8.8/referrals:80"}) {
    EXPECT_FALSE(ParsePlace(target).ok()) << target;
  }
}

TEST(Place, HasItsAddresses) {
  const auto addresses = Resolve({"127.0.0.1", "8443"});
  ASSERT_TRUE(addresses.ok()) << addresses.status();
  EXPECT_EQ(addresses->size(), 1u);
  EXPECT_EQ(Resolve({"no-such-host.invalid", "1"}).status().code(), absl::StatusCode::kUnavailable);
}

TEST(Listening, OnAnAddressThatIsTakenIsRefused) {
  const auto first = Listen("127.0.0.1:0");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_GT(first->port, 0);
  EXPECT_EQ(Listen("127.0.0.1:" + std::to_string(first->port)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace lscp::gateway::wire
