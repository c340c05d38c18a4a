#include "gateway/wire/session.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

#include "gateway/wire/test_peers.h"

namespace lscp::gateway::wire {
namespace {

// A client's connection to a TestService, both on one loop.
class SessionTest : public ::testing::Test, public Session::Owner {
 protected:
  SessionTest() {
    loop_.Start();
    On(loop_, [this] {
      client_ = std::make_shared<Session>(loop_, Session::Role::kClient,
                                          Socket(service_.RawConnection()), *this, SessionLimits{});
      client_->Start();
    });
    EXPECT_TRUE(Eventually(loop_, [this] { return ready_; }));
  }
  ~SessionTest() override {
    On(loop_, [this] {
      if (client_) client_->Close();
      service_.Drop();
    });
    loop_.Stop();
  }

  void OnReady(Session&) override { ready_ = true; }
  std::unique_ptr<StreamListener> OnStream(Session&, Stream&) override { return nullptr; }
  void OnGoaway(Session&) override { goaway_ = true; }
  void OnClosed(Session&) override { loop_.Bury(std::move(client_)); }

  // The request is sent; the call lives as long as the test.
  TestCall& Start(const std::string& path, const std::string& body = "", bool consumes = true) {
    calls_.push_back(std::make_unique<TestCall>());
    TestCall& call = *calls_.back();
    call.consumes = consumes;
    On(loop_, [&] { Send(*client_, path, body, call); });
    return call;
  }
  bool Closed(const TestCall& call) {
    return Eventually(loop_, [&] { return call.closed; });
  }

  Loop loop_;
  TestService service_{loop_};
  std::shared_ptr<Session> client_;
  std::vector<std::unique_ptr<TestCall>> calls_;
  bool ready_ = false;
  bool goaway_ = false;
};

TEST_F(SessionTest, ARequestIsAnsweredWithItsBodyAndTrailers) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{100'000}, size_t{3'000'000}}) {
    const std::string body(size, 'b');
    TestCall& call = Start("/echo", body);
    ASSERT_TRUE(Closed(call));
    EXPECT_EQ(call.body, body);
    EXPECT_EQ(call.status, "0");
    EXPECT_EQ(call.error, static_cast<uint32_t>(NGHTTP2_NO_ERROR));
    EXPECT_EQ(call.sent, size);
  }
}

TEST_F(SessionTest, ASlowReaderHoldsUpItsOwnStreamOnly) {
  TestCall& slow = Start("/flood", "", /*consumes=*/false);
  TestCall& quick = Start("/flood");
  ASSERT_TRUE(Closed(quick));
  EXPECT_EQ(quick.body.size(), TestService::kFlood);
  On(loop_, [&] {
    EXPECT_LE(slow.body.size(), static_cast<size_t>(SessionLimits().stream_window));
    EXPECT_FALSE(slow.closed);
    slow.consumes = true;
    slow.stream->Consume(slow.body.size());
  });
  ASSERT_TRUE(Closed(slow));
  EXPECT_EQ(slow.body.size(), TestService::kFlood);
}

TEST_F(SessionTest, AResetReachesTheOtherSideBothWays) {
  TestCall& reset = Start("/reset");
  ASSERT_TRUE(Closed(reset));
  EXPECT_EQ(reset.error, static_cast<uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
  TestCall& held = Start("/hold");
  ASSERT_TRUE(Eventually(loop_, [&] { return service_.requests() == 2; }));
  On(loop_, [&] { held.stream->Reset(NGHTTP2_CANCEL); });
  EXPECT_TRUE(Eventually(loop_, [&] { return service_.last_error() == NGHTTP2_CANCEL; }));
}

TEST_F(SessionTest, ADrainTakesNoNewRequestsAndLetsOthersFinish) {
  TestCall& held = Start("/hold");
  ASSERT_TRUE(Eventually(loop_, [&] { return service_.requests() == 1; }));
  On(loop_, [&] { service_.Drain(); });
  ASSERT_TRUE(Eventually(loop_, [&] { return goaway_; }));
  On(loop_, [&] {
    EXPECT_FALSE(client_->TakesRequests());
    EXPECT_FALSE(held.closed);
    service_.Release();
  });
  ASSERT_TRUE(Closed(held));
  EXPECT_EQ(held.status, "0");
  EXPECT_TRUE(Eventually(loop_, [&] { return !client_; }));
  EXPECT_TRUE(Eventually(loop_, [&] { return service_.connections() == 0; }));
}

TEST_F(SessionTest, ALostConnectionEndsItsStreams) {
  TestCall& held = Start("/hold");
  ASSERT_TRUE(Eventually(loop_, [&] { return service_.requests() == 1; }));
  On(loop_, [&] { service_.Drop(); });
  ASSERT_TRUE(Closed(held));
  EXPECT_EQ(held.error, kConnectionLost);
}

TEST_F(SessionTest, HeadersWithoutEndCostTheirOwnStreamOnly) {
  HeaderBlock request;
  request.Add(":method", "POST");
  request.Add(":scheme", "http");
  request.Add(":path", "/echo");
  request.Add(":authority", "test");
  for (int i = 0; i < 600; ++i) request.Add("x-many", "1");
  TestCall call;
  On(loop_, [&] { call.stream = client_->Open(request, call); });
  ASSERT_TRUE(Closed(call));
  EXPECT_EQ(call.error, static_cast<uint32_t>(NGHTTP2_INTERNAL_ERROR));
  EXPECT_TRUE(Closed(Start("/echo", "still there")));
}

TEST_F(SessionTest, WhoOpensAndResetsStreamsAsFastAsItCanLosesItsConnection) {
  TestCall call;
  for (int i = 0; i < 6'000; ++i) {
    On(loop_, [&] {
      call = TestCall();
      if (client_) Send(*client_, "/hold", "", call);
    });
    On(loop_, [&] {
      if (!call.stream) return;
      call.stream->Detach();
      call.stream->Reset(NGHTTP2_CANCEL);
    });
  }
  EXPECT_TRUE(Eventually(loop_, [&] { return !client_ && service_.connections() == 0; }));
}

// What a peer sends that does not speak HTTP/2, or badly.
TEST_F(SessionTest, BytesOfAnyKindEndNothingButTheirOwnConnection) {
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const std::string settings("\0\0\0\4\0\0\0\0\0", 9);
  const std::string headers("\0\0\3\1\5\0\0\0\1\x83\x86\x84", 12);
  std::minstd_rand random(20261122);
  for (int i = 0; i < 500; ++i) {
    std::string bytes = i % 5 == 0 ? "" : preface + settings + headers;
    for (int j = 0; j < 40; ++j) {
      if (j % 3 == 0 && bytes.size() > preface.size()) {
        bytes[preface.size() + random() % (bytes.size() - preface.size())] =
            static_cast<char>(random());
      } else {
        bytes += static_cast<char>(random() % 12);
      }
    }
    const Fd end = On(loop_, [&] { return service_.RawConnection(); });
    ASSERT_EQ(send(end.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    shutdown(end.get(), SHUT_WR);
  }
  EXPECT_TRUE(Eventually(loop_, [&] { return service_.connections() == 1; }));
  EXPECT_TRUE(Closed(Start("/echo", "still there")));
}

}  // namespace
}  // namespace lscp::gateway::wire
