#include "common/validate/scope.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"

namespace lscp {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::StatusOr<std::string> ScopeOf(const Message& message, const std::string& path) {
  std::vector<std::string> segments = absl::StrSplit(path, '.');
  const std::string last = segments.back();
  segments.pop_back();
  const absl::Status no_such_field = absl::InternalError(
      absl::StrCat("scope ", path, " is no string of ", message.GetDescriptor()->full_name()));

  const Message* at = &message;
  for (const std::string& segment : segments) {
    const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(segment);
    if (field == nullptr || field->is_repeated() || field->message_type() == nullptr) {
      return no_such_field;
    }
    // An unset message gives its default instance, and so an empty value in the end.
    at = &at->GetReflection()->GetMessage(*at, field);
  }
  const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(last);
  if (field == nullptr || field->is_repeated() || field->type() != FieldDescriptor::TYPE_STRING) {
    return no_such_field;
  }
  std::string value = at->GetReflection()->GetString(*at, field);
  if (value.empty()) return InvalidField(path, "is required");
  return value;
}

}  // namespace lscp
