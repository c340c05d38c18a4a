// The fuzz targets in every build: their seeds, and thousands of spoiled copies of them, always the
// same ones. The open-ended search is libFuzzer's (README.md).

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/escaping.h"
#include "tests/fuzz/targets.h"

namespace lscp::fuzz {
namespace {

class Mutator {
 public:
  std::string Spoil(std::string bytes, const std::vector<std::string>& others) {
    for (int i = Below(4) + 1; i > 0; --i) SpoilOnce(bytes, others);
    return bytes;
  }

 private:
  size_t Below(size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(engine_); }
  char Byte() { return static_cast<char>(Below(256)); }

  void SpoilOnce(std::string& bytes, const std::vector<std::string>& others) {
    const size_t at = Below(bytes.size() + 1);
    const size_t length = Below(std::min<size_t>(bytes.size() - at, 16) + 1);
    switch (Below(6)) {
      case 0:
        bytes.insert(at, 1, Byte());
        return;
      case 1:
        bytes.erase(at, length);
        return;
      case 2:
        if (at < bytes.size()) bytes[at] ^= static_cast<char>(1 << Below(8));
        return;
      case 3:
        bytes.insert(at, bytes.substr(at, length));
        return;
      case 4:
        bytes.resize(at);
        return;
      default: {
        const std::string& other = others[Below(others.size())];
        bytes = bytes.substr(0, at) + other.substr(Below(other.size() + 1));
      }
    }
  }

  std::mt19937_64 engine_{20260302};
};

class EveryTarget : public ::testing::TestWithParam<Target> {};

TEST_P(EveryTarget, TakesItsSeeds) {
  for (const std::string& seed : GetParam().seeds) {
    EXPECT_EQ(GetParam().run(seed), "") << absl::CHexEscape(seed);
  }
  EXPECT_EQ(GetParam().run(""), "");
}

TEST_P(EveryTarget, TakesAnything) {
  Mutator mutator;
  for (const std::string& seed : GetParam().seeds) {
    for (int i = 0; i < GetParam().spoiled_copies; ++i) {
      const std::string bytes = mutator.Spoil(seed, GetParam().seeds);
      ASSERT_EQ(GetParam().run(bytes), "") << absl::CHexEscape(bytes);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Fuzz, EveryTarget, ::testing::ValuesIn(Targets()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace lscp::fuzz
