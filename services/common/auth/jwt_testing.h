#pragma once

#include <string>
#include <string_view>

#include "common/auth/jwt_mint.h"

// Keys and files for the tests of tokens.
namespace lscp {

// New private keys in PEM.
std::string NewEcKey(const char* group = "P-256");
std::string NewRsaKey(int bits);

// A mint with a new P-256 key.
TokenMint NewMint(const std::string& kid);

// A file in a directory of its own, gone with the object.
class KeyFile {
 public:
  explicit KeyFile(std::string_view content);
  ~KeyFile();
  KeyFile(const KeyFile&) = delete;
  KeyFile& operator=(const KeyFile&) = delete;

  // Replaces the file by another one, as a tool or Kubernetes does it.
  void Replace(std::string_view content);
  void Remove();
  const std::string& path() const { return path_; }

 private:
  std::string directory_;
  std::string path_;
};

}  // namespace lscp
