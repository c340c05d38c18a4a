#include "common/validate/redact.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "safeguarding/options/v1/options.pb.h"

namespace lscp {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::TextFormat;

constexpr char kRedacted[] = "[redacted]";

bool IsSensitive(const FieldDescriptor& field) {
  return field.options().GetExtension(safeguarding::options::v1::field).class_() !=
             safeguarding::options::v1::DATA_CLASS_UNSPECIFIED ||
         field.full_name() == "google.protobuf.Any.value";
}

void Append(const Message& message, std::string& out);

void AppendValue(const Message& message, const FieldDescriptor& field, int index,
                 std::string& out) {
  if (!out.empty() && out.back() != ' ') out += ' ';
  out += field.name();
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    std::string value;
    TextFormat::PrintFieldValueToString(message, &field, index, &value);
    absl::StrAppend(&out, ": ", value);
    return;
  }
  const Reflection& reflection = *message.GetReflection();
  out += " { ";
  Append(index < 0 ? reflection.GetMessage(message, &field)
                   : reflection.GetRepeatedMessage(message, &field, index),
         out);
  out += out.back() == ' ' ? "}" : " }";
}

void Append(const Message& message, std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsSensitive(*field)) {
      absl::StrAppend(&out, out.empty() || out.back() == ' ' ? "" : " ", field->name(), ": ",
                      kRedacted);
    } else if (!field->is_repeated()) {
      AppendValue(message, *field, -1, out);
    } else {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        AppendValue(message, *field, i, out);
      }
    }
  }
}

}  // namespace

std::string RedactedDebugString(const Message& message) {
  std::string out;
  Append(message, out);
  return out;
}

}  // namespace lscp
