#include "common/auth/token_cache.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace lscp {
namespace {

using Cache = TokenCache<int>;

Cache::Digest DigestOf(int n) {
  Cache::Digest digest = {};
  std::memcpy(digest.data(), &n, sizeof(n));
  return digest;
}

TEST(TokenCache, TheOneUsedLongestAgoGoesFirst) {
  Cache cache(3);
  for (int i = 0; i < 3; ++i) cache.Put(DigestOf(i), i);
  EXPECT_NE(cache.Find(DigestOf(0)), nullptr);
  cache.Put(DigestOf(3), 3);
  EXPECT_EQ(cache.Find(DigestOf(1)), nullptr);
  EXPECT_EQ(*cache.Find(DigestOf(0)), 0);
  EXPECT_EQ(*cache.Find(DigestOf(3)), 3);
  EXPECT_EQ(cache.size(), 3u);
}

TEST(TokenCache, PuttingAgainReplaces) {
  Cache cache(2);
  cache.Put(DigestOf(1), 1);
  cache.Put(DigestOf(1), 10);
  EXPECT_EQ(*cache.Find(DigestOf(1)), 10);
  EXPECT_EQ(cache.size(), 1u);
  cache.Forget(DigestOf(1));
  cache.Forget(DigestOf(1));
  EXPECT_EQ(cache.Find(DigestOf(1)), nullptr);
}

TEST(TokenCache, ThreadsShareItWithinItsBound) {
  Cache cache(50);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 2000; ++i) {
        const int n = (i * 7 + t) % 100;
        const auto value = cache.Find(DigestOf(n));
        EXPECT_TRUE(value == nullptr || *value == n);
        cache.Put(DigestOf(n), n);
        if (i % 5 == 0) cache.Forget(DigestOf(n));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(cache.size(), 50u);
}

}  // namespace
}  // namespace lscp
