// A stream shows its caller everything that concerns it, in order, and nothing else, across the
// death of whatever it runs through.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "common/status/error.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace referrals = safeguarding::referrals::v1;

constexpr char kSubmit[] = "/safeguarding.referrals.v1.ContactsService/SubmitContact";
constexpr char kWatch[] = "/safeguarding.referrals.v1.ContactsService/WatchMyReferrals";
const client::Headers kBarnet = {{"lscp-borough", "barnet"}};

class Watch : public ::testing::Test {
 protected:
  std::string Submit(client::Channel& channel, const std::string& reference) {
    referrals::SubmitContactResponse reply;
    absl::Status status;
    EXPECT_TRUE(WaitUntil([&] {
      status = channel.Call(kSubmit, ConcernOf("barnet", reference), kBarnet, &reply);
      return !absl::IsUnavailable(status);
    }));
    EXPECT_TRUE(status.ok()) << status;
    return reply.referral().name();
  }

  // Watches from a cursor (empty: from now) until `enough` says so or the stream ends; keeps the
  // last cursor and what was heard.
  absl::Status Listen(client::Channel& channel, const std::function<bool()>& enough) {
    referrals::WatchMyReferralsRequest request;
    request.set_parent("boroughs/barnet");
    request.set_start_cursor(cursor_);
    return channel.Stream(kWatch, request.SerializeAsString(), kBarnet,
                          [&](const std::string& bytes) {
                            referrals::WatchMyReferralsResponse reply;
                            EXPECT_TRUE(reply.ParseFromString(bytes));
                            EXPECT_FALSE(reply.cursor().empty());
                            EXPECT_EQ(reply.is_checkpoint(), reply.events().empty());
                            cursor_ = reply.cursor();
                            for (const auto& event : reply.events()) {
                              heard_.push_back(event.referral().name());
                            }
                            return !enough();
                          });
  }

  // Cursor of the present.
  void Begin(client::Channel& channel) {
    EXPECT_TRUE(Listen(channel, [] { return true; }).ok());
  }

  Suite suite_;
  std::string cursor_;
  std::vector<std::string> heard_;
};

TEST_F(Watch, AResumedStreamMissesNothingAndSeesNobodyElses) {
  auto school = suite_.As("example-primary-school");
  auto hospital = suite_.As("example-hospital-trust");
  Begin(*school);
  std::vector<std::string> sent;
  sent.push_back(Submit(*school, "W-1"));
  Submit(*hospital, "W-2");
  suite_.KillService();
  suite_.StartService();
  sent.push_back(Submit(*school, "W-3"));
  Submit(*hospital, "W-4");
  sent.push_back(Submit(*school, "W-5"));
  EXPECT_TRUE(WaitUntil([&] {
    const absl::Status ended = Listen(*school, [&] { return heard_.size() >= sent.size(); });
    return ended.ok() || !absl::IsUnavailable(ended);
  }));
  EXPECT_EQ(heard_, sent);
}

TEST_F(Watch, ADrainEndsTheStreamSoThatItsCallerConnectsAgain) {
  auto school = suite_.As("example-primary-school");
  Begin(*school);
  absl::Status ended;
  std::atomic<bool> listening = false;
  std::thread thread([&] {
    ended = Listen(*school, [&] {
      listening = true;
      return false;
    });
  });
  EXPECT_TRUE(WaitUntil([&] { return listening.load(); }));
  EXPECT_EQ(suite_.StopService(), 0);
  thread.join();
  EXPECT_TRUE(absl::IsUnavailable(ended)) << ended;
}

TEST_F(Watch, ACursorOfAnotherWatchIsRefused) {
  auto school = suite_.As("example-primary-school");
  for (const std::string& cursor : {std::string("nonsense"), std::string("AAAA")}) {
    cursor_ = cursor;
    const absl::Status refused = Listen(*school, [] { return true; });
    EXPECT_EQ(refused.code(), absl::StatusCode::kOutOfRange);
    EXPECT_EQ(ReasonOf(refused), reason::ERROR_REASON_CURSOR_UNKNOWN);
  }
}

}  // namespace
}  // namespace lscp::tests
