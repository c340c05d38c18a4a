#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

namespace lscp {

// Ids that were skipped and may still appear: their transaction has not committed yet, or never
// will. Kept as ranges, so that a jump of the counter costs nothing. Not thread-safe.
class Holes {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Range {
    int64_t last;
    Time noticed;
  };

  // Notes the ids from `first` to `last`, none of which is noted yet.
  void Add(int64_t first, int64_t last, Time noticed) { ranges_[first] = {last, noticed}; }
  // The id has appeared. Nothing happens when it isn't noted.
  void Fill(int64_t id);
  // Gives up what was noticed before `time`.
  void DropNoticedBefore(Time time);

  bool Contains(int64_t id) const;
  // The ranges by their first id, ascending.
  const std::map<int64_t, Range>& ranges() const { return ranges_; }

 private:
  std::map<int64_t, Range> ranges_;
};

}  // namespace lscp
