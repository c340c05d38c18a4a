#include "common/time/london.h"

#include <cstdio>
#include <cstdlib>
#include <optional>

namespace lscp {
namespace {

// Nothing unless the zone is there and has summer time: an empty or cut file would load as UTC.
const std::optional<absl::TimeZone>& Loaded() {
  static const auto* const zone = []() -> std::optional<absl::TimeZone>* {
    absl::TimeZone loaded;
    const bool usable = absl::LoadTimeZone("Europe/London", &loaded) &&
                        loaded.At(absl::FromUnixSeconds(1'719'792'000)).offset == 3600;  // 2024-07
    return usable ? new std::optional<absl::TimeZone>(loaded) : new std::optional<absl::TimeZone>();
  }();
  return *zone;
}

}  // namespace

absl::Status CheckLondon() {
  if (Loaded()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "no time zone data for Europe/London; install the package tzdata");
}

const absl::TimeZone& London() {
  if (!Loaded()) {
    std::fprintf(stderr, "%s\n", std::string(CheckLondon().message()).c_str());
    std::abort();
  }
  return *Loaded();
}

absl::CivilDay LondonDay(absl::Time instant) { return absl::ToCivilDay(instant, London()); }

absl::Time StartOfDay(absl::CivilDay day) { return absl::FromCivil(day, London()); }

absl::Time EndOfDay(absl::CivilDay day) { return StartOfDay(day + 1); }

}  // namespace lscp
