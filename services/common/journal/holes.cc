#include "common/journal/holes.h"

namespace lscp {

void Holes::Fill(int64_t id) {
  auto it = ranges_.upper_bound(id);
  if (it == ranges_.begin()) return;
  --it;
  const int64_t first = it->first;
  const Range range = it->second;
  if (id > range.last) return;
  ranges_.erase(it);
  if (first < id) ranges_[first] = {id - 1, range.noticed};
  if (id < range.last) ranges_[id + 1] = range;
}

void Holes::DropNoticedBefore(Time time) {
  std::erase_if(ranges_, [time](const auto& entry) { return entry.second.noticed < time; });
}

bool Holes::Contains(int64_t id) const {
  auto it = ranges_.upper_bound(id);
  return it != ranges_.begin() && id <= (--it)->second.last;
}

}  // namespace lscp
