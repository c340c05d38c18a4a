#include "common/auth/jose_json.h"

#include "common/observe/json.h"
#include "google/protobuf/util/json_util.h"

namespace lscp {

using google::protobuf::Struct;
using google::protobuf::Value;

std::optional<Struct> ParseJsonObject(const std::string& json) {
  // Checked first: protobuf would write a complaint to stderr.
  if (!IsUtf8(json)) return std::nullopt;
  Struct object;
  if (!google::protobuf::util::JsonStringToMessage(json, &object).ok()) return std::nullopt;
  return object;
}

const Value* Member(const Struct& object, std::string_view name) {
  const auto found = object.fields().find(std::string(name));
  return found == object.fields().end() ? nullptr : &found->second;
}

const std::string* TextMember(const Struct& object, std::string_view name) {
  const Value* value = Member(object, name);
  return value != nullptr && value->kind_case() == Value::kStringValue ? &value->string_value()
                                                                       : nullptr;
}

}  // namespace lscp
