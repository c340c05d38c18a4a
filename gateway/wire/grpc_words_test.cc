#include "gateway/wire/grpc_words.h"

#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

namespace lscp::gateway::wire {
namespace {

TEST(Timeout, IsReadInEveryUnit) {
  EXPECT_EQ(ParseTimeout("100n"), absl::Nanoseconds(100));
  EXPECT_EQ(ParseTimeout("5u"), absl::Microseconds(5));
  EXPECT_EQ(ParseTimeout("250m"), absl::Milliseconds(250));
  EXPECT_EQ(ParseTimeout("0S"), absl::ZeroDuration());
  EXPECT_EQ(ParseTimeout("2M"), absl::Minutes(2));
  EXPECT_EQ(ParseTimeout("99999999H"), absl::Hours(99'999'999));
}

TEST(Timeout, ThatIsMalformedIsNone) {
  for (const char* text : {"", "m", "5", "soon", "-1m", "1.5S", "123456789m", "1 m", "1X", "m1"}) {
    EXPECT_FALSE(ParseTimeout(text)) << text;
  }
}

TEST(Timeout, IsNeverWrittenLongerThanItIs) {
  for (const absl::Duration timeout :
       {absl::Nanoseconds(1), absl::Milliseconds(1), absl::Milliseconds(99) + absl::Nanoseconds(7),
        absl::Seconds(10), absl::Minutes(200), absl::Hours(5'000), absl::Hours(100'000'000)}) {
    const std::string text = FormatTimeout(timeout);
    ASSERT_TRUE(ParseTimeout(text)) << text;
    EXPECT_LE(*ParseTimeout(text), timeout);
    EXPECT_GE(*ParseTimeout(text), timeout * 0.99);
  }
  EXPECT_EQ(FormatTimeout(-absl::Seconds(1)), "0n");
  EXPECT_EQ(FormatTimeout(absl::InfiniteDuration()), "99999999H");
}

TEST(Message, SurvivesWhateverItHolds) {
  for (const std::string& text : {std::string(""), std::string("plain text"), std::string("100 %"),
                                  std::string("a\nb\tc\0d", 7), std::string("caf\xc3\xa9")}) {
    EXPECT_EQ(DecodeMessage(EncodeMessage(text)), text);
  }
  EXPECT_EQ(EncodeMessage("a\n%"), "a%0A%25");
  EXPECT_EQ(DecodeMessage("%zz%4"), "%zz%4");
}

TEST(Binary, IsReadWithAndWithoutPadding) {
  EXPECT_EQ(DecodeBinary("aGk="), "hi");
  EXPECT_EQ(DecodeBinary("aGk"), "hi");
  EXPECT_EQ(DecodeBinary(""), "");
  EXPECT_FALSE(DecodeBinary("%%%"));
  EXPECT_EQ(EncodeBinary("hi"), "aGk");
  const std::string bytes("\0\xff\n%", 4);
  EXPECT_EQ(DecodeBinary(EncodeBinary(bytes)), bytes);
}

TEST(Reset, IsMappedAsGrpcSays) {
  const struct {
    uint32_t error;
    absl::StatusCode code;
  } cases[] = {{NGHTTP2_NO_ERROR, absl::StatusCode::kInternal},
               {NGHTTP2_PROTOCOL_ERROR, absl::StatusCode::kInternal},
               {NGHTTP2_CANCEL, absl::StatusCode::kCancelled},
               {NGHTTP2_REFUSED_STREAM, absl::StatusCode::kUnavailable},
               {NGHTTP2_ENHANCE_YOUR_CALM, absl::StatusCode::kResourceExhausted},
               {NGHTTP2_INADEQUATE_SECURITY, absl::StatusCode::kPermissionDenied}};
  for (const auto& c : cases) {
    EXPECT_EQ(CodeOfReset(c.error), c.code);
    if (c.error > NGHTTP2_PROTOCOL_ERROR) {
      EXPECT_EQ(ResetFor(c.code), c.error);
    }
  }
}

TEST(Code, ThatGrpcDoesNotHaveIsUnknown) {
  EXPECT_EQ(ParseCode("0"), absl::StatusCode::kOk);
  EXPECT_EQ(ParseCode("16"), absl::StatusCode::kUnauthenticated);
  for (const char* text : {"", "17", "-1", "x", "007", "1e1"}) {
    EXPECT_EQ(ParseCode(text), absl::StatusCode::kUnknown) << text;
  }
  EXPECT_EQ(CodeOfHttpStatus("503"), absl::StatusCode::kUnavailable);
  EXPECT_EQ(CodeOfHttpStatus("404"), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(CodeOfHttpStatus("500"), absl::StatusCode::kUnknown);
}

TEST(ContentType, IsGrpcsWithWhateverItHolds) {
  const auto is_grpc = [](std::string_view type) {
    HeaderBlock headers;
    headers.Add("content-type", type);
    return IsGrpc(headers);
  };
  for (const char* type : {"application/grpc", "application/grpc+proto", "application/grpc;x=y"}) {
    EXPECT_TRUE(is_grpc(type)) << type;
  }
  for (const char* type : {"", "application/grpc-web", "application/json"}) {
    EXPECT_FALSE(is_grpc(type)) << type;
  }
  EXPECT_FALSE(IsGrpc(HeaderBlock()));
}

}  // namespace
}  // namespace lscp::gateway::wire
