#include "referrals/testing/harness.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "referrals/migrations.h"

namespace lscp::referrals {
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

Caller HubWorker() {
  Caller caller;
  caller.agency = "barnet-council";
  caller.person = "ann.example";
  caller.team = "hub";
  caller.purpose = "safeguarding";
  return caller;
}

}  // namespace

Harness::Harness()
    : caller(HubWorker()),
      boroughs({"barnet"}),
      // A Monday in term time, 10:00 in London.
      clock(absl::FromCivil(absl::CivilSecond(2025, 3, 3, 10, 0, 0), absl::UTCTimeZone())),
      database_({{"referrals", kMigrations}}),
      session_(&database_.database()) {}

Call Harness::CallOf(const google::protobuf::Message& request) const {
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

db::Connection& Harness::Database() {
  const auto connection = session_.Reader();
  EXPECT_TRUE(connection.ok()) << connection.status();
  return **connection;
}

}  // namespace lscp::referrals
