#include "common/auth/identity.h"

#include <gtest/gtest.h>

namespace lscp {
namespace {

using Kind = PeerIdentity::Kind;

TEST(PeerIdentity, IsReadFromTheThreeForms) {
  EXPECT_EQ(ParsePeerIdentity("spiffe://lscp/agency/st-example-school"),
            (PeerIdentity{Kind::kAgency, "st-example-school"}));
  EXPECT_EQ(ParsePeerIdentity("spiffe://lscp/service/referrals"),
            (PeerIdentity{Kind::kService, "referrals"}));
  EXPECT_EQ(ParsePeerIdentity("spiffe://lscp/gateway/north-1"),
            (PeerIdentity{Kind::kGateway, "north-1"}));
}

TEST(PeerIdentity, AnythingElseIsNobody) {
  const std::string kCases[] = {
      "",
      "spiffe://lscp",
      "spiffe://lscp/agency/",
      "spiffe://lscp/agency",
      "spiffe://lscp/agency/a/b",
      "spiffe://lscp/agency/a/",
      "spiffe://lscp/agency/a?b",
      "spiffe://lscp/agency/a#b",
      "spiffe://lscp/agency/a%2fb",
      "spiffe://lscp/agency/A",
      "spiffe://lscp/agency/-a",
      "spiffe://lscp/agency/a-",
      "spiffe://lscp/agency/a_b",
      "spiffe://lscp/agency/../service/referrals",
      "spiffe://lscp//agency/a",
      "spiffe://other/agency/a",
      "spiffe://lscp.example/agency/a",
      "spiffe://user@lscp/agency/a",
      "spiffe://lscp:443/agency/a",
      "SPIFFE://lscp/agency/a",
      " spiffe://lscp/agency/a",
      "https://lscp/agency/a",
      "spiffe://lscp/person/a",
      "spiffe://lscp/agency/" + std::string(64, 'a'),
      std::string("spiffe://lscp/agency/a\0b", 23),
      "spiffe://lscp/agency/caf\xC3\xA9",
  };
  for (const std::string& uri : kCases) EXPECT_FALSE(ParsePeerIdentity(uri)) << uri;
}

}  // namespace
}  // namespace lscp
