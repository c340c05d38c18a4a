#include "common/journal/transaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>
#include <utility>

#include "common/journal/test_support.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace lscp {
namespace {

using testing::Changes;
using testing::DigestOf;
using ::testing::HasSubstr;
using testing::MakeCall;
using testing::NumberOf;

constexpr char kRequestId[] = "00000000-0000-4000-8000-000000000001";

class RunMutationTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new testing::TestDatabase(); }
  static void TearDownTestSuite() { delete database_; }

  void SetUp() override {
    testing::RunAsOwner(*database_, "DELETE FROM journal");
    testing::RunAsOwner(*database_, "DELETE FROM timescales");
  }

  absl::StatusOr<std::string> Run(
      const RequestKey& key, const std::function<absl::StatusOr<std::string>(Transaction&)>& body) {
    return RunMutation(session_, MakeCall(), key, body, &replayed_);
  }
  int64_t Rows(const std::string& where = "TRUE") {
    return NumberOf(*reader_, "SELECT COUNT(*) FROM journal WHERE " + where);
  }

  // Any table will do for what a mutation changes.
  static absl::Status InsertThing(Transaction& transaction, const std::string& name) {
    return transaction.db()
        .Execute("INSERT INTO leases (name, holder, expires_at) VALUES (?, '', ?)",
                 {name, transaction.now()})
        .status();
  }

  static testing::TestDatabase* database_;
  db::Session session_{&database_->database()};
  std::unique_ptr<db::Connection> reader_ = database_->Connect();
  bool replayed_ = false;
};

testing::TestDatabase* RunMutationTest::database_ = nullptr;

TEST_F(RunMutationTest, WritesOneRowPerResourceAndTheFirstRemembersTheRequest) {
  const auto reply =
      Run({kRequestId, DigestOf('x')}, [](Transaction& transaction) -> absl::StatusOr<std::string> {
        transaction.Record({"boroughs/b/things/1", 1, "one", std::nullopt});
        transaction.Record(
            {"boroughs/b/things/2", 7, "two", Event{"test.Changed", "boroughs/b/things/2", "e"}});
        return "reply";
      });
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(*reply, "reply");
  EXPECT_FALSE(replayed_);
  EXPECT_EQ(Rows(), 2);
  EXPECT_EQ(Rows("revision = 1 AND request_id IS NOT NULL AND reply = 'reply' AND event IS NULL"),
            1);
  EXPECT_EQ(Rows("revision = 7 AND request_id IS NULL AND reply IS NULL AND payload = 'two' AND "
                 "event_type = 'test.Changed' AND event = 'e'"),
            1);
}

TEST_F(RunMutationTest, MoreResourcesThanAStatementTakesAreAllWritten) {
  const auto reply =
      Run({kRequestId, DigestOf('x')}, [](Transaction& transaction) -> absl::StatusOr<std::string> {
        for (int i = 0; i < 150; ++i) {
          transaction.Record({"boroughs/b/things/" + std::to_string(i), 1, "p", std::nullopt});
        }
        return "reply";
      });
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(Rows(), 150);
  EXPECT_EQ(Rows("request_id IS NOT NULL"), 1);
}

TEST_F(RunMutationTest, ARepetitionIsAnsweredFromMemory) {
  const RequestKey key{kRequestId, DigestOf('x')};
  ASSERT_TRUE(Run(key, Changes("boroughs/b/things/1", 1)).ok());
  const auto again = Run(key, Changes("boroughs/b/things/2", 1));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, "reply to boroughs/b/things/1");
  EXPECT_TRUE(replayed_);
  EXPECT_EQ(Rows(), 1);
}

TEST_F(RunMutationTest, ARepetitionWhoseBodyCanNoLongerSucceedIsStillAnswered) {
  const RequestKey key{kRequestId, DigestOf('x')};
  ASSERT_TRUE(Run(key, Changes("boroughs/b/things/1", 1)).ok());
  const auto again = Run(key, [](Transaction&) -> absl::StatusOr<std::string> {
    return EtagMismatch("boroughs/b/things/1", "\"1\"");
  });
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, "reply to boroughs/b/things/1");
  EXPECT_TRUE(replayed_);
}

TEST_F(RunMutationTest, ARequestIdUsedForSomethingElseIsRefused) {
  ASSERT_TRUE(Run({kRequestId, DigestOf('x')}, Changes("boroughs/b/things/1", 1)).ok());
  const auto other = Run({kRequestId, DigestOf('y')}, Changes("boroughs/b/things/2", 1));
  EXPECT_TRUE(absl::IsAlreadyExists(other.status())) << other.status();
  EXPECT_EQ(ReasonOf(other.status()), reason::ERROR_REASON_REQUEST_ID_REUSED);
  EXPECT_EQ(Rows(), 1);
}

TEST_F(RunMutationTest, RequestIdsOfDifferentPeopleDoNotMeet) {
  const RequestKey key{kRequestId, DigestOf('x')};
  ASSERT_TRUE(Run(key, Changes("boroughs/b/things/1", 1)).ok());
  bool replayed = true;
  const auto other = RunMutation(session_, MakeCall("another-person"), key,
                                 Changes("boroughs/b/things/2", 1), &replayed);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_FALSE(replayed);
  EXPECT_EQ(Rows(), 2);
}

TEST_F(RunMutationTest, AnErasedAnswerIsNotInvented) {
  const RequestKey key{kRequestId, DigestOf('x')};
  ASSERT_TRUE(Run(key, Changes("boroughs/b/things/1", 1)).ok());
  testing::RunAsOwner(*database_, "UPDATE journal SET payload = NULL, event = NULL, reply = NULL");
  EXPECT_EQ(ReasonOf(Run(key, Changes("boroughs/b/things/1", 2)).status()),
            reason::ERROR_REASON_REQUEST_ID_REUSED);
  EXPECT_EQ(Rows(), 1);
}

TEST_F(RunMutationTest, ABodyMaySayThatNothingChangedAndThenNothingIs) {
  for (int i = 0; i < 2; ++i) {
    const auto reply = Run({kRequestId, DigestOf('x')},
                           [](Transaction& transaction) -> absl::StatusOr<std::string> {
                             RETURN_IF_ERROR(InsertThing(transaction, "said-to-be-nothing"));
                             transaction.NothingChanged();
                             return "nothing";
                           });
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_EQ(*reply, "nothing");
    EXPECT_FALSE(replayed_);
  }
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(NumberOf(*reader_, "SELECT COUNT(*) FROM leases WHERE name = 'said-to-be-nothing'"), 0);
}

TEST_F(RunMutationTest, ARepetitionThatFindsNothingToDoIsAnsweredAsBefore) {
  const RequestKey key{kRequestId, DigestOf('x')};
  ASSERT_TRUE(Run(key, Changes("boroughs/b/things/1", 1)).ok());
  const auto nothing = [](Transaction& transaction) -> absl::StatusOr<std::string> {
    transaction.NothingChanged();
    return "nothing";
  };
  const auto again = Run(key, nothing);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, "reply to boroughs/b/things/1");
  EXPECT_TRUE(replayed_);
  EXPECT_EQ(ReasonOf(Run({kRequestId, DigestOf('y')}, nothing).status()),
            reason::ERROR_REASON_REQUEST_ID_REUSED);
}

TEST_F(RunMutationTest, WhatWasRecordedCountsWhateverTheBodySays) {
  const auto reply =
      Run({kRequestId, DigestOf('x')}, [](Transaction& transaction) -> absl::StatusOr<std::string> {
        transaction.NothingChanged();
        transaction.Record({"boroughs/b/things/1", 1, "one", std::nullopt});
        return "reply";
      });
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(Rows(), 1);
}

TEST_F(RunMutationTest, WhenTheBodyFailsNothingIsChanged) {
  const auto reply =
      Run({kRequestId, DigestOf('x')}, [](Transaction& transaction) -> absl::StatusOr<std::string> {
        RETURN_IF_ERROR(InsertThing(transaction, "half-done"));
        transaction.Record({"boroughs/b/things/1", 1, "p", std::nullopt});
        return absl::NotFoundError("something is missing");
      });
  EXPECT_TRUE(absl::IsNotFound(reply.status()));
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(NumberOf(*reader_, "SELECT COUNT(*) FROM leases WHERE name = 'half-done'"), 0);
}

TEST_F(RunMutationTest, AChangeThatRecordsNothingIsAFault) {
  const auto reply = Run({}, [](Transaction& transaction) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(InsertThing(transaction, "unrecorded"));
    return "reply";
  });
  EXPECT_TRUE(absl::IsInternal(reply.status()));
  EXPECT_EQ(NumberOf(*reader_, "SELECT COUNT(*) FROM leases WHERE name = 'unrecorded'"), 0);
}

TEST_F(RunMutationTest, ARehearsalRepliesAndChangesNothing) {
  const auto reply = RunRehearsal(session_, MakeCall(),
                                  [](Transaction& transaction) -> absl::StatusOr<std::string> {
                                    RETURN_IF_ERROR(InsertThing(transaction, "rehearsed"));
                                    return "would be so";
                                  });
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(*reply, "would be so");
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(NumberOf(*reader_, "SELECT COUNT(*) FROM leases WHERE name = 'rehearsed'"), 0);
}

TEST_F(RunMutationTest, AWrongEtagIsNotTriedAgain) {
  int runs = 0;
  const auto reply = Run({}, [&runs](Transaction&) -> absl::StatusOr<std::string> {
    ++runs;
    return EtagMismatch("boroughs/b/things/1", "\"2\"");
  });
  EXPECT_EQ(ReasonOf(reply.status()), reason::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(runs, 1);
}

TEST_F(RunMutationTest, PastTheDeadlineNothingIsCommitted) {
  Call call = MakeCall();
  call.deadline = absl::Now() + absl::Milliseconds(50);
  const auto reply = RunMutation(
      session_, call, {},
      [&call](Transaction& transaction) -> absl::StatusOr<std::string> {
        absl::SleepFor(call.deadline - absl::Now());
        transaction.Record({"boroughs/b/things/1", 1, "p", std::nullopt});
        return "too late";
      },
      &replayed_);
  EXPECT_TRUE(absl::IsDeadlineExceeded(reply.status())) << reply.status();
  EXPECT_EQ(Rows(), 0);
}

TEST_F(RunMutationTest, WhoLosesTheRaceForARevisionRunsAgainAndSeesTheWinner) {
  db::Session other(&database_->database());
  std::vector<int64_t> seen;
  const auto reply = Run({}, [&](Transaction& transaction) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const db::Rows rows,
                     transaction.db().Query("SELECT MAX(revision) FROM journal WHERE resource = ?",
                                            {"boroughs/b/things/1"}));
    seen.push_back(rows[0].Int(0));
    if (seen.size() == 1) testing::Change(other, "boroughs/b/things/1", 1);
    transaction.Record({"boroughs/b/things/1", rows[0].Int(0) + 1, "p", std::nullopt});
    return "reply";
  });
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_THAT(seen, ::testing::ElementsAre(0, 1));
  EXPECT_EQ(Rows(), 2);
}

TEST_F(RunMutationTest, TheSameRequestFromTwoThreadsIsDoneOnce) {
  constexpr int kRounds = 30;
  for (int round = 0; round < kRounds; ++round) {
    const RequestKey key{"00000000-0000-4000-8000-" + std::to_string(100000000000 + round),
                         DigestOf('x')};
    std::barrier start(2);
    std::atomic<int> replays = 0;
    std::string replies[2];
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&, i] {
          db::Session session(&database_->database());
          bool replayed = false;
          bool again = false;
          const auto reply = RunMutation(
              session, MakeCall(), key,
              [&](Transaction& transaction) -> absl::StatusOr<std::string> {
                if (!std::exchange(again, true)) start.arrive_and_wait();
                transaction.Record(
                    {"boroughs/b/things/" + std::to_string(round) + "-" + std::to_string(i), 1, "p",
                     std::nullopt});
                return "reply of " + std::to_string(i);
              },
              &replayed);
          ASSERT_TRUE(reply.ok()) << reply.status();
          replays += replayed;
          replies[i] = *reply;
        });
      }
    }
    EXPECT_EQ(replays, 1);
    EXPECT_EQ(replies[0], replies[1]);
  }
  EXPECT_EQ(Rows(), kRounds);
}

TEST_F(RunMutationTest, ADeadlockIsRunAgain) {
  for (const char* name : {"one", "two"}) {
    testing::RunAsOwner(*database_, std::string("REPLACE INTO leases VALUES ('deadlock-") + name +
                                        "', '', utc_timestamp(6))");
  }
  std::barrier both_hold_one(2);
  std::atomic<int> runs = 0;
  const auto lock_both = [&](const std::string& first, const std::string& second, int id) {
    db::Session session(&database_->database());
    bool replayed = false;
    bool again = false;
    const auto reply = RunMutation(
        session, MakeCall(), {},
        [&](Transaction& transaction) -> absl::StatusOr<std::string> {
          ++runs;
          const auto lock = [&transaction](const std::string& name) {
            return transaction.db()
                .Query("SELECT * FROM leases WHERE name = ? FOR UPDATE", {"deadlock-" + name})
                .status();
          };
          RETURN_IF_ERROR(lock(first));
          if (!std::exchange(again, true)) both_hold_one.arrive_and_wait();
          RETURN_IF_ERROR(lock(second));
          transaction.Record({"boroughs/b/things/" + std::to_string(id), 1, "p", std::nullopt});
          return "reply";
        },
        &replayed);
    EXPECT_TRUE(reply.ok()) << reply.status();
  };
  {
    std::jthread a(lock_both, "one", "two", 1);
    std::jthread b(lock_both, "two", "one", 2);
  }
  EXPECT_GE(runs, 3);
  EXPECT_EQ(Rows(), 2);
}

TEST(RunMutationWithoutDatabaseTest, IsUnavailable) {
  safeguarding::config::v1::DatabaseConfig config;
  config.set_host("unix:///nonexistent/socket");
  config.set_schema("nowhere");
  const db::Database database(config);
  db::Session session(&database);
  bool replayed = false;
  const auto reply = RunMutation(session, MakeCall(), {kRequestId, DigestOf('x')},
                                 Changes("boroughs/b/things/1", 1), &replayed);
  EXPECT_TRUE(absl::IsUnavailable(reply.status())) << reply.status();
}

TEST(MakeEventTest, PacksTheMessage) {
  google::protobuf::Timestamp content;
  content.set_seconds(5);
  const Event event = MakeEvent("test.Happened", "boroughs/b/things/1", content);
  google::protobuf::Any any;
  ASSERT_TRUE(any.ParseFromString(event.content));
  google::protobuf::Timestamp unpacked;
  ASSERT_TRUE(any.UnpackTo(&unpacked));
  EXPECT_EQ(unpacked.seconds(), 5);
  EXPECT_EQ(event.type, "test.Happened");
  EXPECT_EQ(event.subject, "boroughs/b/things/1");
}

}  // namespace
}  // namespace lscp
