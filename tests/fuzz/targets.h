#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lscp::fuzz {

// Something that takes bytes from outside. `run` gives them to it and says what must not have
// happened, or nothing: not crashing is the least that is asked. `seeds` are inputs that get far.
struct Target {
  std::string name;
  std::function<std::string(std::string_view bytes)> run;
  std::vector<std::string> seeds;
};

// Every target, by name: jwt, page_token, resource_name, traceparent, validator.
const std::vector<Target>& Targets();

}  // namespace lscp::fuzz
