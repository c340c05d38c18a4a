#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/error.h"
#include "gateway/test_gateway.h"
#include "gmock/gmock.h"

namespace lscp::gateway {
namespace {

TEST_F(GatewayTest, EveryKindOfStreamGoesThrough) {
  Start();
  TestClient client = Client();
  std::string message;

  const auto chat = client.Open("Chat", With());
  for (const char* text : {"one", "two", ""}) {
    ASSERT_TRUE(chat->Write(text));
    ASSERT_TRUE(chat->Read(&message));
    EXPECT_EQ(message, text);
  }
  ASSERT_TRUE(chat->WritesDone());
  EXPECT_FALSE(chat->Read(&message));
  const TestReply chatted = chat->Finish();
  EXPECT_TRUE(chatted.status.ok()) << chatted.status;
  EXPECT_EQ(chatted.initial.count("x-initial"), 1u);
  EXPECT_EQ(chatted.trailing.count("x-trailing"), 1u);

  const auto upload = client.Open("Upload", With());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(upload->Write("ab"));
  ASSERT_TRUE(upload->WritesDone());
  ASSERT_TRUE(upload->Read(&message));
  EXPECT_EQ(message.size(), 200u);
  EXPECT_TRUE(upload->Finish().status.ok());

  const auto watch = client.Open("Watch", With());
  ASSERT_TRUE(watch->Write("flood 50 10") && watch->WritesDone());
  int messages = 0;
  while (watch->Read(&message)) ++messages;
  EXPECT_EQ(messages, 50);
  EXPECT_TRUE(watch->Finish().status.ok());
}

TEST_F(GatewayTest, AWatchsMetadataComesBeforeItsFirstMessage) {
  Start();
  TestClient client = Client();
  const auto chat = client.Open("Chat", With());
  ASSERT_TRUE(chat->Write("first"));
  EXPECT_EQ(chat->Initial().count("x-initial"), 1u);
}

TEST_F(GatewayTest, ASlowReaderSlowsItsWriterDown) {
  Start();
  TestClient client = Client();
  const auto watch = client.Open("Watch", With());
  constexpr int kMessages = 2'000;
  ASSERT_TRUE(watch->Write(absl::StrCat("flood ", kMessages, " 20000")) && watch->WritesDone());
  // Nobody reads, so the writer comes to a stop, long before it has written all 40 MB.
  int written = -1;
  ASSERT_TRUE(Eventually([&] {
    const int before = std::exchange(written, backend_->flooded());
    absl::SleepFor(absl::Milliseconds(100));
    return written > 0 && written == before;
  }));
  EXPECT_LT(written, kMessages / 2);
  std::string message;
  for (int i = kMessages - 1; i >= 0; --i) {
    ASSERT_TRUE(watch->Read(&message));
    ASSERT_THAT(message.substr(0, 10), ::testing::StartsWith(absl::StrCat(i, " ")));
  }
  EXPECT_FALSE(watch->Read(&message));
  EXPECT_TRUE(watch->Finish().status.ok());
}

TEST_F(GatewayTest, AMessageThatIsTooLargeIsRefusedWithAReasonBothWays) {
  config().mutable_server()->set_max_message_bytes(10'000);
  Start();
  TestClient client = Client();
  std::string message;
  // What a service says too much of, after something that fits.
  for (const char* method : {"Watch", "Chat"}) {
    const auto stream = client.Open(method, With());
    ASSERT_TRUE(stream->Write("flood 3 20000"));
    EXPECT_FALSE(stream->Read(&message));
    const TestReply answer = stream->Finish();
    EXPECT_EQ(answer.status.code(), absl::StatusCode::kResourceExhausted) << answer.status;
    EXPECT_EQ(ReasonOf(answer.status), reason::ERROR_REASON_TOO_LARGE);
    EXPECT_EQ(answer.initial.count("x-initial"), 1u);
  }
  const auto chat = client.Open("Chat", With());
  ASSERT_TRUE(chat->Write("fits") && chat->Read(&message));
  chat->Write(std::string(10'001, 'x'));
  EXPECT_FALSE(chat->Read(&message));
  EXPECT_EQ(ReasonOf(chat->Finish().status), reason::ERROR_REASON_TOO_LARGE);
  // What a caller says too much of is known by its first bytes.
  const TestReply answer = client.Call("Get", std::string(10'001, 'x'), With());
  EXPECT_EQ(ReasonOf(answer.status), reason::ERROR_REASON_TOO_LARGE);
  EXPECT_EQ(client.Call("Get", std::string(10'000, 'x'), With()).reply.size(), 10'000u);
}

TEST_F(GatewayTest, ASlowServiceSlowsItsCallerDown) {
  Start();
  TestClient client = Client();
  const auto chat = client.Open("Chat", With());
  ASSERT_TRUE(chat->Write("hold"));  // it reads no more
  std::atomic<int> written = 0;
  std::thread writer([&] {
    while (written < 2'000 && chat->Write(std::string(20'000, 'x'))) ++written;
  });
  int before = -1;
  EXPECT_TRUE(Eventually([&] {
    const int last = std::exchange(before, written.load());
    absl::SleepFor(absl::Milliseconds(100));
    return before > 0 && last == before;
  }));
  EXPECT_LT(written, 1'000);
  chat->Cancel();
  writer.join();
}

TEST_F(GatewayTest, AStreamEndsWithItsServicesError) {
  Start();
  TestClient client = Client();
  const auto chat = client.Open("Chat", With());
  ASSERT_TRUE(chat->Write("fail"));
  std::string message;
  EXPECT_FALSE(chat->Read(&message));
  const TestReply answer = chat->Finish();
  EXPECT_EQ(ReasonOf(answer.status), reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_EQ(answer.trailing.count("grpc-status-details-bin"), 1u);
}

TEST_F(GatewayTest, ARefusedStreamNeverReachesTheService) {
  Start();
  TestClient client = Client("police");
  const auto chat = client.Open("Chat", With());
  std::string message;
  EXPECT_FALSE(chat->Read(&message));
  EXPECT_EQ(ReasonOf(chat->Finish().status), reason::ERROR_REASON_PERMISSION_DENIED);
  EXPECT_TRUE(backend_->seen().empty());
}

TEST_F(GatewayTest, ACancelledStreamIsCancelledAtTheServiceToo) {
  Start();
  TestClient client = Client();
  for (const char* first : {"hold", "flood 100000 20000"}) {
    const int before = backend_->cancelled();
    const size_t seen = backend_->seen().size();
    const auto chat = client.Open("Chat", With());
    ASSERT_TRUE(chat->Write(first));
    // A service that holds the stream says nothing: whether it is there can only be seen from it.
    if (first != std::string("hold")) {
      EXPECT_EQ(chat->Initial().count("x-initial"), 1u);
    }
    EXPECT_TRUE(Eventually([&] { return backend_->seen().size() > seen; }));
    chat->Cancel();
    EXPECT_EQ(chat->Finish().status.code(), absl::StatusCode::kCancelled);
    EXPECT_TRUE(Eventually([&] { return backend_->cancelled() > before; }));
  }
}

TEST_F(GatewayTest, AStreamsDeadlineEndsIt) {
  Start();
  TestClient client = Client();
  const auto chat = client.Open("Chat", With(), absl::Milliseconds(300));
  ASSERT_TRUE(chat->Write("hold"));
  std::string message;
  EXPECT_FALSE(chat->Read(&message));
  EXPECT_EQ(chat->Finish().status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(Eventually([&] { return backend_->cancelled() == 1; }));
}

TEST_F(GatewayTest, StreamsOfManyCallersAtOnceKeepApart) {
  Start();
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([this, caller] {
      TestClient client = Client();
      for (int call = 0; call < 20; ++call) {
        const auto chat = client.Open("Chat", With());
        const std::string text = absl::StrCat(caller, "/", call);
        std::string message;
        ASSERT_TRUE(chat->Write(text) && chat->Read(&message));
        EXPECT_EQ(message, text);
        if (call % 3 == 0) chat->Cancel();
        if (call % 3 == 1) chat->WritesDone();
        if (call % 3 == 2) chat->Write("fail");
        chat->Finish();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_TRUE(Eventually(
      [&] { return metrics_.Text().find("lscp_gateway_calls_in_flight 0") != std::string::npos; }));
}

}  // namespace
}  // namespace lscp::gateway
