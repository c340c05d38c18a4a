#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "common/workflow/transition.h"
#include "google/protobuf/descriptor.h"

// For the tests of life cycles.
namespace lscp::testing {

// One cell of the matrix of states and verbs.
template <typename State>
struct StateAndVerb {
  State state;
  std::string verb;
  std::optional<State> to;  // none: not allowed
};

// The whole matrix: every value of the enum, UNSPECIFIED for a record that does not exist yet,
// times every verb of the table. A service's test runs its operation in each and compares.
template <typename State, size_t kRows>
std::vector<StateAndVerb<State>> EveryStateAndVerb(const Transition<State> (&table)[kRows]) {
  std::vector<std::string> verbs;
  for (const auto& transition : table) {
    const std::string verb(transition.verb);
    if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) verbs.push_back(verb);
  }
  std::vector<StateAndVerb<State>> matrix;
  const auto* states = google::protobuf::GetEnumDescriptor<State>();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<State>(states->value(i)->number());
    for (const std::string& verb : verbs) {
      const auto next = Next(table, verb, state, "");
      matrix.push_back({state, verb, next.ok() ? std::optional<State>(*next) : std::nullopt});
    }
  }
  return matrix;
}

// Success if the table leads to every state and never in two directions at once.
template <typename State, size_t kRows>
::testing::AssertionResult IsWhole(const Transition<State> (&table)[kRows]) {
  auto result = ::testing::AssertionSuccess();
  for (const std::string& fault : workflow::Faults(workflow::Untyped(table))) {
    result = (result ? ::testing::AssertionFailure() : result) << fault << "\n";
  }
  return result;
}

// Success if the file holds the text, which is what it should hold otherwise.
inline ::testing::AssertionResult FileHolds(const std::string& file, const std::string& text) {
  std::ifstream stream(file);
  const std::string content((std::istreambuf_iterator<char>(stream)), {});
  if (content.find(text) != std::string::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << file << " should hold\n\n" << text;
}

}  // namespace lscp::testing
