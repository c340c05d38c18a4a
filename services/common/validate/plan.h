#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "google/protobuf/descriptor.h"
#include "re2/re2.h"
#include "safeguarding/options/v1/options.pb.h"

namespace lscp {

// Checks of identifiers by name, as the option `format` gives it. A check answers with what is
// wrong with a text, without repeating it, or with nothing. Must be thread-safe.
using FormatCheck = std::function<std::optional<std::string>(std::string_view text)>;
using FormatRegistry = std::map<std::string, FormatCheck, std::less<>>;

struct MessagePlan;

// What is checked of a field. A map is checked by its values (and its keys' UTF-8).
struct FieldPlan {
  enum class Kind { kText, kBytes, kNumber, kEnum, kDate, kTime, kMessage, kOther };

  const google::protobuf::FieldDescriptor* field = nullptr;
  const google::protobuf::FieldDescriptor* value = nullptr;  // the map's value, else `field`
  Kind kind = Kind::kOther;
  safeguarding::options::v1::FieldRule rule;
  std::unique_ptr<const RE2> pattern;    // null: no rule
  const FormatCheck* format = nullptr;   // null: no rule
  std::string resource_text;             // what a resource's name must look like
  const MessagePlan* message = nullptr;  // null: nothing to check inside
};

// What is checked of a message.
struct MessagePlan {
  std::vector<FieldPlan> fields;
  // In an update request, the patch and its mask.
  const google::protobuf::FieldDescriptor* patch = nullptr;
  const google::protobuf::FieldDescriptor* mask = nullptr;
  // Rules that make no sense, for the developer: "a.B.c: unknown format".
  std::string fault;

  bool empty() const { return fields.empty() && fault.empty(); }
};

// Plans by message type, each made once. Thread-safe. Descriptors must outlive the cache.
class PlanCache {
 public:
  explicit PlanCache(FormatRegistry formats) : formats_(std::move(formats)) {}

  // Valid as long as the cache.
  const MessagePlan& For(const google::protobuf::Descriptor& type);

 private:
  using Fresh = std::vector<MessagePlan*>;
  // Both with the lock held for writing.
  MessagePlan& Build(const google::protobuf::Descriptor& type, Fresh& fresh);
  FieldPlan BuildField(const google::protobuf::FieldDescriptor& field, std::string& fault,
                       Fresh& fresh);

  const FormatRegistry formats_;
  std::shared_mutex mutex_;  // guards plans_
  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace lscp
