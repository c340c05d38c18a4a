#include "gateway/metadata.h"

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lscp::gateway {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

TEST(Metadata, EightKibibytesAreAllowedAndOneByteMoreIsNot) {
  const std::string value(kMostMetadataBytes - 32 - 3, 'x');
  EXPECT_TRUE(CheckSize({{"key", value}}).ok());
  const absl::Status more = CheckSize({{"key", value + "x"}});
  EXPECT_EQ(more.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(more), reason::ERROR_REASON_TOO_LARGE);
}

TEST(Metadata, ManySmallEntriesAreCountedToo) {
  EXPECT_FALSE(CheckSize(MetadataView(300, {"k", "v"})).ok());
}

TEST(Metadata, AKeyGivenTwiceIsRefused) {
  EXPECT_EQ(*Single({{"a", "1"}, {"b", "2"}}, "b"), "2");
  EXPECT_EQ(*Single({{"a", "1"}}, "b"), "");
  EXPECT_EQ(Single({{"a", "1"}, {"a", "1"}}, "a").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Metadata, WhatTheTransportWritesAndWhatIsOursDoesNotTravelOn) {
  const MetadataView metadata = {{":authority", "gateway"},
                                 {"user-agent", "grpc-node"},
                                 {"te", "trailers"},
                                 {"content-type", "application/grpc"},
                                 {"grpc-timeout", "1S"},
                                 {"grpc-accept-encoding", "gzip"},
                                 {"authorization", "Bearer t"},
                                 {"lscp-caller-bin", "spoofed"},
                                 {"lscp-admin", "yes"},
                                 {"traceparent", "00-1"},
                                 {"tracestate", "a=b"},
                                 {"lscp-borough", "barnet"},
                                 {"lscp-purpose", "safeguarding"},
                                 {"lscp-service", "referrals"},
                                 {"x-case-system", "7.1"}};
  EXPECT_THAT(
      Forwarded(metadata, /*to_gateway=*/false),
      UnorderedElementsAre(Pair("lscp-borough", "barnet"), Pair("lscp-purpose", "safeguarding"),
                           Pair("lscp-service", "referrals"), Pair("x-case-system", "7.1")));
}

TEST(Metadata, TheTokenTravelsToGatewaysOnly) {
  EXPECT_THAT(Forwarded({{"authorization", "Bearer t"}, {"lscp-caller-bin", "x"}}, true),
              UnorderedElementsAre(Pair("authorization", "Bearer t")));
}

TEST(Metadata, WhatGrpcWouldNotSendIsLeftBehind) {
  EXPECT_THAT(Forwarded({{"x-tab", "a\tb"},
                         {"x-latin", "caf\xe9"},
                         {"x-nul", std::string_view("a\0b", 3)},
                         {"x-delete", "\x7f"},
                         {"x!odd", "1"},
                         {"x-any-bin", "\xff\t"},
                         {"x-plain_1.2", "~ !"},
                         {"x-empty", ""}},
                        false),
              UnorderedElementsAre(Pair("x-any-bin", "\xff\t"), Pair("x-plain_1.2", "~ !"),
                                   Pair("x-empty", "")));
}

TEST(Metadata, StatusDetailsAreNotCopiedBack) {
  EXPECT_FALSE(TravelsBack("grpc-status-details-bin"));
  EXPECT_FALSE(TravelsBack("content-type"));
  EXPECT_TRUE(TravelsBack("lscp-trace-id"));
}

}  // namespace
}  // namespace lscp::gateway
