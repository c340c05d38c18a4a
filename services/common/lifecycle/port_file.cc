#include "common/lifecycle/port_file.h"

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace lscp {

absl::Status WritePortFile(const std::string& file, int port) {
  if (file.empty()) return absl::OkStatus();
  const std::string aside = file + ".new";
  std::ofstream out(aside, std::ios::trunc);
  out << port << "\n";
  out.close();
  if (!out || std::rename(aside.c_str(), file.c_str()) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("cannot write port file '", file, "'"));
  }
  return absl::OkStatus();
}

}  // namespace lscp
