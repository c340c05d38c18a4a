#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tests/contract/contract.h"

namespace lscp::tests {

// A request of the method that breaks no rule of the contract: its required fields are set, to
// invented values; what it names is in `borough` and does not exist.
std::unique_ptr<Message> WellFormed(const MethodDescriptor& method, const std::string& borough);

// A request spoiled in one place.
struct Spoiled {
  std::string what;   // "contact.concerns is too long"
  std::string field;  // path of the violation that must be reported, and no other
  const Message& request;
};

// Gives every way of breaking one rule of one field in a request that is otherwise well-formed, at
// any depth: required fields left out, texts too long or not of their pattern, names of nothing,
// unknown enum values, numbers out of range, dates that do not exist or lie on the wrong side of
// today, lists that are too long. `request` is as it was when this returns.
void ForEachSpoiled(Message& request, const std::function<void(const Spoiled&)>& give);

}  // namespace lscp::tests
