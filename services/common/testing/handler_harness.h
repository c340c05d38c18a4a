#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/events/sink.h"
#include "common/journal/transaction.h"
#include "common/testing/mariadb.h"
#include "common/time/clock_fake.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "safeguarding/options/v1/options.pb.h"

namespace lscp::testing {

// A message from text format; the test fails if the text is wrong.
template <typename Msg>
Msg Parse(const std::string& text) {
  Msg message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// Runs handlers as the platform does once a call is authorised and validated: on a database of its
// own with the service's tables, in a transaction, journalled. Calls come from `caller` at the time
// of `clock` and may see `boroughs`, of which the first is the call's.
class HandlerHarness {
 public:
  explicit HandlerHarness(const db::Component& service);

  // A mutation. The permission is what the contract demands of the request's method.
  template <typename Object, typename Request, typename Response>
  absl::StatusOr<Response> Run(Object& object,
                               absl::StatusOr<Response> (Object::*handler)(const Request&,
                                                                           Transaction&),
                               const Request& request) {
    Response response;
    bool replayed = false;
    const auto reply = RunMutation(
        session_, CallOf(request), RequestKey(),
        [&](Transaction& tx) -> absl::StatusOr<std::string> {
          auto result = (object.*handler)(request, tx);
          if (!result.ok()) return result.status();
          response = *std::move(result);
          entries = tx.entries();
          return response.SerializeAsString();
        },
        &replayed);
    if (!reply.ok()) return reply.status();
    return response;
  }

  // A read. What it discloses is in `disclosed`, if it succeeds.
  template <typename Object, typename Request, typename Response>
  absl::StatusOr<Response> Run(Object& object,
                               absl::StatusOr<Response> (Object::*handler)(const Request&,
                                                                           Reading&),
                               const Request& request) {
    const auto connection = session_.Reader();
    if (!connection.ok()) return connection.status();
    const Call call = CallOf(request);
    Reading reading(*connection, &call);
    auto response = (object.*handler)(request, reading);
    disclosed = response.ok() ? reading.disclosed() : std::vector<std::string>();
    return response;
  }

  // An event of another service, as the relay delivers it.
  absl::Status Deliver(EventSink& sink, const std::string& type, const std::string& subject,
                       const google::protobuf::Message& content);

  // The call that a request would come with.
  Call CallOf(const google::protobuf::Message& request) const;

  const db::Database& database() const { return database_.database(); }
  // A connection, for looking at tables.
  db::Connection& Database();

  Caller caller;                      // a person of the council until a test says otherwise
  std::vector<std::string> boroughs;  // {"barnet"}
  FakeClock clock;
  std::vector<JournalEntry> entries;   // of the last mutation that succeeded
  std::vector<std::string> disclosed;  // by the last read that succeeded

 private:
  const TestDatabase database_;
  db::Session session_;
  int delivered_ = 0;
};

}  // namespace lscp::testing
