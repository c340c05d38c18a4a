#pragma once

#include <functional>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gateway/client/channel.h"

namespace lscp::client {

// A command line taken apart: `lscp WORDS… [--option VALUE] [--flag]`.
struct Invocation {
  std::vector<std::string> arguments;          // what follows the command's words
  std::map<std::string, std::string> options;  // "--borough" → "barnet"; "" for a flag
  Channel* channel = nullptr;
  std::ostream* out = nullptr;

  bool Has(const std::string& option) const { return options.contains(option); }
  // The option's value, or the environment's, or nothing.
  std::string Get(const std::string& option, const char* environment = nullptr) const;
};

struct Command {
  std::vector<std::string> words;  // {"referral", "submit"}
  const char* arguments;           // "FILE"
  const char* help;
  size_t argument_count;
  std::function<absl::Status(Invocation&)> run;
};

// All commands, in the order of the help text.
const std::vector<Command>& Commands();

// Options that take a value, and those that don't.
const std::vector<std::string>& ValueOptions();
const std::vector<std::string>& FlagOptions();

}  // namespace lscp::client
