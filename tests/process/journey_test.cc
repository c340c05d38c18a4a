// The suite's main job on real processes: a school sends a concern, the hub decides it, and the
// school hears what became of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/mutex.h"
#include "safeguarding/audit/v1/audit_service.pb.h"
#include "safeguarding/indicators/v1/indicators_service.pb.h"
#include "safeguarding/timescales/v1/timescales_service.pb.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace referrals = safeguarding::referrals::v1;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kContacts[] = "/safeguarding.referrals.v1.ContactsService/";
const client::Headers kBarnet = {{"lscp-borough", "barnet"}};
const client::Headers kBarnetReferrals = {{"lscp-borough", "barnet"},
                                          {"lscp-service", "referrals"}};

template <typename Reply, typename Request>
Reply Must(client::Channel& channel, const std::string& method, const Request& request,
           const client::Headers& headers = kBarnet) {
  Reply reply;
  const absl::Status status = channel.Call(method, request, headers, &reply);
  EXPECT_TRUE(status.ok()) << method << ": " << status;
  return reply;
}

class Journey : public ::testing::Test {
 protected:
  static Suite& suite() {
    static auto& suite = *new Suite;
    return suite;
  }

  std::unique_ptr<client::Channel> school_ = suite().As("example-primary-school");
  std::unique_ptr<client::Channel> manager_ =
      suite().As("barnet-council", "m.manager", {"mash_manager"});
};

// What a stream has given so far.
class Heard {
 public:
  void Add(const referrals::WatchMyReferralsResponse& reply) {
    absl::MutexLock lock(&mutex_);
    if (reply.is_checkpoint()) ++checkpoints_;
    for (const auto& event : reply.events()) events_.push_back(event);
  }
  bool Checkpoint() const {
    absl::MutexLock lock(&mutex_);
    return checkpoints_ > 0;
  }
  bool Outcome(const std::string& name) const {
    absl::MutexLock lock(&mutex_);
    for (const auto& event : events_) {
      if (event.referral().name() == name &&
          event.referral().outcome() == referrals::CONTACT_OUTCOME_EARLY_HELP) {
        return !event.referral().feedback().empty();
      }
    }
    return false;
  }

 private:
  mutable absl::Mutex mutex_;
  int checkpoints_ = 0;
  std::vector<referrals::MyReferralEvent> events_;
};

TEST_F(Journey, ASchoolHearsWhatBecameOfItsReferral) {
  Heard heard;
  std::atomic<bool> enough = false;
  std::thread listening([&] {
    referrals::WatchMyReferralsRequest watch;
    watch.set_parent("boroughs/barnet");
    const auto ended =
        school_->Stream(std::string(kContacts) + "WatchMyReferrals", watch.SerializeAsString(),
                        kBarnet, [&](const std::string& bytes) {
                          referrals::WatchMyReferralsResponse reply;
                          EXPECT_TRUE(reply.ParseFromString(bytes));
                          heard.Add(reply);
                          return !enough;
                        });
    EXPECT_TRUE(ended.ok()) << ended;
  });
  EXPECT_TRUE(WaitUntil([&] { return heard.Checkpoint(); }));

  auto sender = suite().As("example-primary-school");
  const auto sent = Must<referrals::SubmitContactResponse>(
      *sender, std::string(kContacts) + "SubmitContact", ConcernOf("barnet", "SCH-1"));
  const std::string name = sent.referral().name();
  EXPECT_TRUE(sent.referral().has_acknowledge_time());
  EXPECT_TRUE(sent.referral().has_decision_due_time());

  referrals::GetContactRequest get;
  get.set_name(name);
  const auto contact =
      Must<referrals::GetContactResponse>(*manager_, std::string(kContacts) + "GetContact", get);
  Must<referrals::DecideContactResponse>(*manager_, std::string(kContacts) + "DecideContact",
                                         EarlyHelpFor(contact.contact()));

  EXPECT_TRUE(WaitUntil([&] { return heard.Outcome(name); }));
  enough = true;
  Must<referrals::SubmitContactResponse>(*sender, std::string(kContacts) + "SubmitContact",
                                         ConcernOf("barnet", "SCH-2"));
  listening.join();

  referrals::GetMyReferralRequest mine;
  mine.set_name(name);
  const auto view = Must<referrals::GetMyReferralResponse>(
      *sender, std::string(kContacts) + "GetMyReferral", mine);
  EXPECT_EQ(view.referral().outcome(), referrals::CONTACT_OUTCOME_EARLY_HELP);
  EXPECT_THAT(view.referral().feedback(), HasSubstr("early help worker"));
}

TEST_F(Journey, TheSameRequestTwiceHasItsEffectOnce) {
  const auto request = ConcernOf("barnet", "SCH-3");
  const std::string method = std::string(kContacts) + "SubmitContact";
  const auto first = Must<referrals::SubmitContactResponse>(*school_, method, request);
  const auto second = Must<referrals::SubmitContactResponse>(*school_, method, request);
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
}

TEST_F(Journey, WhatWasSeenAndChangedIsOnRecordAndTheChainHolds) {
  const auto sent = Must<referrals::SubmitContactResponse>(
      *school_, std::string(kContacts) + "SubmitContact", ConcernOf("barnet", "SCH-4"));
  referrals::GetContactRequest get;
  get.set_name(sent.referral().name());
  Must<referrals::GetContactResponse>(*manager_, std::string(kContacts) + "GetContact", get);

  auto auditor = suite().As("barnet-council", "a.auditor", {"auditor"});
  safeguarding::audit::v1::ListAuditEntriesRequest list;
  list.set_name(sent.referral().name());
  const auto entries = Must<safeguarding::audit::v1::ListAuditEntriesResponse>(
      *auditor, "/safeguarding.audit.v1.AuditService/ListAuditEntries", list, kBarnetReferrals);
  ASSERT_EQ(entries.entries_size(), 2);
  EXPECT_EQ(entries.entries(0).agency(), "example-primary-school");
  EXPECT_EQ(entries.entries(1).person(), "m.manager");
  EXPECT_EQ(entries.entries(1).purpose(), "safeguarding");

  safeguarding::audit::v1::VerifyAuditRequest verify;
  verify.set_parent("boroughs/barnet");
  const auto verified = Must<safeguarding::audit::v1::VerifyAuditResponse>(
      *auditor, "/safeguarding.audit.v1.AuditService/VerifyAudit", verify, kBarnetReferrals);
  ASSERT_EQ(verified.chains_size(), 2);
  for (const auto& chain : verified.chains()) {
    EXPECT_EQ(chain.first_broken_position(), 0) << chain.problem();
  }
}

TEST_F(Journey, WhatIsDueAndWhatWasDoneCanBeAsked) {
  const auto sent = Must<referrals::SubmitContactResponse>(
      *school_, std::string(kContacts) + "SubmitContact", ConcernOf("barnet", "SCH-5"));
  safeguarding::timescales::v1::ListTimescalesRequest list;
  list.set_parent("boroughs/barnet");
  list.set_subject(sent.referral().name());
  const auto due = Must<safeguarding::timescales::v1::ListTimescalesResponse>(
      *manager_, "/safeguarding.timescales.v1.TimescalesService/ListTimescales", list,
      kBarnetReferrals);
  ASSERT_GE(due.timescales_size(), 1);
  EXPECT_EQ(due.timescales(0).rule(), "contact_decision");

  safeguarding::indicators::v1::GetIndicatorsRequest figures;
  figures.set_parent("boroughs/barnet");
  figures.mutable_start_date()->set_year(2020);
  figures.mutable_start_date()->set_month(1);
  figures.mutable_start_date()->set_day(1);
  *figures.mutable_end_date() = figures.start_date();
  figures.mutable_end_date()->set_year(2040);
  const auto indicators = Must<safeguarding::indicators::v1::GetIndicatorsResponse>(
      *manager_, "/safeguarding.indicators.v1.IndicatorsService/GetIndicators", figures,
      kBarnetReferrals);
  EXPECT_GT(indicators.indicators_size(), 10);
}

TEST_F(Journey, NoPersonalDataReachesTheLogsOrMetrics) {
  Must<referrals::SubmitContactResponse>(*school_, std::string(kContacts) + "SubmitContact",
                                         ConcernOf("barnet", "SCH-6"));
  for (const char* process : {"referrals", "gateway"}) {
    const std::string seen = suite().LogOf(process) + suite().AdminPage(process, "/metrics");
    EXPECT_THAT(seen, HasSubstr("SubmitContact"));
    for (const char* personal : {"Zzinvented", "Quentin", "hungry", "Tess", "m.manager"}) {
      EXPECT_THAT(seen, Not(HasSubstr(personal))) << process;
    }
  }
}

}  // namespace
}  // namespace lscp::tests
