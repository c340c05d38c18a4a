#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "absl/time/time.h"

// The log: one JSON object a line on stderr, with the keys timestamp, severity, message and service
// and then the fields given. No personal data goes into it: fields are ids, counts, codes and
// times.
//
//   LogInfo("schema migrated", {{"from", 3}, {"to", 4}});
//
// Thread-safe; a line is one write(2), without a lock or a buffer between.
namespace lscp {

enum class LogSeverity { kInfo, kWarning, kError };

// A value to log. Refers to the string it is made from, so it lives no longer than the call.
class LogValue {
 public:
  // NOLINTBEGIN(google-explicit-constructor): values are written as they are.
  LogValue(bool value) : value_(value) {}
  LogValue(double value) : value_(value) {}
  LogValue(std::string_view value) : value_(value) {}
  LogValue(const std::string& value) : value_(std::string_view(value)) {}
  LogValue(const char* value) : value_(std::string_view(value)) {}
  template <std::integral T>
  requires(!std::is_same_v<T, bool>) LogValue(T value) : value_(static_cast<int64_t>(value)) {}
  // NOLINTEND(google-explicit-constructor)

  void AppendJson(std::string& out) const;

 private:
  std::variant<std::string_view, int64_t, double, bool> value_;
};

struct LogField {
  std::string_view key;
  LogValue value;
};

// Texts longer than this many bytes are cut, so that no line grows without bound.
inline constexpr size_t kLongestLogText = 4096;

void Log(LogSeverity severity, std::string_view message, std::span<const LogField> fields);
void LogInfo(std::string_view message, std::initializer_list<LogField> fields = {});
void LogWarning(std::string_view message, std::initializer_list<LogField> fields = {});
void LogError(std::string_view message, std::initializer_list<LogField> fields = {});

// Sets what stands in `service`. Called once, before other threads log.
void SetLogService(std::string_view service);

// The line, newline included, as it would be written at `time`.
std::string FormatLogLine(LogSeverity severity, absl::Time time, std::string_view service,
                          std::string_view message, std::span<const LogField> fields);

// Sends lines elsewhere than to stderr for as long as it lives (tests). One at a time; `sink` is
// called under a lock and must not log.
class ScopedLogSink {
 public:
  explicit ScopedLogSink(std::function<void(std::string_view line)> sink);
  ~ScopedLogSink();
  ScopedLogSink(const ScopedLogSink&) = delete;
  ScopedLogSink& operator=(const ScopedLogSink&) = delete;
};

}  // namespace lscp
