#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lscp::fuzz {

// Something that takes bytes from outside. `run` gives them to it and says what must not have
// happened, or nothing: not crashing is the least that is asked. `seeds` are inputs that get far;
// every build tries `spoiled_copies` of each.
struct Target {
  std::string name;
  std::function<std::string(std::string_view bytes)> run;
  std::vector<std::string> seeds;
  int spoiled_copies = 20'000;
};

// Every target, by name.
const std::vector<Target>& Targets();

}  // namespace lscp::fuzz
