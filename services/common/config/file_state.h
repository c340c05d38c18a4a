#pragma once

#include <sys/stat.h>

#include <string>

namespace lscp {

// Tells when a file was written or replaced. For one thread at a time.
class FileState {
 public:
  // Whoever reads the file after this misses no change: at worst it is told of one it has seen.
  explicit FileState(std::string file);

  const std::string& file() const { return file_; }

  // True when the file is another than at the last look; that it is gone counts as well.
  bool Changed();

 private:
  const std::string file_;
  struct stat seen_;  // all zero while the file is missing
};

}  // namespace lscp
