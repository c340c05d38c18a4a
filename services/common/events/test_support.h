#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>

#include "common/events/sink.h"
#include "common/journal/sequencer.h"
#include "common/journal/test_support.h"
#include "common/status/macros.h"
#include "google/protobuf/timestamp.pb.h"

// Events for tests: each says, as the seconds of a Timestamp, the how manieth of its subject it is.
namespace lscp::testing {

inline constexpr char kStepped[] = "trial.stepped";

inline google::protobuf::Timestamp Step(int64_t number) {
  google::protobuf::Timestamp content;
  content.set_seconds(number);
  return content;
}

// Changes a thing of the sender's, and tells of it.
inline void Publish(db::Session& session, const std::string& subject, int64_t number,
                    const std::string& type = kStepped,
                    const std::string& borough = "northborough") {
  Call call = MakeCall();
  call.borough = borough;
  const std::string name = "boroughs/" + borough + "/subjects/" + subject;
  bool replayed;
  const auto reply = RunMutation(
      session, call, RequestKey(),
      [&](Transaction& transaction) -> absl::StatusOr<std::string> {
        transaction.Record({name, number, "document", MakeEvent(type, name, Step(number))});
        return "";
      },
      &replayed);
  ASSERT_TRUE(reply.ok()) << reply.status();
}

inline void Seal(const TestDatabase& database) {
  const auto sealed = Sequencer::SealOnce(database.database(), "test");
  ASSERT_TRUE(sealed.ok()) << sealed.status();
}

// Counts the steps of each subject in event_progress (any table will do) and refuses one that comes
// twice, too early or too late.
inline absl::Status CountStep(const DeliveredEvent& event,
                              const google::protobuf::Timestamp& content,
                              Transaction& transaction) {
  RETURN_IF_ERROR(transaction.db()
                      .Execute("INSERT INTO event_progress (subscriber, pos) VALUES (?, 0) "
                               "ON DUPLICATE KEY UPDATE pos = pos",
                               {event.subject()})
                      .status());
  ASSIGN_OR_RETURN(const int64_t counted,
                   transaction.db().Execute(
                       "UPDATE event_progress SET pos = pos + 1 WHERE subscriber = ? AND pos = ?",
                       {event.subject(), content.seconds() - 1}));
  return counted == 1 ? absl::OkStatus() : absl::FailedPreconditionError("out of order");
}

// A service that takes events, without a network before it. Thread-safe.
class Receiver {
 public:
  Receiver() { sink_.On<google::protobuf::Timestamp>(kStepped, CountStep); }

  EventSink& sink() { return sink_; }
  const TestDatabase& database() const { return database_; }

  // As the platform does with a call.
  absl::StatusOr<int> Take(const safeguarding::events::v1::DeliverRequest& request) {
    db::Session session(&database_.database());
    Call call = MakeCall("");
    call.caller.agency = "service.sender";
    call.borough = request.parent().substr(sizeof("boroughs/") - 1);
    bool replayed;
    ASSIGN_OR_RETURN(const std::string reply,
                     RunMutation(
                         session, call, {request.request_id(), DigestOf('x')},
                         [&](Transaction& transaction) -> absl::StatusOr<std::string> {
                           ASSIGN_OR_RETURN(const auto response,
                                            sink_.Deliver(request, transaction));
                           return response.SerializeAsString();
                         },
                         &replayed));
    safeguarding::events::v1::DeliverResponse response;
    EXPECT_TRUE(response.ParseFromString(reply));
    return response.accepted();
  }

  // The number that a query of its database gives.
  int64_t Number(const std::string& query) { return NumberOf(*database_.Connect(), query); }
  // Steps of a subject that had their effect.
  int64_t Steps(const std::string& subject, const std::string& borough = "northborough") {
    return Number("SELECT COALESCE(SUM(pos), 0) FROM event_progress WHERE subscriber = 'boroughs/" +
                  borough + "/subjects/" + subject + "'");
  }

 private:
  TestDatabase database_;
  EventSink sink_;
};

}  // namespace lscp::testing
