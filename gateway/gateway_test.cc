#include "gateway/gateway.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/observe/log.h"
#include "common/status/error.h"
#include "gateway/test_gateway.h"
#include "gmock/gmock.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"

namespace lscp::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

bool HasDetail(const absl::Status& status, const std::string& type) {
  return status.GetPayload("type.googleapis.com/google.rpc." + type).has_value();
}

std::string TextOf(const absl::Status& status) { return std::string(status.message()); }

TEST_F(GatewayTest, AUnaryCallGoesThroughWithItsCaller) {
  Start();
  const TestReply answer = Client().Call("Get", "hello", With({{"x-mine", "7"}}));
  ASSERT_TRUE(answer.status.ok()) << answer.status;
  EXPECT_EQ(answer.reply, "hello");
  EXPECT_EQ(answer.initial.count("x-initial"), 1u);
  EXPECT_EQ(answer.trailing.count("x-trailing"), 1u);
  ASSERT_EQ(backend_->seen().size(), 1u);
  const TestBackend::Seen call = backend_->seen()[0];
  EXPECT_EQ(call.path, "/example.v1.Things/Get");
  EXPECT_EQ(call.metadata.find("x-mine")->second, "7");
  EXPECT_EQ(call.metadata.count("traceparent"), 1u);
  EXPECT_EQ(CallerOf(call).agency(), "school");
  EXPECT_EQ(CallerOf(call).person(), "");
  EXPECT_EQ(CallerOf(call).purpose(), "safeguarding");
}

TEST_F(GatewayTest, EmptyAndLargeMessagesGoThroughUnchanged) {
  Start();
  TestClient client = Client();
  for (const size_t size : {size_t{0}, size_t{1}, size_t{100'000}, size_t{3'900'000}}) {
    const std::string request(size, 'x');
    const TestReply answer = client.Call("Get", request, With());
    ASSERT_TRUE(answer.status.ok()) << answer.status;
    EXPECT_EQ(answer.reply, request);
  }
  const TestReply answer = client.Call("Get", std::string(4'300'000, 'x'), With());
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kResourceExhausted) << answer.status;
  EXPECT_EQ(ReasonOf(answer.status), reason::ERROR_REASON_TOO_LARGE);
  EXPECT_TRUE(client.Call("Get", "still there", With()).status.ok());
}

TEST_F(GatewayTest, APersonIsKnownByTheToken) {
  Start();
  const TestReply answer =
      Client().Call("Decide", "x", With({{"authorization", "Bearer " + Token("school", "ann")}}));
  ASSERT_TRUE(answer.status.ok()) << answer.status;
  const TestBackend::Seen call = backend_->seen()[0];
  EXPECT_EQ(CallerOf(call).person(), "ann");
  EXPECT_EQ(CallerOf(call).team(), "front door");
  EXPECT_EQ(call.metadata.count("authorization"), 0u);
}

TEST_F(GatewayTest, WhatIsRefusedNeverReachesTheService) {
  Start();
  TestClient client = Client();
  const auto reason = [&](const std::string& method, const MetadataList& metadata) {
    const TestReply answer = client.Call(method, "x", metadata);
    EXPECT_TRUE(HasDetail(answer.status, "ErrorInfo")) << answer.status;
    return ReasonOf(answer.status).value_or(reason::ERROR_REASON_UNSPECIFIED);
  };
  EXPECT_EQ(reason("Decide", With()), reason::ERROR_REASON_PERSON_REQUIRED);
  EXPECT_EQ(reason("Get", With({{"authorization", "Bearer nonsense"}})),
            reason::ERROR_REASON_TOKEN_INVALID);
  EXPECT_EQ(
      reason("Get", With({{"authorization", "Bearer " + Token("school", "ann", absl::Hours(2))}})),
      reason::ERROR_REASON_TOKEN_INVALID);
  EXPECT_EQ(reason("Get", With({{"authorization", "Bearer " + Token("police", "bob")}})),
            reason::ERROR_REASON_TOKEN_AGENCY_MISMATCH);
  EXPECT_EQ(reason("Get", {{"lscp-borough", "barnet"}}), reason::ERROR_REASON_INVALID_FIELDS);
  EXPECT_EQ(reason("Get", {{"lscp-purpose", "safeguarding"}}),
            reason::ERROR_REASON_BOROUGH_MISMATCH);
  EXPECT_EQ(reason("Sweep", {{"lscp-borough", "enfield"}}), reason::ERROR_REASON_NO_ROUTE);
  EXPECT_EQ(reason("Get", With({{"x-long", std::string(9'000, 'x')}})),
            reason::ERROR_REASON_TOO_LARGE);
  EXPECT_EQ(reason("/example.v1.Things/NoSuch", With()), reason::ERROR_REASON_NO_ROUTE);
  EXPECT_EQ(reason("/example.v1.Things/Deliver", With()), reason::ERROR_REASON_NO_ROUTE);
  const TestReply denied = Client("police").Call("Get", "x", With());
  EXPECT_EQ(denied.status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(TextOf(denied.status), HasSubstr("boroughs/barnet"));
  EXPECT_THAT(backend_->seen(), IsEmpty());
  EXPECT_THAT(metrics_.Text(),
              HasSubstr("lscp_gateway_rejected_total{reason=\"PERMISSION_DENIED\"} 1"));
}

TEST_F(GatewayTest, OversizedMetadataDoesNotHarmOtherCallsOfTheConnection) {
  Start();
  TestClient client = Client();
  const auto open = client.Open("Chat", With());
  ASSERT_TRUE(open->Write("before"));
  std::string message;
  ASSERT_TRUE(open->Read(&message));
  EXPECT_EQ(ReasonOf(client.Call("Get", "x", With({{"x-long", std::string(20'000, 'x')}})).status),
            reason::ERROR_REASON_TOO_LARGE);
  ASSERT_TRUE(open->Write("after"));
  ASSERT_TRUE(open->Read(&message));
  EXPECT_EQ(message, "after");
}

TEST_F(GatewayTest, NobodyIsBelievedWhoTheyClaimToBe) {
  Start();
  safeguarding::internal::v1::CallerContext spoofed;
  spoofed.set_agency("police");
  ASSERT_TRUE(
      Client()
          .Call("Get", "x",
                With({{"lscp-caller-bin", spoofed.SerializeAsString()}, {"lscp-admin", "true"}}))
          .status.ok());
  const TestBackend::Seen call = backend_->seen()[0];
  EXPECT_EQ(CallerOf(call).agency(), "school");
  EXPECT_EQ(call.metadata.count("lscp-admin"), 0u);
}

TEST_F(GatewayTest, ACertificateOfAnotherAuthorityIsRefusedAtTheDoor) {
  Start();
  ::lscp::testing::TestPki other;
  auto tls = other.Agency("school");
  tls.set_ca_file(pki_.directory() + "/ca.pem");
  TestClient stranger(gateway_->port(), tls);
  EXPECT_EQ(stranger.Call("Get", "x", With()).status.code(), absl::StatusCode::kUnavailable);
  // And a certificate of ours that names no agency gets an answer, but nothing else.
  for (const auto& certificate : {pki_.Service("things"), pki_.Issue("")}) {
    TestClient client(gateway_->port(), certificate);
    EXPECT_EQ(ReasonOf(client.Call("Get", "x", With()).status),
              reason::ERROR_REASON_CERTIFICATE_REQUIRED);
  }
  EXPECT_THAT(backend_->seen(), IsEmpty());
}

TEST_F(GatewayTest, AServicesErrorComesBackWithItsDetailsOnce) {
  Start();
  const TestReply answer = Client().Call("Get", "fail", With());
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(answer.status), reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_TRUE(HasDetail(answer.status, "PreconditionFailure"));
  EXPECT_EQ(answer.trailing.count("grpc-status-details-bin"), 1u);
  EXPECT_EQ(answer.trailing.count("x-trailing"), 1u);
}

TEST_F(GatewayTest, AServicesInnardsStayInside) {
  Start();
  const TestReply answer = Client().Call("Get", "break", With());
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(ReasonOf(answer.status), reason::ERROR_REASON_INTERNAL_FAULT);
  EXPECT_THAT(TextOf(answer.status), Not(HasSubstr("secret")));
}

TEST_F(GatewayTest, AnUnavailableServiceIsAskedAgainWhereTheContractAllows) {
  Start();
  TestClient client = Client();
  EXPECT_EQ(client.Call("Get", "unavailable 2", With()).reply, "unavailable 2");
  EXPECT_EQ(backend_->seen().size(), 3u);
  EXPECT_THAT(metrics_.Text(), HasSubstr("lscp_gateway_retries_total{service=\"things\"} 2"));
}

TEST_F(GatewayTest, WhatMustNotBeRepeatedIsAskedOnce) {
  Start();
  const TestReply answer = Client().Call(
      "Decide", "unavailable 1", With({{"authorization", "Bearer " + Token("school", "ann")}}));
  EXPECT_EQ(ReasonOf(answer.status), reason::ERROR_REASON_BACKEND_UNAVAILABLE);
  EXPECT_TRUE(HasDetail(answer.status, "RetryInfo"));
  EXPECT_THAT(TextOf(answer.status), Not(HasSubstr("10.1.2.3")));
  EXPECT_EQ(backend_->seen().size(), 1u);
}

TEST_F(GatewayTest, TheDeadlineIsPassedOnLessAMarginAndEndsTheCall) {
  Start();
  const absl::Time before = absl::Now();
  const TestReply answer = Client().Call("Get", "hold", With(), absl::Milliseconds(400));
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kDeadlineExceeded) << answer.status;
  EXPECT_LT(backend_->seen()[0].deadline, before + absl::Milliseconds(500));
  EXPECT_TRUE(Eventually([&] { return backend_->cancelled() == 1; }));
}

TEST_F(GatewayTest, ACancelledCallIsCancelledAtTheServiceToo) {
  Start();
  TestClient client = Client();
  const auto call = client.Open("Get", With());
  ASSERT_TRUE(call->Write("hold") && call->WritesDone());
  ASSERT_TRUE(Eventually([&] { return backend_->seen().size() == 1; }));
  call->Cancel();
  EXPECT_EQ(call->Finish().status.code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(Eventually([&] { return backend_->cancelled() == 1; }));
  EXPECT_TRUE(Eventually(
      [&] { return metrics_.Text().find("lscp_gateway_calls_in_flight 0") != std::string::npos; }));
}

TEST_F(GatewayTest, AnAgencyThatCallsTooOftenIsToldWhenToComeBack) {
  config().set_agency_calls_per_second(3);
  Start();
  TestClient client = Client();
  absl::Status refused;
  for (int i = 0; i < 1'000 && refused.ok(); ++i) refused = client.Call("Get", "x", With()).status;
  EXPECT_EQ(ReasonOf(refused), reason::ERROR_REASON_RATE_LIMITED);
  EXPECT_TRUE(HasDetail(refused, "RetryInfo"));
}

TEST_F(GatewayTest, MoreCallsThanThereArePlacesAreAnsweredAtOnce) {
  config().set_max_calls_in_flight(1);
  Start();
  TestClient client = Client();
  const auto first = client.Open("Get", With());
  ASSERT_TRUE(first->Write("hold") && first->WritesDone());
  ASSERT_TRUE(Eventually([&] { return backend_->seen().size() == 1; }));
  EXPECT_EQ(ReasonOf(client.Call("Get", "x", With()).status), reason::ERROR_REASON_OVERLOADED);
  EXPECT_THAT(metrics_.Text(), HasSubstr("lscp_gateway_calls_in_flight 1"));
  backend_->Release();
  std::string reply;
  EXPECT_TRUE(first->Read(&reply));
  EXPECT_TRUE(first->Finish().status.ok());
}

TEST_F(GatewayTest, ReflectionNamesTheWholeSuite) {
  Start();
  grpc::reflection::v1alpha::ServerReflectionRequest request;
  request.set_list_services("*");
  const TestReply answer =
      Client().Call("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                    request.SerializeAsString(), {});
  ASSERT_TRUE(answer.status.ok()) << answer.status;
  grpc::reflection::v1alpha::ServerReflectionResponse reply;
  ASSERT_TRUE(reply.ParseFromString(answer.reply));
  std::vector<std::string> names;
  for (const auto& service : reply.list_services_response().service()) {
    names.push_back(service.name());
  }
  EXPECT_THAT(names, ::testing::ElementsAre("example.v1.Things", "grpc.health.v1.Health",
                                            "grpc.reflection.v1alpha.ServerReflection"));
}

TEST_F(GatewayTest, ALineAndACounterForEveryCall) {
  Start();
  std::mutex mutex;
  std::string log;
  {
    const ScopedLogSink sink([&](std::string_view line) {
      const std::lock_guard lock(mutex);
      log += line;
    });
    ASSERT_TRUE(Client().Call("Get", "bodytext", With({{"x-mine", "headertext"}})).status.ok());
  }
  for (const char* part : {R"("agency":"school")", R"("borough":"barnet")", R"(/Get")",
                           R"("code":"OK")", R"("attempts":1)", R"("trace_id":")"}) {
    EXPECT_THAT(log, HasSubstr(part));
  }
  EXPECT_THAT(log, Not(HasSubstr("bodytext")));
  EXPECT_THAT(log, Not(HasSubstr("headertext")));
  const std::string metrics = metrics_.Text();
  EXPECT_THAT(metrics,
              HasSubstr("lscp_gateway_calls_total{agency=\"school\",borough=\"barnet\",code=\"OK\","
                        "method=\"Get\",service=\"example.v1.Things\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("grpc_server_handled_total{"));
  EXPECT_THAT(metrics, HasSubstr("tls_certificate_expiry_seconds"));
}

}  // namespace
}  // namespace lscp::gateway
