#include "common/validate/path.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "safeguarding/options/v1/options.pb.h"

namespace lscp {
namespace {

using google::protobuf::FieldDescriptor;

constexpr size_t kLongestKey = 40;

bool LooksLikeACode(const std::string& key) {
  return key.size() <= kLongestKey && std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
         });
}

std::string RenderKey(const Path& path) {
  const FieldDescriptor* key = path.field->message_type()->map_key();
  if (path.field->options().GetExtension(safeguarding::options::v1::field).class_() !=
      safeguarding::options::v1::DATA_CLASS_UNSPECIFIED) {
    return "?";
  }
  std::string text;
  if (key->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    google::protobuf::TextFormat::PrintFieldValueToString(*path.entry, key, -1, &text);
    return text;
  }
  text = path.entry->GetReflection()->GetString(*path.entry, key);
  return LooksLikeACode(text) ? absl::StrCat("\"", text, "\"") : "?";
}

}  // namespace

std::string Render(const Path* path) {
  if (path == nullptr) return "";
  std::string text = Render(path->up);
  absl::StrAppend(&text, text.empty() ? "" : ".", path->field->name());
  if (path->entry != nullptr) {
    absl::StrAppend(&text, "[", RenderKey(*path), "]");
  } else if (path->index >= 0) {
    absl::StrAppend(&text, "[", path->index, "]");
  }
  return text;
}

}  // namespace lscp
