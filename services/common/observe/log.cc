#include "common/observe/log.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <mutex>

#include "absl/time/clock.h"
#include "common/observe/json.h"

namespace lscp {
namespace {

std::string& ServiceName() {
  static std::string& name = *new std::string;  // outlives every thread that logs
  return name;
}

std::mutex sink_mutex;
std::atomic<bool> sink_set = false;

std::function<void(std::string_view)>& Sink() {
  static auto& sink = *new std::function<void(std::string_view)>;
  return sink;
}

std::string_view SeverityName(LogSeverity severity) {
  switch (severity) {
    case LogSeverity::kInfo:
      return "INFO";
    case LogSeverity::kWarning:
      return "WARNING";
    case LogSeverity::kError:
      return "ERROR";
  }
  return "ERROR";
}

// Cuts between characters.
std::string_view Bounded(std::string_view text) {
  if (text.size() <= kLongestLogText) return text;
  size_t end = kLongestLogText;
  while (end > kLongestLogText - 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

// RFC 3339 with microseconds, UTC. The text of the second is kept per thread: most lines share it.
void AppendTimestamp(std::string& out, absl::Time time) {
  thread_local time_t kept_second = -1;
  thread_local char kept[24] = "";
  const int64_t micros = absl::ToUnixMicros(time);
  const time_t second = static_cast<time_t>(micros / 1'000'000 - (micros % 1'000'000 < 0 ? 1 : 0));
  if (second != kept_second) {
    tm parts = {};
    gmtime_r(&second, &parts);
    strftime(kept, sizeof(kept), "%Y-%m-%dT%H:%M:%S", &parts);
    kept_second = second;
  }
  char fraction[16];
  snprintf(fraction, sizeof(fraction), ".%06dZ", static_cast<int>(micros - second * 1'000'000));
  out += kept;
  out += fraction;
}

// A line that cannot be written is lost: the process must not wait for its log.
void WriteToStderr(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    line.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

void LogValue::AppendJson(std::string& out) const {
  char digits[32];
  const auto append_number = [&](auto number) {
    const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
    out.append(digits, end);
  };
  if (const auto* text = std::get_if<std::string_view>(&value_)) {
    AppendJsonString(out, Bounded(*text));
  } else if (const auto* integer = std::get_if<int64_t>(&value_)) {
    append_number(*integer);
  } else if (const auto* flag = std::get_if<bool>(&value_)) {
    out += *flag ? "true" : "false";
  } else if (const double number = std::get<double>(value_); std::isfinite(number)) {
    append_number(number);
  } else {
    out += "null";  // JSON has no infinities
  }
}

std::string FormatLogLine(LogSeverity severity, absl::Time time, std::string_view service,
                          std::string_view message, std::span<const LogField> fields) {
  std::string line;
  line.reserve(256);
  line += R"({"timestamp":")";
  AppendTimestamp(line, time);
  line += R"(","severity":")";
  line += SeverityName(severity);
  line += R"(","message":)";
  AppendJsonString(line, Bounded(message));
  line += R"(,"service":)";
  AppendJsonString(line, service);
  for (const LogField& field : fields) {
    line += ',';
    AppendJsonString(line, field.key);
    line += ':';
    field.value.AppendJson(line);
  }
  line += "}\n";
  return line;
}

void Log(LogSeverity severity, std::string_view message, std::span<const LogField> fields) {
  const std::string line = FormatLogLine(severity, absl::Now(), ServiceName(), message, fields);
  if (sink_set.load(std::memory_order_acquire)) {
    std::lock_guard lock(sink_mutex);
    if (Sink()) return Sink()(line);
  }
  WriteToStderr(line);
}

void LogInfo(std::string_view message, std::initializer_list<LogField> fields) {
  Log(LogSeverity::kInfo, message, {fields.begin(), fields.size()});
}

void LogWarning(std::string_view message, std::initializer_list<LogField> fields) {
  Log(LogSeverity::kWarning, message, {fields.begin(), fields.size()});
}

void LogError(std::string_view message, std::initializer_list<LogField> fields) {
  Log(LogSeverity::kError, message, {fields.begin(), fields.size()});
}

void SetLogService(std::string_view service) { ServiceName() = service; }

ScopedLogSink::ScopedLogSink(std::function<void(std::string_view)> sink) {
  std::lock_guard lock(sink_mutex);
  Sink() = std::move(sink);
  sink_set.store(true, std::memory_order_release);
}

ScopedLogSink::~ScopedLogSink() {
  std::lock_guard lock(sink_mutex);
  Sink() = nullptr;
  sink_set.store(false, std::memory_order_release);
}

}  // namespace lscp
