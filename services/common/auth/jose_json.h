#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "google/protobuf/struct.pb.h"

// Small readers for the JSON of tokens and keys. Total on any bytes.
namespace lscp {

// A JSON object; nothing for anything else, also when it is not UTF-8.
std::optional<google::protobuf::Struct> ParseJsonObject(const std::string& json);

// Member of the object; nullptr when it is absent.
const google::protobuf::Value* Member(const google::protobuf::Struct& object,
                                      std::string_view name);

// Text of a member; nullptr when it is absent or no text.
const std::string* TextMember(const google::protobuf::Struct& object, std::string_view name);

}  // namespace lscp
