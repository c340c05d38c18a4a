#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/config/check.h"
#include "google/protobuf/repeated_field.h"

namespace lscp {

// What is wrong with settings, each with the place where it stands.
class Faults {
 public:
  void Add(const std::string& where, const std::string& what) {
    faults_.push_back(absl::StrCat(where, ": ", what));
  }
  // Adds the fault unless `ok`.
  void Need(bool ok, const std::string& where, const std::string& what) {
    if (!ok) Add(where, what);
  }
  // INVALID_ARGUMENT listing all of them; OK when there are none.
  absl::Status ToStatus(const std::string& service) const {
    if (faults_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("settings of the ", service, " service: ", absl::StrJoin(faults_, "; ")));
  }

 private:
  std::vector<std::string> faults_;
};

// What each borough may choose of a service: messages with the field `id`. Immutable and
// thread-safe.
template <typename Entry>
class ByBorough {
 public:
  // Looks for what contradicts itself in an entry, which stands at `where`.
  using Check = std::function<void(const Entry&, const std::string& where, Faults&)>;
  // Sets the documented defaults, where an entry says 0 or nothing.
  using Complete = std::function<void(Entry&)>;

  // INVALID_ARGUMENT listing everything that is wrong: what `check` finds, or a borough of `served`
  // that has no entry.
  static absl::StatusOr<ByBorough> Create(const std::string& service,
                                          google::protobuf::RepeatedPtrField<Entry> entries,
                                          const std::vector<std::string>& served,
                                          const Check& check, const Complete& complete) {
    ByBorough all;
    Faults faults;
    complete(all.defaults_);
    for (Entry& entry : entries) {
      const std::string id = entry.id();
      const std::string where = absl::StrCat("borough \"", id, "\"");
      faults.Need(IsConfigId(id), where, "id must be of a-z, 0-9 and -");
      check(entry, where, faults);
      complete(entry);
      faults.Need(all.entries_.emplace(id, std::move(entry)).second, where, "occurs twice");
    }
    for (const std::string& id : served) {
      faults.Need(all.entries_.contains(id), absl::StrCat("borough \"", id, "\""),
                  "is served and has no entry");
    }
    if (absl::Status status = faults.ToStatus(service); !status.ok()) return status;
    return all;
  }

  // A borough's entry; one that is not served has nothing but defaults.
  const Entry& Of(std::string_view borough) const {
    const auto found = entries_.find(borough);
    return found == entries_.end() ? defaults_ : found->second;
  }

 private:
  std::map<std::string, Entry, std::less<>> entries_;
  Entry defaults_;
};

}  // namespace lscp
