#include "common/testing/handler_harness.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace lscp::testing {
namespace {

// The method that takes such a request.
const google::protobuf::MethodDescriptor* MethodOf(const google::protobuf::Descriptor* request) {
  const google::protobuf::FileDescriptor* file = request->file();
  for (int i = 0; i < file->service_count(); ++i) {
    for (int j = 0; j < file->service(i)->method_count(); ++j) {
      const auto* method = file->service(i)->method(j);
      if (method->input_type() == request) return method;
    }
  }
  ADD_FAILURE() << request->full_name() << " is no request";
  return nullptr;
}

Caller Worker() {
  Caller caller;
  caller.agency = "barnet-council";
  caller.person = "ann.example";
  caller.team = "hub";
  caller.purpose = "safeguarding";
  return caller;
}

}  // namespace

HandlerHarness::HandlerHarness(const db::Component& service)
    : caller(Worker()),
      boroughs({"barnet"}),
      // A Monday, 10:00 in London.
      clock(absl::FromCivil(absl::CivilSecond(2025, 3, 3, 10, 0, 0), absl::UTCTimeZone())),
      database_({service}),
      session_(&database_.database()) {}

Call HandlerHarness::CallOf(const google::protobuf::Message& request) const {
  Call call;
  call.caller = caller;
  call.borough = boroughs.front();
  call.boroughs = boroughs;
  call.trace_id = std::string(32, '0');
  call.now = clock.Now();
  call.deadline = absl::Now() + absl::Seconds(60);
  if (const auto* method = MethodOf(request.GetDescriptor())) {
    call.method = method->service()->full_name() + "/" + method->name();
    call.permission = method->options().GetExtension(safeguarding::options::v1::rule).permission();
  }
  return call;
}

absl::Status HandlerHarness::Deliver(EventSink& sink, const std::string& type,
                                     const std::string& subject,
                                     const google::protobuf::Message& content) {
  safeguarding::events::v1::DeliverRequest request;
  request.set_parent("boroughs/" + boroughs.front());
  DeliveredEvent& event = *request.add_events();
  event.set_id(absl::StrCat("tests/", boroughs.front(), "/", ++delivered_));
  event.set_type(type);
  event.set_resource(subject);
  event.set_subject(subject);
  event.mutable_content()->PackFrom(content);
  return Run(sink, &EventSink::Deliver, request).status();
}

db::Connection& HandlerHarness::Database() {
  const auto connection = session_.Reader();
  EXPECT_TRUE(connection.ok()) << connection.status();
  return **connection;
}

}  // namespace lscp::testing
