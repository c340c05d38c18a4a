#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "safeguarding/referrals/v1/children_service.pb.h"

// Telling whether a child of the register may be the one described: first candidates by keys, which
// are looked up, then a score for each, which is computed. All functions are thread-safe.
namespace lscp::referrals {

// OK if the description has an identifier, or a family name with a date of birth (or an expected
// one) or a postcode; else INVALID_ARGUMENT.
absl::Status CheckDescription(const safeguarding::referrals::v1::FindChildrenRequest& description);

// Keys under which a child is found, each once: identifiers ("id:…"), the family name's sound with
// the given name's initial, dates of birth, postcodes.
std::vector<std::string> SearchKeysOf(const safeguarding::referrals::v1::Child& child);

// Keys to look up for a description.
std::vector<std::string> SearchKeysFor(
    const safeguarding::referrals::v1::FindChildrenRequest& description);

// How likely it is the same child, 0 to 100, and what agrees.
struct Match {
  int score = 0;
  std::vector<safeguarding::referrals::v1::MatchReason> reasons;
};
Match MatchOf(const safeguarding::referrals::v1::FindChildrenRequest& description,
              const safeguarding::referrals::v1::Child& child);

// A score from which a child is worth a look. By it a twin or a child whose date of birth was
// written down wrongly is shown, and a sibling of another age is not.
inline constexpr int kLeastScore = 35;

}  // namespace lscp::referrals
