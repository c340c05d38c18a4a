#include "common/journal/disclosures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "common/journal/test_support.h"
#include "common/status/error.h"

namespace lscp {
namespace {

using testing::Eventually;
using testing::MakeCall;
using testing::NumberOf;

// Collects how calls ended.
class Outcomes {
 public:
  std::function<void(absl::Status)> Next() {
    return [this](const absl::Status& status) {
      std::lock_guard lock(mutex_);
      all_.push_back(status);
    };
  }
  std::vector<absl::Status> all() const {
    std::lock_guard lock(mutex_);
    return all_;
  }
  size_t CountOf(absl::StatusCode code) const {
    size_t count = 0;
    for (const absl::Status& status : all()) count += status.code() == code;
    return count;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<absl::Status> all_;
};

class DisclosuresTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new testing::TestDatabase(); }
  static void TearDownTestSuite() { delete database_; }
  void SetUp() override { testing::Clear(*database_); }

  int64_t Rows(const std::string& where = "TRUE") {
    return NumberOf(*reader_, "SELECT COUNT(*) FROM disclosures WHERE " + where);
  }

  static testing::TestDatabase* database_;
  std::unique_ptr<db::Connection> reader_ = database_->Connect();
};

testing::TestDatabase* DisclosuresTest::database_ = nullptr;

TEST_F(DisclosuresTest, TheRowIsThereWhenTheReplyMayLeave) {
  Disclosures disclosures(&database_->database());
  std::atomic<int64_t> rows_when_done = -1;
  disclosures.Write(MakeCall(), {"boroughs/b/things/1"}, [&](const absl::Status& status) {
    EXPECT_TRUE(status.ok()) << status;
    rows_when_done = NumberOf(*database_->Connect(), "SELECT COUNT(*) FROM disclosures");
  });
  ASSERT_TRUE(Eventually([&] { return rows_when_done >= 0; }));
  EXPECT_EQ(rows_when_done, 1);
  EXPECT_EQ(Rows("agency = 'an-agency' AND person = 'a-person' AND purpose = 'test' AND "
                 "borough = 'northborough' AND method = 'test.v1.Things/Change' AND "
                 "resource = 'boroughs/b/things/1' AND LENGTH(event_id) = 32"),
            1);
}

TEST_F(DisclosuresTest, AListIsOneAnswerForAllItsResources) {
  Outcomes outcomes;
  {
    Disclosures disclosures(&database_->database());
    disclosures.Write(MakeCall(), std::vector<std::string>(150, "boroughs/b/things/1"),
                      outcomes.Next());
    disclosures.Write(MakeCall(), {}, outcomes.Next());
  }
  EXPECT_EQ(outcomes.CountOf(absl::StatusCode::kOk), 2u);
  EXPECT_EQ(Rows(), 150);
  EXPECT_EQ(NumberOf(*reader_, "SELECT COUNT(DISTINCT event_id) FROM disclosures"), 150);
}

TEST_F(DisclosuresTest, ConcurrentReadsAreAllRecordedOnce) {
  constexpr int kReaders = 4;
  constexpr int kReadsEach = 300;
  Outcomes outcomes;
  {
    Disclosures disclosures(&database_->database());
    std::vector<std::jthread> readers;
    for (int i = 0; i < kReaders; ++i) {
      readers.emplace_back([&] {
        for (int n = 0; n < kReadsEach; ++n) {
          disclosures.Write(MakeCall(), {"boroughs/b/things/1"}, outcomes.Next());
        }
      });
    }
  }
  EXPECT_EQ(outcomes.CountOf(absl::StatusCode::kOk), size_t{kReaders * kReadsEach});
  EXPECT_EQ(Rows(), kReaders * kReadsEach);
}

TEST_F(DisclosuresTest, ABadRecordFailsAloneAmongThoseItWaitsWith) {
  Outcomes good, bad;
  {
    Disclosures disclosures(&database_->database());
    for (int i = 0; i < 200; ++i) {
      const bool poison = i % 50 == 7;
      disclosures.Write(MakeCall(), {poison ? std::string(500, 'x') : "boroughs/b/things/1"},
                        (poison ? bad : good).Next());
    }
    // Of a call with several resources all or none may be shown.
    disclosures.Write(MakeCall(), {"boroughs/b/things/1", "invalid \xff utf-8"}, bad.Next());
  }
  EXPECT_EQ(good.CountOf(absl::StatusCode::kOk), 196u);
  EXPECT_EQ(bad.CountOf(absl::StatusCode::kInternal), 5u);
  EXPECT_GE(Rows(), 196);
}

TEST_F(DisclosuresTest, AFullQueueSaysSoAtOnce) {
  Outcomes outcomes;
  {
    Disclosures disclosures(&database_->database(), 3);
    disclosures.Write(MakeCall(), std::vector<std::string>(4, "boroughs/b/things/1"),
                      outcomes.Next());
    ASSERT_EQ(outcomes.CountOf(absl::StatusCode::kResourceExhausted), 1u);
    EXPECT_EQ(ReasonOf(outcomes.all()[0]), reason::ERROR_REASON_OVERLOADED);
    disclosures.Write(MakeCall(), {"boroughs/b/things/1"}, outcomes.Next());
  }
  EXPECT_EQ(outcomes.CountOf(absl::StatusCode::kOk), 1u);
  EXPECT_EQ(Rows(), 1);
}

TEST(DisclosuresAndAnOutageTest, NothingIsAnsweredWhileTheDatabaseIsAwayAndAllIsWellAfter) {
  testing::TestMariaDb server;
  const testing::TestDatabase database(std::vector<db::Component>(), server);
  Disclosures disclosures(&database.database());
  Outcomes before, during, after;
  disclosures.Write(MakeCall(), {"boroughs/b/things/1"}, before.Next());
  ASSERT_TRUE(Eventually([&] { return before.CountOf(absl::StatusCode::kOk) == 1; }));
  server.Kill9();
  for (int i = 0; i < 100; ++i) {
    disclosures.Write(MakeCall(), {"boroughs/b/things/2"}, during.Next());
  }
  ASSERT_TRUE(Eventually([&] { return during.all().size() == 100; }));
  EXPECT_EQ(during.CountOf(absl::StatusCode::kUnavailable), 100u);
  server.Restart();
  disclosures.Write(MakeCall(), {"boroughs/b/things/3"}, after.Next());
  ASSERT_TRUE(Eventually([&] { return after.all().size() == 1; }));
  EXPECT_EQ(after.CountOf(absl::StatusCode::kOk), 1u);
  EXPECT_EQ(NumberOf(*database.Connect(), "SELECT COUNT(*) FROM disclosures"), 2);
}

TEST(DisclosuresAndAnOutageTest, ALostConnectionIsReplacedWithoutAnybodyNoticing) {
  testing::TestMariaDb server;
  const testing::TestDatabase database(std::vector<db::Component>(), server);
  Disclosures disclosures(&database.database());
  Outcomes outcomes;
  disclosures.Write(MakeCall(), {"boroughs/b/things/1"}, outcomes.Next());
  ASSERT_TRUE(Eventually([&] { return outcomes.all().size() == 1; }));
  server.Kill9();
  server.Restart();
  disclosures.Write(MakeCall(), {"boroughs/b/things/1"}, outcomes.Next());
  ASSERT_TRUE(Eventually([&] { return outcomes.all().size() == 2; }));
  EXPECT_EQ(outcomes.CountOf(absl::StatusCode::kOk), 2u);
}

}  // namespace
}  // namespace lscp
