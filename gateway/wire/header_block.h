#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lscp::gateway::wire {

// Header fields in order, in one piece of memory. What it hands out refers to that memory and is
// good until the block changes.
class HeaderBlock {
 public:
  // A field whose value is another in every call is kept out of the compression's tables.
  enum class Value { kRepeats, kVaries };

  void Add(std::string_view name, std::string_view value, Value kind = Value::kRepeats) {
    entries_.push_back({static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(name.size()),
                        static_cast<uint32_t>(value.size()), kind});
    bytes_.append(name).append(value);
  }

  // The first value of a name; empty when there is none.
  std::string_view Find(std::string_view name) const {
    for (size_t i = 0; i < size(); ++i) {
      if (Name(i) == name) return ValueAt(i);
    }
    return {};
  }

  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  std::string_view Name(size_t i) const {
    return std::string_view(bytes_).substr(entries_[i].at, entries_[i].name);
  }
  std::string_view ValueAt(size_t i) const {
    return std::string_view(bytes_).substr(entries_[i].at + entries_[i].name, entries_[i].value);
  }
  bool Varies(size_t i) const { return entries_[i].kind == Value::kVaries; }

  // Names and values.
  size_t bytes() const { return bytes_.size(); }

  void Clear() {
    bytes_.clear();
    entries_.clear();
  }

 private:
  struct Entry {
    uint32_t at;
    uint32_t name;
    uint32_t value;
    Value kind;
  };
  std::string bytes_;
  std::vector<Entry> entries_;
};

}  // namespace lscp::gateway::wire
