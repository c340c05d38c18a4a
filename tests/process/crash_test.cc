// What was acknowledged is there exactly once, whatever dies and when.

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "safeguarding/audit/v1/audit_service.pb.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace referrals = safeguarding::referrals::v1;

constexpr char kSubmit[] = "/safeguarding.referrals.v1.ContactsService/SubmitContact";
const client::Headers kBarnet = {{"lscp-borough", "barnet"}};

// Schools that send without pause, and repeat a request, with its id, until it is acknowledged.
class Senders {
 public:
  Senders(Suite& suite, int count) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this, &suite, i] { Send(suite, i); });
    }
  }
  ~Senders() { Stop(); }

  void Stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  size_t acknowledged() const {
    absl::MutexLock lock(&mutex_);
    return names_by_request_.size();
  }
  std::map<std::string, std::string> names_by_request() const {
    absl::MutexLock lock(&mutex_);
    return names_by_request_;
  }
  const std::set<std::string>& surprises() const { return surprises_; }

 private:
  void Send(Suite& suite, int sender) {
    auto channel = suite.As("example-primary-school");
    for (int i = 0; !stopping_; ++i) {
      const auto request =
          ConcernOf("barnet", "CRASH-" + std::to_string(sender) + "-" + std::to_string(i));
      referrals::SubmitContactResponse reply;
      absl::Status status;
      do {
        status = channel->Call(kSubmit, request, kBarnet, &reply);
        if (!status.ok() && !IsOutage(status)) {
          absl::MutexLock lock(&mutex_);
          surprises_.insert(status.ToString());
          return;
        }
      } while (!status.ok());
      absl::MutexLock lock(&mutex_);
      names_by_request_[request.request_id()] = reply.referral().name();
    }
  }

  // What a caller must expect of an outage, and may answer by asking again.
  static bool IsOutage(const absl::Status& status) {
    return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
           absl::IsResourceExhausted(status) || absl::IsCancelled(status);
  }

  std::atomic<bool> stopping_ = false;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::string> names_by_request_;
  std::set<std::string> surprises_;
  std::vector<std::thread> threads_;
};

int64_t Number(db::Connection& db, const std::string& sql) {
  const auto rows = db.Query(sql, {});
  EXPECT_TRUE(rows.ok()) << rows.status();
  return rows.ok() ? (*rows)[0].Int(0) : -1;
}

// Everything that was acknowledged is on the journal and in the table, once; nothing else is.
void ExpectExactlyOnce(Suite& suite, const Senders& senders) {
  auto db = suite.OwnerConnection();
  const auto names = senders.names_by_request();
  std::set<std::string> distinct;
  for (const auto& [request_id, name] : names) distinct.insert(name);
  EXPECT_EQ(distinct.size(), names.size()) << "a contact answers two requests";
  EXPECT_EQ(Number(*db, "SELECT COUNT(*) FROM contacts"), static_cast<int64_t>(names.size()));
  const auto rows = db->Query("SELECT request_id, resource FROM journal ORDER BY id", {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), names.size());
  for (const db::Row& row : *rows) EXPECT_EQ(names.at(row.Text(0)), row.Text(1));
}

// Every row has its place in the feed, without a gap, and the chain proves it.
void ExpectSealed(Suite& suite) {
  auto db = suite.OwnerConnection();
  EXPECT_TRUE(WaitUntil([&] {
    return Number(*db,
                  "SELECT (SELECT COUNT(*) FROM journal) - (SELECT COUNT(*) FROM "
                  "journal_seal)") == 0;
  }));
  EXPECT_EQ(Number(*db, "SELECT MAX(pos) - COUNT(*) FROM journal_seal"), 0);
  auto auditor = suite.As("barnet-council", "a.auditor", {"auditor"});
  safeguarding::audit::v1::VerifyAuditRequest verify;
  verify.set_parent("boroughs/barnet");
  safeguarding::audit::v1::VerifyAuditResponse verified;
  // Whoever asks just after an outage may be told to ask again.
  absl::Status status;
  EXPECT_TRUE(WaitUntil([&] {
    status = auditor->Call("/safeguarding.audit.v1.AuditService/VerifyAudit", verify,
                           {{"lscp-borough", "barnet"}, {"lscp-service", "referrals"}}, &verified);
    return !absl::IsUnavailable(status);
  }));
  ASSERT_TRUE(status.ok()) << status;
  for (const auto& chain : verified.chains()) {
    EXPECT_EQ(chain.first_broken_position(), 0) << chain.problem();
    EXPECT_EQ(chain.unsealed(), 0);
  }
}

struct Victim {
  const char* name;
  void (*kill_and_restart)(Suite&);
};

class KillNine : public ::testing::TestWithParam<Victim> {};

TEST_P(KillNine, AnAcknowledgedContactIsThereExactlyOnce) {
  constexpr int kRounds = 3;
  constexpr int kSenders = 6;
  Suite suite;
  Senders senders(suite, kSenders);
  std::minstd_rand random(20190131);
  for (int round = 0; round < kRounds; ++round) {
    // A random point of a load that is under way: some number of writes after the last kill.
    const size_t enough = senders.acknowledged() + 20 + random() % 200;
    ASSERT_TRUE(
        WaitUntil([&] { return senders.acknowledged() >= enough || !senders.surprises().empty(); },
                  absl::Minutes(1)));
    GetParam().kill_and_restart(suite);
  }
  const size_t enough = senders.acknowledged() + 20;
  EXPECT_TRUE(WaitUntil([&] { return senders.acknowledged() >= enough; }, absl::Minutes(1)))
      << "the suite did not recover by itself";
  senders.Stop();
  EXPECT_TRUE(senders.surprises().empty()) << *senders.surprises().begin();
  ExpectExactlyOnce(suite, senders);
  ExpectSealed(suite);
}

INSTANTIATE_TEST_SUITE_P(Processes, KillNine,
                         ::testing::Values(Victim{"Service",
                                                  [](Suite& suite) {
                                                    suite.KillService();
                                                    suite.StartService();
                                                  }},
                                           Victim{"Gateway",
                                                  [](Suite& suite) {
                                                    suite.KillGateway();
                                                    suite.StartGateway();
                                                  }},
                                           Victim{"Database",
                                                  [](Suite& suite) {
                                                    suite.mariadb().Kill9();
                                                    suite.mariadb().Restart();
                                                  }}),
                         [](const auto& info) { return info.param.name; });

TEST(Drain, SigtermUnderLoadLosesNothing) {
  Suite suite;
  Senders senders(suite, 6);
  ASSERT_TRUE(WaitUntil([&] { return senders.acknowledged() >= 50; }));
  EXPECT_EQ(suite.StopService(), 0);
  suite.StartService();
  const size_t enough = senders.acknowledged() + 50;
  EXPECT_TRUE(WaitUntil([&] { return senders.acknowledged() >= enough; }));
  EXPECT_EQ(suite.StopGateway(), 0);
  suite.StartGateway();
  EXPECT_TRUE(WaitUntil([&] { return senders.acknowledged() >= enough + 50; }));
  senders.Stop();
  EXPECT_TRUE(senders.surprises().empty()) << *senders.surprises().begin();
  ExpectExactlyOnce(suite, senders);
}

TEST(Outage, WithoutItsDatabaseTheServiceIsAliveAndNotReadyAndComesBack) {
  Suite suite;
  auto school = suite.As("example-primary-school");
  suite.mariadb().Kill9();
  EXPECT_TRUE(WaitUntil([&] { return suite.AdminPage("referrals", "/readyz").empty(); }));
  EXPECT_FALSE(suite.AdminPage("referrals", "/livez").empty());
  referrals::SubmitContactResponse reply;
  const absl::Status refused = school->Call(kSubmit, ConcernOf("barnet", "OUT-1"), kBarnet, &reply);
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  suite.mariadb().Restart();
  EXPECT_TRUE(WaitUntil([&] { return !suite.AdminPage("referrals", "/readyz").empty(); }));
  EXPECT_TRUE(WaitUntil(
      [&] { return school->Call(kSubmit, ConcernOf("barnet", "OUT-2"), kBarnet, &reply).ok(); }));
}

}  // namespace
}  // namespace lscp::tests
