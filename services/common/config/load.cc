#include "common/config/load.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/observe/log.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"

namespace lscp {
namespace {

constexpr size_t kLargestFile = 16 << 20;

class ErrorList : public google::protobuf::io::ErrorCollector {
 public:
  explicit ErrorList(const std::string& file) : file_(file) {}

  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    absl::StrAppend(&text_, text_.empty() ? "" : "\n", file_, ":", line + 1, ":", column + 1, ": ",
                    message);
  }

  const std::string& text() const { return text_; }

 private:
  const std::string& file_;
  std::string text_;
};

// A file open for reading, closed in the end.
class OpenFile {
 public:
  explicit OpenFile(const std::string& file) : fd_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

absl::Status CannotRead(const std::string& file, int error) {
  const std::string text = absl::StrCat("cannot read ", file, ": ", std::strerror(error));
  return error == ENOENT ? absl::NotFoundError(text) : absl::FailedPreconditionError(text);
}

absl::StatusOr<std::string> ReadAll(const std::string& file, int fd) {
  std::string text;
  char buffer[16384];
  while (true) {
    const ssize_t got = read(fd, buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead(file, errno);
    if (got == 0) return text;
    text.append(buffer, static_cast<size_t>(got));
    if (text.size() > kLargestFile) return CannotRead(file, EFBIG);
  }
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& file) {
  const OpenFile open_file(file);
  if (open_file.fd() < 0) return CannotRead(file, errno);
  return ReadAll(file, open_file.fd());
}

absl::StatusOr<std::string> ReadSecretFile(const std::string& file) {
  const OpenFile open_file(file);
  struct stat about = {};
  if (open_file.fd() < 0 || fstat(open_file.fd(), &about) != 0) return CannotRead(file, errno);
  if ((about.st_mode & S_IROTH) != 0) {
    LogWarning("secret file is readable by everybody", {{"file", file}});
  }
  ASSIGN_OR_RETURN(std::string secret, ReadAll(file, open_file.fd()));
  if (secret.ends_with('\n')) secret.pop_back();
  return secret;
}

absl::Status ParseTextProto(const std::string& text, const std::string& file,
                            google::protobuf::Message& message) {
  ErrorList errors(file);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  if (parser.ParseFromString(text, &message)) return absl::OkStatus();
  return absl::InvalidArgumentError(errors.text());
}

}  // namespace lscp
