#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "gateway/client/channel.h"
#include "gateway/client/commands.h"
#include "gateway/client/render.h"

namespace {

using lscp::client::Command;
using lscp::client::Invocation;

constexpr int kWrongUsage = 2;

void PrintUsage(std::ostream& out) {
  out << "usage: lscp COMMAND [options]\n\ncommands\n";
  for (const Command& command : lscp::client::Commands()) {
    std::string words;
    for (const std::string& word : command.words) words += word + " ";
    words += command.arguments;
    words.resize(std::max<size_t>(words.size() + 2, 30), ' ');
    out << "  " << words << command.help << "\n";
  }
  out << "\noptions (or the environment variable in brackets)\n"
         "  --endpoint HOST:PORT          the gateway [LSCP_ENDPOINT]\n"
         "  --cert, --key, --ca FILE      your agency's certificate [LSCP_CERT, LSCP_KEY, "
         "LSCP_CA]\n"
         "  --token TOKEN                 names a person of your agency [LSCP_TOKEN]\n"
         "  --borough ID                  e.g. barnet [LSCP_BOROUGH]\n"
         "  --purpose WORD                lawful basis or purpose, for personal data "
         "[LSCP_PURPOSE]\n"
         "  --service NAME                whose timescales, indicators or audit (referrals)\n"
         "  --tls-server-name NAME        name in the gateway's certificate "
         "[LSCP_TLS_SERVER_NAME]\n"
         "  --timeout SECONDS             deadline of a call (10)\n"
         "  --json                        for machines\n"
         "\nexit codes: 0 done, 2 usage, 3 the request is wrong, 4 not allowed, 5 the record's "
         "state\n"
         "or revision forbids it, 6 try again later, 1 everything else\n";
}

// One line about what is wrong with a command line that is no command.
void PrintMistake(const Invocation& invocation) {
  if (invocation.arguments.empty()) {
    std::cerr << "lscp: which command?";
  } else {
    std::string usage;
    for (const Command& command : lscp::client::Commands()) {
      if (command.words.front() != invocation.arguments.front()) continue;
      usage += "\n  lscp";
      for (const std::string& word : command.words) usage += " " + word;
      if (*command.arguments != 0) usage += std::string(" ") + command.arguments;
    }
    std::cerr << "lscp: "
              << (usage.empty() ? "there is no command '" + invocation.arguments.front() + "'"
                                : "usage:" + usage);
  }
  std::cerr << "\nAll commands: lscp client help\n";
}

// Takes the command line apart; nothing when it can't be.
std::optional<Invocation> Parse(int argc, char** argv) {
  Invocation invocation;
  const auto contains = [](const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "-h" || word == "--help") {
      invocation.arguments = {"help"};
      return invocation;
    }
    if (contains(lscp::client::FlagOptions(), word)) {
      invocation.options[word] = "";
    } else if (contains(lscp::client::ValueOptions(), word) && i + 1 < argc) {
      invocation.options[word] = argv[++i];
    } else if (word.starts_with("--")) {
      std::cerr << "unknown option, or one without its value: " << word << "\n";
      return std::nullopt;
    } else {
      invocation.arguments.push_back(word);
    }
  }
  return invocation;
}

const Command* FindCommand(Invocation& invocation) {
  auto& words = invocation.arguments;
  for (const Command& command : lscp::client::Commands()) {
    const size_t count = command.words.size();
    if (words.size() != count + command.argument_count) continue;
    if (!std::equal(command.words.begin(), command.words.end(), words.begin())) continue;
    words.erase(words.begin(), words.begin() + static_cast<long>(count));
    return &command;
  }
  return nullptr;
}

lscp::client::Target TargetOf(const Invocation& invocation) {
  lscp::client::Target target;
  target.endpoint = invocation.Get("--endpoint", "LSCP_ENDPOINT");
  target.certificate_file = invocation.Get("--cert", "LSCP_CERT");
  target.key_file = invocation.Get("--key", "LSCP_KEY");
  target.ca_file = invocation.Get("--ca", "LSCP_CA");
  target.tls_server_name = invocation.Get("--tls-server-name", "LSCP_TLS_SERVER_NAME");
  target.token = invocation.Get("--token", "LSCP_TOKEN");
  target.purpose = invocation.Get("--purpose", "LSCP_PURPOSE");
  if (invocation.Has("--timeout")) {
    target.timeout = absl::Seconds(std::atof(invocation.Get("--timeout").c_str()));
  }
  return target;
}

absl::Status Run(const Command& command, Invocation& invocation) {
  auto channel = lscp::client::Channel::Open(TargetOf(invocation));
  if (!channel.ok()) return channel.status();
  invocation.channel = channel->get();
  invocation.out = &std::cout;
  return command.run(invocation);
}

}  // namespace

int main(int argc, char** argv) {
  auto invocation = Parse(argc, argv);
  if (!invocation) return kWrongUsage;
  const Command* command = FindCommand(*invocation);
  if (command == nullptr) {
    if (invocation->arguments == std::vector<std::string>{"help"}) return PrintUsage(std::cout), 0;
    PrintMistake(*invocation);
    return kWrongUsage;
  }
  const absl::Status status = Run(*command, *invocation);
  if (!status.ok()) lscp::client::PrintError(status, std::cerr);
  if (status.code() == absl::StatusCode::kUnavailable) {
    std::cerr << "  endpoint: " << invocation->Get("--endpoint", "LSCP_ENDPOINT") << "\n";
  }
  return lscp::client::ExitCode(status);
}
