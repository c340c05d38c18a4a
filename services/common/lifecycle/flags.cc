#include "common/lifecycle/flags.h"

#include <cstdio>
#include <optional>
#include <string_view>

#include "common/observe/log.h"

namespace lscp {
namespace {

std::optional<Flags> Parse(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--config" && i + 1 < argc) {
      flags.config_file = argv[++i];
    } else if (flag == "--migrate") {
      flags.migrate = true;
    } else {
      return std::nullopt;
    }
  }
  if (flags.config_file.empty()) return std::nullopt;
  return flags;
}

}  // namespace

int RunMain(int argc, char** argv, const char* name,
            const std::function<absl::Status(const Flags&)>& body) {
  const std::optional<Flags> flags = Parse(argc, argv);
  if (!flags) {
    std::fprintf(stderr, "usage: %s --config FILE [--migrate]\n", argv[0]);
    return 2;
  }
  SetLogService(name);
  const absl::Status status = body(*flags);
  if (status.ok()) return 0;
  LogError("ended", {{"why", std::string(status.message())}});
  return 1;
}

}  // namespace lscp
