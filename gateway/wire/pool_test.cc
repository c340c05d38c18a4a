#include "gateway/wire/pool.h"

#include <gtest/gtest.h>

#include <list>

#include "gateway/wire/test_peers.h"

namespace lscp::gateway::wire {
namespace {

// Asks once.
struct Asking final : public Pool::Waiter {
  void OnSession(Session* session) override {
    told = true;
    got = session != nullptr;
    if (session) Send(*session, path, "", call);
  }
  std::string path = "/echo";
  bool told = false;
  bool got = false;
  TestCall call;
};

// A pool in front of two services.
class PoolTest : public ::testing::Test {
 protected:
  PoolTest() {
    loop_.Start();
    On(loop_, [this] {
      pool_ = std::make_unique<Pool>(loop_, "test", /*watch_health=*/true, SessionLimits{},
                                     [this](bool ready) { ready_ = ready; });
    });
  }
  ~PoolTest() override {
    On(loop_, [this] {
      pool_.reset();
      first_.Drop();
      second_.Drop();
    });
    loop_.Stop();
  }

  void UseBoth() {
    On(loop_, [this] {
      pool_->SetBackends({{"first", first_.connector()}, {"second", second_.connector()}});
    });
  }
  // Asks and waits for the answer.
  Asking& Ask(const std::string& path = "/echo") {
    Asking& asking = asked_.emplace_back();
    asking.path = path;
    On(loop_, [&] { pool_->Ask(asking); });
    EXPECT_TRUE(Eventually(loop_, [&] { return asking.told; }));
    return asking;
  }
  // Requests that each has had, once both are known to be ready.
  bool BothGetRequests() {
    return Eventually(loop_, [&] {
      pool_->Ask(asked_.emplace_back());
      return first_.requests() > 3 && second_.requests() > 3;
    });
  }

  Loop loop_;
  TestService first_{loop_};
  TestService second_{loop_};
  std::list<Asking> asked_;
  std::unique_ptr<Pool> pool_;
  bool ready_ = false;
};

TEST_F(PoolTest, RequestsGoRoundTheBackends) {
  UseBoth();
  EXPECT_TRUE(Ask().got);  // waits until the first is connected
  EXPECT_TRUE(BothGetRequests());
}

TEST_F(PoolTest, ABackendThatIsNotServingGetsNothing) {
  UseBoth();
  ASSERT_TRUE(BothGetRequests());
  On(loop_, [&] { second_.SetServing(false); });
  size_t before = 0;
  ASSERT_TRUE(Eventually(loop_, [&] {
    // A health message in flight: until it is read, requests may still go there.
    const size_t last = std::exchange(before, second_.requests());
    pool_->Ask(asked_.emplace_back());
    pool_->Ask(asked_.emplace_back());
    return last > 0 && last == second_.requests();
  }));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(Ask().got);
  EXPECT_EQ(On(loop_, [&] { return second_.requests(); }), before);
  On(loop_, [&] { first_.SetServing(false); });
  EXPECT_TRUE(Eventually(loop_, [&] { return !ready_; }));
  EXPECT_FALSE(Ask().got);
  On(loop_, [&] { second_.SetServing(true); });
  EXPECT_TRUE(Eventually(loop_, [&] { return ready_; }));
  EXPECT_TRUE(Ask().got);
}

TEST_F(PoolTest, WhereNothingCanBeReachedTheAnswerIsAtOnceAndItIsFoundAgain) {
  On(loop_, [&] {
    first_.SetReachable(false);
    pool_->SetBackends({{"first", first_.connector()}});
  });
  EXPECT_FALSE(Ask().got);
  On(loop_, [&] { first_.SetReachable(true); });
  EXPECT_TRUE(Eventually(loop_, [&] { return ready_; }));
  EXPECT_TRUE(Ask().got);
  On(loop_, [&] {
    first_.SetReachable(false);
    first_.Drop();
  });
  EXPECT_TRUE(Eventually(loop_, [&] { return !ready_; }));
  EXPECT_FALSE(Ask().got);
}

TEST_F(PoolTest, AConnectionThatTheBackendEndsIsReplacedAndItsRequestsFinish) {
  On(loop_, [&] { pool_->SetBackends({{"first", first_.connector()}}); });
  Asking& held = Ask("/hold");
  ASSERT_TRUE(Eventually(loop_, [&] { return first_.requests() == 1; }));
  On(loop_, [&] { first_.Drain(); });
  ASSERT_TRUE(Eventually(loop_, [&] { return first_.connections() == 2; }));
  Asking& other = Ask();
  EXPECT_TRUE(other.got);
  EXPECT_TRUE(Eventually(loop_, [&] { return other.call.closed; }));
  EXPECT_EQ(other.call.status, "0");
  On(loop_, [&] { first_.Release(); });
  EXPECT_TRUE(Eventually(loop_, [&] { return held.call.closed; }));
  EXPECT_EQ(held.call.status, "0");
  EXPECT_TRUE(Eventually(loop_, [&] { return first_.connections() == 1; }));
}

TEST_F(PoolTest, ABackendThatIsGoneFromTheNameServiceFinishesWhatItHas) {
  UseBoth();
  ASSERT_TRUE(BothGetRequests());
  On(loop_, [&] { pool_->SetBackends({{"second", second_.connector()}}); });
  EXPECT_TRUE(Eventually(loop_, [&] { return first_.connections() == 0; }));
  EXPECT_TRUE(Ask().got);
  On(loop_, [&] { pool_->SetBackends({}); });
  EXPECT_FALSE(Ask().got);
}

TEST_F(PoolTest, WhoWaitsNoLongerIsNotTold) {
  Asking asking;
  On(loop_, [&] {
    pool_->Ask(asking);  // the backends are not known yet
    pool_->Forget(asking);
  });
  UseBoth();
  EXPECT_TRUE(Ask().got);
  EXPECT_FALSE(asking.told);
}

}  // namespace
}  // namespace lscp::gateway::wire
