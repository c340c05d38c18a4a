#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/status/macros.h"
#include "google/protobuf/message.h"

namespace lscp {

// The file's content. NOT_FOUND or FAILED_PRECONDITION with the file's name and the reason; at most
// 16 MiB are read, and a larger file is refused.
absl::StatusOr<std::string> ReadFile(const std::string& file);

// A secret (a password) from its file, without one newline at the end. Logs a warning when others
// than owner and group may read the file.
absl::StatusOr<std::string> ReadSecretFile(const std::string& file);

// Parses protobuf text format. INVALID_ARGUMENT lists every error as "file:line:column: what"; an
// unknown field is one, so that a typing slip cannot pass.
absl::Status ParseTextProto(const std::string& text, const std::string& file,
                            google::protobuf::Message& message);

// Reads a message in text format from a file. Errors as of the two above.
template <typename Msg>
absl::StatusOr<Msg> LoadTextProto(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  Msg message;
  RETURN_IF_ERROR(ParseTextProto(text, file, message));
  return message;
}

}  // namespace lscp
