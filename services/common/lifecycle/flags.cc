#include "common/lifecycle/flags.h"

#include <cstdio>
#include <optional>
#include <string_view>

#include "absl/synchronization/mutex.h"
#include "common/observe/log.h"
#include "common/status/macros.h"
#include "common/time/london.h"
#include "google/protobuf/stubs/logging.h"

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

// Protobuf writes to stderr by itself, in a form of its own, about bytes that a caller sent.
void DropProtobufLog(google::protobuf::LogLevel level, const char*, int, const std::string&) {
  if (level == google::protobuf::LOGLEVEL_FATAL) LogError("protobuf found a fatal fault");
}

absl::Status Run(const Flags& flags, const std::function<absl::Status(const Flags&)>& body) {
  RETURN_IF_ERROR(CheckLondon());
  return body(flags);
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
  // gRPC locks by Abseil, which Debian builds with its search for deadlocks: more than 1 % of
  // a busy service's CPU went into it (perf). ThreadSanitizer is our search.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  google::protobuf::SetLogHandler(&DropProtobufLog);
  const absl::Status status = Run(*flags, body);
  if (status.ok()) return 0;
  LogError("ended", {{"why", std::string(status.message())}});
  return 1;
}

}  // namespace lscp
