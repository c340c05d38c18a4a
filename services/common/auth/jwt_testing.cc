#include "common/auth/jwt_testing.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <filesystem>
#include <fstream>

namespace lscp {
namespace {

std::string ToPem(EVP_PKEY* key) {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(memory);
  EVP_PKEY_free(key);
  return pem;
}

}  // namespace

std::string NewEcKey(const char* group) { return ToPem(EVP_EC_gen(group)); }

std::string NewRsaKey(int bits) { return ToPem(EVP_RSA_gen(static_cast<unsigned>(bits))); }

TokenMint NewMint(const std::string& kid) { return TokenMint::FromPem(NewEcKey(), kid).value(); }

KeyFile::KeyFile(std::string_view content) : directory_(testing::TempDir() + "lscp_keys_XXXXXX") {
  EXPECT_NE(mkdtemp(directory_.data()), nullptr);
  path_ = directory_ + "/jwks.json";
  Replace(content);
}

KeyFile::~KeyFile() { std::filesystem::remove_all(directory_); }

void KeyFile::Replace(std::string_view content) {
  std::ofstream(path_ + ".new") << content;
  std::filesystem::rename(path_ + ".new", path_);
}

void KeyFile::Remove() { std::filesystem::remove(path_); }

}  // namespace lscp
