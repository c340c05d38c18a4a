#include "gateway/client/render.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"

namespace lscp::client {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kNothing[] = "-";

// "STATE_IN_PROGRESS" of enum State is "in progress".
std::string HumanEnum(const EnumValueDescriptor& value) {
  if (value.number() == 0) return kNothing;
  std::string name = value.name();
  // The zero value is named PREFIX_UNSPECIFIED, which gives the prefix of all the others away.
  const EnumValueDescriptor* zero = value.type()->FindValueByNumber(0);
  const std::string suffix = "UNSPECIFIED";
  if (zero && zero->name().ends_with(suffix)) {
    const std::string prefix = zero->name().substr(0, zero->name().size() - suffix.size());
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
  }
  for (char& c : name) c = c == '_' ? ' ' : static_cast<char>(std::tolower(c));
  return name;
}

std::string HumanMessage(const Message& message) {
  google::protobuf::Timestamp timestamp;
  google::type::Date date;
  if (message.GetDescriptor() == timestamp.GetDescriptor()) {
    timestamp.CopyFrom(message);
    const auto time = ProtoToTime(timestamp);
    return time ? absl::FormatTime("%Y-%m-%d %H:%M", *time, London()) : kNothing;
  }
  if (message.GetDescriptor() == date.GetDescriptor()) {
    date.CopyFrom(message);
    const auto day = ProtoToDate(date);
    return day ? absl::FormatCivilTime(*day) : kNothing;
  }
  return message.ShortDebugString();
}

std::string HumanField(const Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  if (field.is_repeated()) return absl::StrCat(reflection->FieldSize(message, &field));
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return HumanEnum(*reflection->GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return reflection->HasField(message, &field)
                 ? HumanMessage(reflection->GetMessage(message, &field))
                 : kNothing;
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = reflection->GetString(message, &field);
      return text.empty() ? kNothing : text;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(message, &field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection->GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection->GetInt64(message, &field));
    default:
      return kNothing;
  }
}

template <typename Detail>
bool Unpack(const google::protobuf::Any& any, Detail& detail) {
  return any.Is<Detail>() && any.UnpackTo(&detail);
}

void PrintDetail(const google::protobuf::Any& any, std::ostream& err) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::PreconditionFailure failure;
  google::rpc::RetryInfo retry;
  if (Unpack(any, info)) {
    err << "  reason: " << info.reason() << "\n";
    for (const auto& [key, value] : info.metadata()) err << "  " << key << ": " << value << "\n";
  } else if (Unpack(any, bad_request)) {
    for (const auto& violation : bad_request.field_violations()) {
      err << "  " << violation.field() << ": " << violation.description() << "\n";
    }
  } else if (Unpack(any, failure)) {
    for (const auto& violation : failure.violations()) {
      err << "  " << violation.type() << " of " << violation.subject() << ": "
          << violation.description() << "\n";
    }
  } else if (Unpack(any, retry)) {
    err << absl::StreamFormat("  try again in %.1f s\n",
                              retry.retry_delay().seconds() + retry.retry_delay().nanos() / 1e9);
  }
}

}  // namespace

std::string HumanValue(const Message& message, const std::string& path) {
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  const Message* current = &message;
  for (size_t i = 0; i < names.size(); ++i) {
    const FieldDescriptor* field = current->GetDescriptor()->FindFieldByName(names[i]);
    if (field == nullptr) return kNothing;
    if (i + 1 == names.size()) return HumanField(*current, *field);
    if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) break;
    current = &current->GetReflection()->GetMessage(*current, field);
  }
  return kNothing;
}

void PrintTable(const Message& reply, const std::string& list_field,
                const std::vector<ColumnSpec>& columns, std::ostream& out) {
  const FieldDescriptor* list = reply.GetDescriptor()->FindFieldByName(list_field);
  std::vector<std::vector<std::string>> rows(1);
  for (const ColumnSpec& column : columns) rows[0].push_back(column.heading);
  for (int i = 0; i < reply.GetReflection()->FieldSize(reply, list); ++i) {
    const Message& row = reply.GetReflection()->GetRepeatedMessage(reply, list, i);
    rows.emplace_back();
    for (const ColumnSpec& column : columns) rows.back().push_back(HumanValue(row, column.path));
  }
  PrintRows(rows, out);
}

void PrintRows(const std::vector<std::vector<std::string>>& rows, std::ostream& out) {
  std::vector<size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&line, row[i], std::string(widths[i] - row[i].size() + 2, ' '));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << "\n";
  }
}

void PrintRecord(const Message& message, const std::vector<ColumnSpec>& fields, std::ostream& out) {
  size_t width = 0;
  for (const ColumnSpec& field : fields) {
    width = std::max(width, std::string(field.heading).size());
  }
  for (const ColumnSpec& field : fields) {
    const std::string heading = field.heading;
    out << heading << std::string(width - heading.size() + 2, ' ')
        << HumanValue(message, field.path) << "\n";
  }
}

absl::Status PrintJson(const Message& message, std::ostream& out) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) return absl::InternalError("the reply cannot be shown as JSON");
  out << json;
  return absl::OkStatus();
}

void PrintError(const absl::Status& status, std::ostream& err) {
  const google::rpc::Status wire = ToRpcStatus(status, "client");
  // The message of wrong fields lists them in one line; below each has a line of its own.
  const bool listed = std::any_of(wire.details().begin(), wire.details().end(), [](const auto& d) {
    return d.template Is<google::rpc::BadRequest>();
  });
  err << absl::StatusCodeToString(status.code())
      << (listed ? "" : ": " + std::string(status.message())) << "\n";
  for (const auto& detail : wire.details()) PrintDetail(detail, err);
}

int ExitCode(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 0;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return 3;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return 4;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
      return 5;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
      return 6;
    default:
      return 1;
  }
}

}  // namespace lscp::client
