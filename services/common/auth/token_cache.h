#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace lscp {

// Remembers a bounded number of values by the SHA-256 of what they came from; the one that was used
// longest ago goes first. Thread-safe.
template <typename Value>
class TokenCache {
 public:
  using Digest = std::array<uint8_t, 32>;

  explicit TokenCache(size_t capacity) : capacity_(capacity) {}

  // nullptr when unknown.
  std::shared_ptr<const Value> Find(const Digest& digest) {
    std::lock_guard lock(mutex_);
    const auto found = index_.find(digest);
    if (found == index_.end()) return nullptr;
    used_.splice(used_.begin(), used_, found->second);
    return found->second->second;
  }

  void Put(const Digest& digest, Value value) {
    auto kept = std::make_shared<const Value>(std::move(value));
    std::lock_guard lock(mutex_);
    if (const auto found = index_.find(digest); found != index_.end()) {
      found->second->second = std::move(kept);
      used_.splice(used_.begin(), used_, found->second);
      return;
    }
    if (index_.size() >= capacity_) {
      index_.erase(used_.back().first);
      used_.pop_back();
    }
    used_.emplace_front(digest, std::move(kept));
    index_[digest] = used_.begin();
  }

  void Forget(const Digest& digest) {
    std::lock_guard lock(mutex_);
    const auto found = index_.find(digest);
    if (found == index_.end()) return;
    used_.erase(found->second);
    index_.erase(found);
  }

  size_t size() const {
    std::lock_guard lock(mutex_);
    return index_.size();
  }

 private:
  // Part of a cryptographic hash is a good hash already.
  struct FirstBytes {
    size_t operator()(const Digest& digest) const {
      size_t value = 0;
      std::memcpy(&value, digest.data(), sizeof(value));
      return value;
    }
  };
  using Entry = std::pair<Digest, std::shared_ptr<const Value>>;

  const size_t capacity_;
  mutable std::mutex mutex_;  // guards what follows
  std::list<Entry> used_;     // most recently first
  std::unordered_map<Digest, typename std::list<Entry>::iterator, FirstBytes> index_;
};

}  // namespace lscp
