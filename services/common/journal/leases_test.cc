#include "common/journal/leases.h"

#include <gtest/gtest.h>

#include "common/journal/test_support.h"

namespace lscp {
namespace {

class LeaseTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new testing::TestDatabase(); }
  static void TearDownTestSuite() { delete database_; }
  void SetUp() override { testing::Clear(*database_); }

  bool Acquire(const Lease& lease) {
    const auto acquired = lease.Acquire(*connection_);
    EXPECT_TRUE(acquired.ok()) << acquired.status();
    return acquired.value_or(false);
  }
  bool Renew(const Lease& lease) {
    const auto renewed = lease.Renew(*connection_);
    EXPECT_TRUE(renewed.ok()) << renewed.status();
    return renewed.value_or(false);
  }
  void Expire() {
    testing::RunAsOwner(*database_, "UPDATE leases SET expires_at = utc_timestamp(6)");
  }

  static testing::TestDatabase* database_;
  std::unique_ptr<db::Connection> connection_ = database_->Connect();
  const Lease one_{"task", "one", absl::Hours(1)};
  const Lease two_{"task", "two", absl::Hours(1)};
};

testing::TestDatabase* LeaseTest::database_ = nullptr;

TEST_F(LeaseTest, OneHolderAtATime) {
  EXPECT_TRUE(Acquire(one_));
  EXPECT_TRUE(Acquire(one_));
  EXPECT_FALSE(Acquire(two_));
  EXPECT_FALSE(Renew(two_));
  EXPECT_TRUE(Acquire(Lease("another task", "two", absl::Hours(1))));
}

TEST_F(LeaseTest, AReleasedLeaseIsFree) {
  EXPECT_TRUE(Acquire(one_));
  EXPECT_TRUE(two_.Release(*connection_).ok());
  EXPECT_FALSE(Acquire(two_));
  EXPECT_TRUE(one_.Release(*connection_).ok());
  EXPECT_TRUE(Acquire(two_));
}

TEST_F(LeaseTest, AnExpiredLeaseMayBeTakenAndOnlyUntilThenRenewed) {
  EXPECT_TRUE(Acquire(one_));
  Expire();
  EXPECT_TRUE(Renew(one_));
  Expire();
  EXPECT_TRUE(Acquire(two_));
  EXPECT_FALSE(Renew(one_));
  EXPECT_FALSE(Acquire(one_));
}

TEST_F(LeaseTest, AProcessRestartedUnderTheSameNameIsAnotherHolder) {
  EXPECT_TRUE(Acquire(one_));
  EXPECT_FALSE(Acquire(Lease("task", "one", absl::Hours(1))));
}

TEST_F(LeaseTest, WhatIsRolledBackWasNotTaken) {
  const auto transaction = database_->Connect(db::Mode::kTransaction);
  EXPECT_TRUE(one_.Acquire(*transaction).value_or(false));
  transaction->Rollback();
  EXPECT_TRUE(Acquire(two_));
}

}  // namespace
}  // namespace lscp
