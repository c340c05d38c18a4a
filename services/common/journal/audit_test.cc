#include "common/journal/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/journal/disclosures.h"
#include "common/journal/sequencer.h"
#include "common/journal/test_support.h"

namespace lscp {
namespace {

using safeguarding::audit::v1::AuditEntry;
using safeguarding::audit::v1::ListAuditEntriesRequest;
using safeguarding::audit::v1::ListAuditEntriesResponse;

constexpr char kThing[] = "boroughs/b/things/1";
const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

class ListAuditEntriesTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new testing::TestDatabase(); }
  static void TearDownTestSuite() { delete database_; }
  void SetUp() override { testing::Clear(*database_); }

  void ChangeAt(int second, const std::string& resource, int64_t revision) {
    Call call = testing::MakeCall();
    call.now = kStart + absl::Seconds(second);
    db::Session session(&database_->database());
    bool replayed;
    const auto reply =
        RunMutation(session, call, RequestKey(), testing::Changes(resource, revision), &replayed);
    ASSERT_TRUE(reply.ok()) << reply.status();
  }
  void DiscloseAt(int second, const std::string& resource) {
    Call call = testing::MakeCall("a-reader");
    call.now = kStart + absl::Seconds(second);
    call.method = "test.v1.Things/Get";
    Disclosures(&database_->database()).Write(call, {resource}, [](const absl::Status& status) {
      EXPECT_TRUE(status.ok());
    });
  }
  ListAuditEntriesResponse List(const ListAuditEntriesRequest& request) {
    const auto response = ListAuditEntries(*database_->Connect(), request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(ListAuditEntriesResponse());
  }
  static ListAuditEntriesRequest Request(int page_size = 0) {
    ListAuditEntriesRequest request;
    request.set_name(kThing);
    request.set_page_size(page_size);
    return request;
  }

  static testing::TestDatabase* database_;
};

testing::TestDatabase* ListAuditEntriesTest::database_ = nullptr;

TEST_F(ListAuditEntriesTest, TellsWhoDidAndSawWhatOfThisRecordOldestFirst) {
  ChangeAt(1, kThing, 1);
  ChangeAt(2, "boroughs/b/things/2", 1);
  DiscloseAt(3, kThing);
  ChangeAt(4, kThing, 2);
  ASSERT_TRUE(Sequencer::SealOnce(database_->database(), "test").ok());
  DiscloseAt(5, kThing);
  const ListAuditEntriesResponse response = List(Request());
  ASSERT_EQ(response.entries_size(), 4);
  EXPECT_EQ(response.next_page_token(), "");

  const AuditEntry& change = response.entries(0);
  EXPECT_EQ(change.account(), AuditEntry::ACCOUNT_JOURNAL);
  EXPECT_EQ(change.position(), 1);
  EXPECT_EQ(change.time().seconds(), absl::ToUnixSeconds(kStart) + 1);
  EXPECT_EQ(change.method(), "test.v1.Things/Change");
  EXPECT_EQ(change.agency(), "an-agency");
  EXPECT_EQ(change.person(), "a-person");
  EXPECT_EQ(change.purpose(), "test");
  EXPECT_EQ(change.resource(), kThing);
  EXPECT_EQ(change.revision(), 1);
  EXPECT_EQ(change.trace_id(), std::string(32, 'a'));

  EXPECT_EQ(response.entries(1).account(), AuditEntry::ACCOUNT_DISCLOSURES);
  EXPECT_EQ(response.entries(1).person(), "a-reader");
  EXPECT_EQ(response.entries(1).revision(), 0);
  EXPECT_EQ(response.entries(2).revision(), 2);
  EXPECT_EQ(response.entries(2).position(), 3);
  EXPECT_EQ(response.entries(3).position(), 0) << "not yet sealed";
}

TEST_F(ListAuditEntriesTest, PagesMissNothingAndRepeatNothingEvenWithinOneInstant) {
  for (int i = 1; i <= 5; ++i) {
    ChangeAt(i / 3, kThing, i);
    DiscloseAt(i / 3, kThing);
  }
  const ListAuditEntriesResponse whole = List(Request());
  ASSERT_EQ(whole.entries_size(), 10);
  for (int page_size = 1; page_size <= 4; ++page_size) {
    ListAuditEntriesRequest request = Request(page_size);
    std::vector<std::string> seen;
    do {
      const ListAuditEntriesResponse page = List(request);
      EXPECT_LE(page.entries_size(), page_size);
      for (const AuditEntry& entry : page.entries()) seen.push_back(entry.SerializeAsString());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty() && seen.size() < 20);
    std::vector<std::string> expected;
    for (const AuditEntry& entry : whole.entries()) expected.push_back(entry.SerializeAsString());
    EXPECT_EQ(seen, expected) << "pages of " << page_size;
  }
}

TEST_F(ListAuditEntriesTest, ATokenOfAnotherRecordIsRefused) {
  ChangeAt(1, kThing, 1);
  ChangeAt(2, kThing, 2);
  ListAuditEntriesRequest request = Request(1);
  request.set_page_token(List(request).next_page_token());
  ASSERT_NE(request.page_token(), "");
  request.set_name("boroughs/b/things/2");
  const auto response = ListAuditEntries(*database_->Connect(), request);
  EXPECT_TRUE(absl::IsInvalidArgument(response.status())) << response.status();
}

}  // namespace
}  // namespace lscp
