// What one service decides, another acts on, once: a concern that the hub refers and social care
// takes for harm becomes a strategy discussion in child protection, whichever process dies.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "safeguarding/child_protection/v1/child_checks_service.pb.h"
#include "safeguarding/child_protection/v1/enquiries_service.pb.h"
#include "safeguarding/child_protection/v1/strategy_discussions_service.pb.h"
#include "safeguarding/referrals/v1/referrals_service.pb.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace referrals = safeguarding::referrals::v1;
namespace protection = safeguarding::child_protection::v1;

constexpr char kContacts[] = "/safeguarding.referrals.v1.ContactsService/";
constexpr char kReferralsService[] = "/safeguarding.referrals.v1.ReferralsService/";
constexpr char kDiscussions[] = "/safeguarding.child_protection.v1.StrategyDiscussionsService/";
constexpr char kChecks[] = "/safeguarding.child_protection.v1.ChildChecksService/";
constexpr char kEnquiries[] = "/safeguarding.child_protection.v1.EnquiriesService/";
const client::Headers kBarnet = {{"lscp-borough", "barnet"}};

// What a caller must expect of an outage, and may answer by asking again.
bool IsOutage(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsCancelled(status);
}

// A school, and a manager who answers for the hub and for social care. Asks again, with the same
// request_id, as long as there is an outage and nobody says stop.
class FrontDoor {
 public:
  FrontDoor(Suite& suite, const std::atomic<bool>* stop)
      : school_(suite.As("example-primary-school")),
        manager_(suite.As("barnet-council", "m.manager", {"mash_manager", "team_manager"})),
        stop_(stop) {}

  // The name of a referral for which a strategy discussion was decided; a failure is in status().
  std::string ReferForHarm(const std::string& reference) {
    const auto sent = Ask<referrals::SubmitContactResponse>(
        *school_, absl::StrCat(kContacts, "SubmitContact"), ConcernOf("barnet", reference));
    referrals::GetContactRequest get;
    get.set_name(sent.referral().name());
    const auto contact =
        Ask<referrals::GetContactResponse>(*manager_, absl::StrCat(kContacts, "GetContact"), get);
    referrals::LinkChildRequest link;
    link.set_name(get.name());
    link.set_etag(contact.contact().etag());
    link.set_child_id(contact.contact().children(0).id());
    link.set_create_child(true);
    link.set_request_id(NewRequestId());
    const auto linked =
        Ask<referrals::LinkChildResponse>(*manager_, absl::StrCat(kContacts, "LinkChild"), link);
    return Decided(linked.contact());
  }

  template <typename Reply, typename Request>
  Reply Ask(client::Channel& channel, const std::string& method, const Request& request) {
    Reply reply;
    if (!status_.ok()) return reply;
    do {
      status_ = channel.Call(method, request, kBarnet, &reply);
    } while (IsOutage(status_) && !*stop_);
    return reply;
  }

  client::Channel& manager() { return *manager_; }
  const absl::Status& status() const { return status_; }

 private:
  std::string Decided(const referrals::Contact& contact) {
    if (!status_.ok()) return "";
    referrals::DecideContactRequest decide;
    decide.set_name(contact.name());
    decide.set_etag(contact.etag());
    decide.set_request_id(NewRequestId());
    decide.set_final_brag(referrals::BRAG_RED);
    decide.set_outcome(referrals::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE);
    decide.set_rationale("Invented: may be suffering harm.");
    decide.set_feedback("Invented: social care will be in touch today.");
    decide.set_threshold_level("4");
    decide.set_threshold_version("2024-04");
    decide.add_children()->set_child_id(contact.children(0).id());
    decide.mutable_children(0)->set_primary_need(referrals::PRIMARY_NEED_ABUSE_OR_NEGLECT);
    const auto decided = Ask<referrals::DecideContactResponse>(
        *manager_, absl::StrCat(kContacts, "DecideContact"), decide);
    if (!status_.ok()) return "";
    referrals::GetReferralRequest get;
    get.set_name(decided.contact().referrals(0));
    const auto referral = Ask<referrals::GetReferralResponse>(
        *manager_, absl::StrCat(kReferralsService, "GetReferral"), get);
    referrals::DecideReferralRequest harm;
    harm.set_name(get.name());
    harm.set_etag(referral.referral().etag());
    harm.set_decision(referrals::REFERRAL_DECISION_STRATEGY_DISCUSSION);
    harm.set_rationale("Invented: may be suffering harm.");
    harm.set_request_id(NewRequestId());
    Ask<referrals::DecideReferralResponse>(*manager_,
                                           absl::StrCat(kReferralsService, "DecideReferral"), harm);
    return get.name();
  }

  const std::unique_ptr<client::Channel> school_;
  const std::unique_ptr<client::Channel> manager_;
  const std::atomic<bool>* const stop_;
  absl::Status status_;
};

TEST(BetweenServices, AReferralForHarmBecomesAStrategyDiscussionAndAnEnquiry) {
  Suite suite;
  const std::atomic<bool> stop = true;
  FrontDoor door(suite, &stop);
  const std::string referral = door.ReferForHarm("HARM-1");
  ASSERT_TRUE(door.status().ok()) << door.status();

  protection::ListStrategyDiscussionsRequest list;
  list.set_parent("boroughs/barnet");
  list.set_referral(referral);
  protection::ListStrategyDiscussionsResponse listed;
  ASSERT_TRUE(WaitUntil([&] {
    listed = door.Ask<protection::ListStrategyDiscussionsResponse>(
        door.manager(), absl::StrCat(kDiscussions, "ListStrategyDiscussions"), list);
    return listed.strategy_discussions_size() > 0;
  }));
  const auto& discussion = listed.strategy_discussions(0);
  EXPECT_EQ(discussion.requester(), protection::STRATEGY_REQUESTER_FRONT_DOOR);
  EXPECT_EQ(discussion.participants(0).agency(), "example-primary-school");

  protection::HoldStrategyDiscussionRequest hold;
  hold.set_name(discussion.name());
  hold.set_etag(discussion.etag());
  hold.set_chair("c.chair");
  hold.set_information_shared("Invented.");
  for (const auto kind : {protection::AGENCY_KIND_SOCIAL_CARE, protection::AGENCY_KIND_POLICE,
                          protection::AGENCY_KIND_HEALTH}) {
    auto& participant = *hold.add_participants();
    participant.set_kind(kind);
    participant.set_attended(true);
  }
  hold.set_request_id(NewRequestId());
  const auto held = door.Ask<protection::HoldStrategyDiscussionResponse>(
      door.manager(), absl::StrCat(kDiscussions, "HoldStrategyDiscussion"), hold);
  protection::DecideStrategyDiscussionRequest decide;
  decide.set_name(discussion.name());
  decide.set_etag(held.strategy_discussion().etag());
  decide.set_rationale("Invented.");
  decide.set_request_id(NewRequestId());
  auto& decision = *decide.add_decisions();
  decision.set_child(discussion.children(0));
  decision.set_outcome(protection::STRATEGY_OUTCOME_SECTION_47_JOINT);
  const auto decided = door.Ask<protection::DecideStrategyDiscussionResponse>(
      door.manager(), absl::StrCat(kDiscussions, "DecideStrategyDiscussion"), decide);
  ASSERT_TRUE(door.status().ok()) << door.status();
  protection::GetEnquiryRequest get;
  get.set_name(decided.strategy_discussion().decisions(0).enquiry());
  const auto enquiry = door.Ask<protection::GetEnquiryResponse>(
      door.manager(), absl::StrCat(kEnquiries, "GetEnquiry"), get);
  EXPECT_TRUE(door.status().ok()) << door.status();
  EXPECT_EQ(enquiry.enquiry().child(), discussion.children(0));
}

TEST(CheckChild, IsForPermittedAgenciesAndOnRecordForTheBorough) {
  Suite suite;
  const std::atomic<bool> stop = true;
  FrontDoor door(suite, &stop);
  door.ReferForHarm("HARM-2");
  ASSERT_TRUE(door.status().ok()) << door.status();
  const auto concern = ConcernOf("barnet", "HARM-2");
  const auto& known = concern.contact().children(0);
  protection::CheckChildRequest check;
  check.set_parent("boroughs/barnet");
  check.set_family_name(known.family_name());
  check.set_given_name(known.given_name());
  *check.mutable_birth_date() = known.birth_date();
  const std::string method = absl::StrCat(kChecks, "CheckChild");

  // The check finds the child once the register's event has arrived; a check that finds nobody is
  // on record too, without a child.
  auto ambulance = suite.As("example-ambulance-service");
  protection::ListChildChecksRequest list;
  list.set_parent("boroughs/barnet");
  list.set_agency("example-ambulance-service");
  protection::ListChildChecksResponse listed;
  ASSERT_TRUE(WaitUntil([&] {
    check.set_request_id(NewRequestId());
    const auto reply = door.Ask<protection::CheckChildResponse>(*ambulance, method, check);
    EXPECT_EQ(reply.statuses_size(), 0);
    EXPECT_NE(reply.contact().phone(), "");
    listed = door.Ask<protection::ListChildChecksResponse>(
        door.manager(), absl::StrCat(kChecks, "ListChildChecks"), list);
    return !door.status().ok() || listed.checks(0).children_size() == 1;
  }));
  ASSERT_TRUE(door.status().ok()) << door.status();
  EXPECT_EQ(listed.checks(0).purpose(), "safeguarding");

  protection::CheckChildResponse reply;
  check.set_request_id(NewRequestId());
  EXPECT_TRUE(absl::IsPermissionDenied(
      suite.As("example-primary-school")->Call(method, check, kBarnet, &reply)));
}

// Front doors that refer without pause.
class Doors {
 public:
  Doors(Suite& suite, int count) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this, &suite, i] { Work(suite, i); });
    }
  }
  ~Doors() { Stop(); }

  void Stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  size_t decided() const {
    absl::MutexLock lock(&mutex_);
    return referrals_.size();
  }
  std::string surprise() const {
    absl::MutexLock lock(&mutex_);
    return surprise_;
  }

 private:
  void Work(Suite& suite, int number) {
    FrontDoor door(suite, &never_);
    for (int i = 0; !stopping_; ++i) {
      const std::string referral = door.ReferForHarm(absl::StrCat("HARM-", number, "-", i));
      absl::MutexLock lock(&mutex_);
      if (!door.status().ok()) {
        surprise_ = door.status().ToString();
        return;
      }
      referrals_.insert(referral);
    }
  }

  const std::atomic<bool> never_ = false;
  std::atomic<bool> stopping_ = false;
  mutable absl::Mutex mutex_;
  std::set<std::string> referrals_;
  std::string surprise_;
  std::vector<std::thread> threads_;
};

std::vector<std::string> Column(db::Connection& db, const std::string& sql) {
  const auto rows = db.Query(sql, {});
  EXPECT_TRUE(rows.ok()) << rows.status();
  std::vector<std::string> values;
  for (const db::Row& row : *rows) values.push_back(row.Text(0));
  return values;
}

constexpr char kAsked[] = "SELECT id FROM referrals WHERE decision = 2 ORDER BY id";
constexpr char kOpened[] = "SELECT referral FROM strategy_discussions ORDER BY referral";

struct Victim {
  const char* name;
  void (*kill_and_restart)(Suite&);
};

class KillNine : public ::testing::TestWithParam<Victim> {};

TEST_P(KillNine, EachDecisionOpensOneStrategyDiscussion) {
  static_assert(referrals::REFERRAL_DECISION_STRATEGY_DISCUSSION == 2);
  Suite suite;
  Doors doors(suite, 4);
  std::minstd_rand random(20260101);
  for (int round = 0; round < 4; ++round) {
    const size_t enough = doors.decided() + 5 + random() % 40;
    ASSERT_TRUE(WaitUntil([&] { return doors.decided() >= enough || !doors.surprise().empty(); },
                          absl::Minutes(1)));
    GetParam().kill_and_restart(suite);
  }
  doors.Stop();
  EXPECT_EQ(doors.surprise(), "");
  auto sender = suite.OwnerConnection(Suite::kReferrals);
  auto receiver = suite.OwnerConnection(Suite::kChildProtection);
  const auto asked = Column(*sender, kAsked);
  EXPECT_GE(asked.size(), doors.decided());
  EXPECT_TRUE(WaitUntil([&] { return Column(*receiver, kOpened).size() >= asked.size(); },
                        absl::Minutes(1)));
  EXPECT_EQ(Column(*receiver, kOpened), asked);
  EXPECT_EQ(Column(*receiver, "SELECT id FROM children ORDER BY id"),
            Column(*sender, "SELECT id FROM children ORDER BY id"));
}

INSTANTIATE_TEST_SUITE_P(Processes, KillNine,
                         ::testing::Values(Victim{"Sender",
                                                  [](Suite& suite) {
                                                    suite.KillService(Suite::kReferrals);
                                                    suite.StartService(Suite::kReferrals);
                                                  }},
                                           Victim{"Receiver",
                                                  [](Suite& suite) {
                                                    suite.KillService(Suite::kChildProtection);
                                                    suite.StartService(Suite::kChildProtection);
                                                  }},
                                           Victim{"Database",
                                                  [](Suite& suite) {
                                                    suite.mariadb().Kill9();
                                                    suite.mariadb().Restart();
                                                  }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace lscp::tests
