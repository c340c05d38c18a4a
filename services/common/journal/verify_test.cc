#include <gtest/gtest.h>

#include <atomic>

#include "common/journal/disclosures.h"
#include "common/journal/sequencer.h"
#include "common/journal/test_support.h"

namespace lscp {
namespace {

using safeguarding::audit::v1::ChainReport;
using safeguarding::audit::v1::VerifyAuditResponse;

constexpr int kChanges = 8;

class VerifyChainsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { database_ = new testing::TestDatabase(); }
  static void TearDownTestSuite() { delete database_; }

  // Both chains have eight records; their ids are their positions.
  void SetUp() override {
    testing::Clear(*database_);
    db::Session session(&database_->database());
    for (int i = 1; i <= kChanges; ++i) {
      testing::Change(session, "boroughs/b/things/" + std::to_string(i), 1);
    }
    {
      Disclosures disclosures(&database_->database());
      for (int i = 1; i <= kChanges; ++i) {
        disclosures.Write(testing::MakeCall(), {"boroughs/b/things/1"}, [](const absl::Status&) {});
      }
    }
    ASSERT_EQ(Sequencer::SealOnce(database_->database(), "test").value_or(0), 2 * kChanges);
  }

  VerifyAuditResponse Verify() {
    const auto response = VerifyChains(*database_->Connect());
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(VerifyAuditResponse());
  }
  void Tamper(const std::string& statement) { testing::RunAsOwner(*database_, statement); }

  static testing::TestDatabase* database_;
};

testing::TestDatabase* VerifyChainsTest::database_ = nullptr;

TEST_F(VerifyChainsTest, UntouchedChainsVerify) {
  const VerifyAuditResponse response = Verify();
  ASSERT_EQ(response.chains_size(), 2);
  for (const ChainReport& chain : response.chains()) {
    EXPECT_EQ(chain.verified(), kChanges);
    EXPECT_EQ(chain.first_broken_position(), 0);
    EXPECT_EQ(chain.problem(), "");
    EXPECT_EQ(chain.unsealed(), 0);
    EXPECT_EQ(chain.head_hash().size(), 64u);
  }
}

TEST_F(VerifyChainsTest, NothingWrittenVerifiesToo) {
  testing::Clear(*database_);
  const VerifyAuditResponse response = Verify();
  EXPECT_EQ(response.chains(0).verified(), 0);
  EXPECT_EQ(response.chains(0).problem(), "");
  EXPECT_EQ(response.chains(0).head_hash(), "");
}

TEST_F(VerifyChainsTest, ErasedContentVerifies) {
  Tamper("UPDATE journal SET payload = NULL, event = NULL, reply = NULL WHERE id IN (2, 5)");
  EXPECT_EQ(Verify().chains(0).verified(), kChanges);
}

struct Tampering {
  const char* name;
  const char* statement;
  int chain;
  int64_t position;
  const char* problem;
};

class TamperingIsFound : public VerifyChainsTest,
                         public ::testing::WithParamInterface<Tampering> {};

TEST_P(TamperingIsFound, WithItsFirstPosition) {
  Tamper(GetParam().statement);
  const VerifyAuditResponse response = Verify();
  const ChainReport& broken = response.chains(GetParam().chain);
  EXPECT_EQ(broken.first_broken_position(), GetParam().position);
  EXPECT_EQ(broken.verified(), GetParam().position - 1);
  EXPECT_EQ(broken.problem(), GetParam().problem);
  EXPECT_EQ(response.chains(1 - GetParam().chain).problem(), "");
}

constexpr char kAltered[] = "the record or its hash was altered";
constexpr char kContent[] = "the content was altered";

INSTANTIATE_TEST_SUITE_P(
    Cases, TamperingIsFound,
    ::testing::Values(
        Tampering{"AnotherAgency", "UPDATE journal SET agency = 'x' WHERE id = 4", 0, 4, kAltered},
        Tampering{"AnotherTime", "UPDATE journal SET at = at - INTERVAL 1 MICROSECOND WHERE id = 1",
                  0, 1, kAltered},
        Tampering{"AnotherEventSubject", "UPDATE journal SET event_subject = 'x' WHERE id = 3", 0,
                  3, kAltered},
        Tampering{"ARowRemoved", "DELETE FROM journal WHERE id = 5", 0, 5, "the record is gone"},
        Tampering{"AnotherPayload", "UPDATE journal SET payload = 'x' WHERE id = 6", 0, 6,
                  kContent},
        Tampering{"AnotherReply", "UPDATE journal SET reply = 'x' WHERE id = 6", 0, 6, kContent},
        Tampering{"AnotherPayloadWithItsDigest",
                  "UPDATE journal SET payload = 'x', "
                  "content_digest = UNHEX(SHA2('1:x--', 256)), event = NULL, reply = NULL "
                  "WHERE id = 6",
                  0, 6, kAltered},
        Tampering{"TwoPayloadsSwapped",
                  "UPDATE journal a JOIN journal b ON a.id + b.id = 5 "
                  "SET a.payload = b.event, b.payload = a.event WHERE a.id = 2",
                  0, 2, kContent},
        Tampering{"ErasedInPart", "UPDATE journal SET payload = NULL WHERE id = 7", 0, 7,
                  "the content is erased in part"},
        Tampering{"APositionRemoved", "DELETE FROM journal_seal WHERE pos = 7", 0, 7,
                  "the position is missing"},
        Tampering{"TheFirstPositionsRemoved", "DELETE FROM journal_seal WHERE pos < 3", 0, 1,
                  "the position is missing"},
        Tampering{"APositionGivenToAnother",
                  "UPDATE journal_seal SET id = CASE id WHEN 3 THEN 103 ELSE id END", 0, 3,
                  "the record is gone"},
        Tampering{"AnotherHash", "UPDATE journal_seal SET hash = REPEAT('x', 32) WHERE pos = 8", 0,
                  8, kAltered},
        Tampering{"ADisclosureAltered", "UPDATE disclosures SET person = 'x' WHERE id = 2", 1, 2,
                  kAltered},
        Tampering{"ADisclosureRemoved", "DELETE FROM disclosures WHERE id = 8", 1, 8,
                  "the record is gone"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(VerifyChainsTest, OldRecordsWithoutAPlaceAreCounted) {
  Tamper(
      "INSERT INTO disclosures (event_id, at, borough, agency, person, purpose, method, trace_id, "
      "resource) VALUES ('old', utc_timestamp(6) - INTERVAL 1 HOUR, '', '', '', '', '', '', ''), "
      "('new', utc_timestamp(6), '', '', '', '', '', '', '')");
  const VerifyAuditResponse response = Verify();
  EXPECT_EQ(response.chains(0).unsealed(), 0);
  EXPECT_EQ(response.chains(1).unsealed(), 1);
}

}  // namespace
}  // namespace lscp
