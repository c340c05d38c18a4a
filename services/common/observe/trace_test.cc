#include "common/observe/trace.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace lscp {
namespace {

constexpr char kValid[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContext, AValidHeaderSurvives) {
  const auto context = TraceContext::Parse(kValid, "vendor=value");
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ(context->TraceId(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(context->SpanId(), "b7ad6b7169203331");
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(context->state, "vendor=value");
  EXPECT_EQ(context->Traceparent(), kValid);
}

TEST(TraceContext, LaterVersionsMayCarryMore) {
  std::string later = kValid;
  later[1] = '1';
  EXPECT_TRUE(TraceContext::Parse(later, ""));
  EXPECT_TRUE(TraceContext::Parse(later + "-what-comes", ""));
  EXPECT_FALSE(TraceContext::Parse(later + "x", ""));
}

TEST(TraceContext, MalformedHeadersAreNone) {
  const char* const kCases[] = {
      "",
      "00",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
      "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
      "00-00000000000000000000000000000000-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
      "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
  };
  for (const char* header : kCases) EXPECT_FALSE(TraceContext::Parse(header, "")) << header;
}

TEST(TraceContext, NoByteBreaksTheParser) {
  for (size_t at = 0; at < sizeof(kValid) - 1; ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string header = kValid;
      header[at] = static_cast<char>(byte);
      if (const auto context = TraceContext::Parse(header, header)) {
        EXPECT_TRUE(TraceContext::Parse(context->Traceparent(), ""));
      }
    }
    EXPECT_FALSE(TraceContext::Parse(std::string_view(kValid).substr(0, at), ""));
  }
}

TEST(TraceContext, StateIsBoundedAtAMember) {
  const std::string member = "vendor=" + std::string(93, 'x') + ",";
  std::string state;
  for (int i = 0; i < 6; ++i) state += member;
  const auto context = TraceContext::Parse(kValid, state);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->state, state.substr(0, 5 * member.size() - 1));
  EXPECT_EQ(TraceContext::Parse(kValid, std::string(513, 'x'))->state, "");
  EXPECT_EQ(TraceContext::Parse(kValid, "a=b\nforged: header")->state, "");
}

TEST(TraceContext, ContinuingKeepsTheTraceAndTakesANewSpan) {
  const TraceContext own = TraceContext::Continue(kValid, "a=b");
  EXPECT_EQ(own.TraceId(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_NE(own.SpanId(), "b7ad6b7169203331");
  EXPECT_EQ(own.state, "a=b");
  const TraceContext fresh = TraceContext::Continue("junk", "a=b");
  EXPECT_TRUE(TraceContext::Parse(fresh.Traceparent(), ""));
  EXPECT_EQ(fresh.state, "");
}

TEST(NewHexId, DoesNotRepeatAcrossThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 5000;
  std::vector<std::vector<std::string>> made(kThreads);
  std::vector<std::thread> threads;
  for (auto& ids : made) {
    threads.emplace_back([&ids] {
      for (int i = 0; i < kEach; ++i) ids.push_back(NewHexId());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& ids : made) all.insert(ids.begin(), ids.end());
  EXPECT_EQ(all.size(), size_t{kThreads} * kEach);
  EXPECT_EQ(all.begin()->size(), 16u);
}

}  // namespace
}  // namespace lscp
