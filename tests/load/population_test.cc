#include "tests/load/population.h"

#include <gtest/gtest.h>

#include <set>

#include "child_protection/child_keys.h"
#include "domain/identifiers.h"

namespace lscp::tests {
namespace {

// Spread over all that there may be.
constexpr int64_t kStride = 1009;

TEST(ChildNumber, GivesAValidNhsNumberThatIsNotIssued) {
  for (int64_t number = 0; number < kMostChildren; number += kStride) {
    const std::string nhs_number = ChildNumber(number).nhs_number;
    ASSERT_TRUE(domain::IsNhsNumber(nhs_number)) << number << ": " << nhs_number;
    ASSERT_EQ(nhs_number[0], '9');
  }
}

TEST(ChildNumber, GivesNoTwoChildrenTheSameKey) {
  std::set<std::string> keys;
  for (int64_t number = 0; number < 50'000; ++number) {
    for (const auto& key : child_protection::KeysOf(CheckOf("barnet", ChildNumber(number)))) {
      ASSERT_TRUE(keys.insert(key).second) << number << ": " << key;
    }
  }
  EXPECT_EQ(keys.size(), 100'000u);
}

TEST(ChildNumber, GivesFieldsOfTheSameLengthToAll) {
  const auto first = child_protection::KeysOf(CheckOf("barnet", ChildNumber(0)));
  for (int64_t number = 0; number < kMostChildren; number += kStride) {
    const InventedChild child = ChildNumber(number);
    const auto keys = child_protection::KeysOf(CheckOf("barnet", child));
    ASSERT_EQ(child.id.size(), ChildNumber(0).id.size());
    ASSERT_EQ(keys.size(), first.size());
    for (size_t i = 0; i < keys.size(); ++i) ASSERT_EQ(keys[i].size(), first[i].size()) << number;
  }
}

}  // namespace
}  // namespace lscp::tests
