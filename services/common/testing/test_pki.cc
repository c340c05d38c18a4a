#include "common/testing/test_pki.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace lscp::testing {
namespace {

using safeguarding::config::v1::TlsConfig;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

void Check(bool ok, const char* what) {
  if (ok) return;
  std::cerr << "test certificates: " << what << " failed\n";
  std::abort();
}

Bio Memory() { return {BIO_new(BIO_s_mem()), &BIO_free}; }

Bio Reading(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

std::string Content(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

Key GenerateKey() {
  Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  Check(key != nullptr, "generating a key");
  return key;
}

std::string ToPem(EVP_PKEY* key) {
  const Bio bio = Memory();
  Check(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "writing a key");
  return Content(bio.get());
}

std::string ToPem(X509* certificate) {
  const Bio bio = Memory();
  Check(PEM_write_bio_X509(bio.get(), certificate) == 1, "writing a certificate");
  return Content(bio.get());
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  Check(extension != nullptr, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// A certificate without extensions and signature; self-issued when `issuer` is null.
Certificate Draft(EVP_PKEY* key, const std::string& name, X509* issuer, int serial,
                  absl::Duration valid) {
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  const time_t now = absl::ToTimeT(absl::Now());
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), now - 3600);
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), now + absl::ToInt64Seconds(valid));
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), issuer ? X509_get_subject_name(issuer) : subject);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

void Sign(X509* certificate, EVP_PKEY* key) {
  Check(X509_sign(certificate, key, EVP_sha256()) != 0, "signing");
}

std::string MakeDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "lscp-pki-XXXXXX").string();
  Check(mkdtemp(name.data()) != nullptr, "making a directory");
  return name;
}

}  // namespace

TestPki::TestPki() : directory_(MakeDirectory()) {
  const Key key = GenerateKey();
  const Certificate certificate =
      Draft(key.get(), "Invented authority", nullptr, 1, absl::Hours(24));
  AddExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
  Sign(certificate.get(), key.get());
  key_ = ToPem(key.get());
  certificate_ = ToPem(certificate.get());
  WriteFile("ca.pem", certificate_);
}

TestPki::TestPki(const TestPki* same) : TestPki() {
  if (same == nullptr) return;
  key_ = same->key_;
  certificate_ = same->certificate_;
  WriteFile("ca.pem", certificate_);
}

TestPki::~TestPki() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

TlsConfig TestPki::Agency(std::string_view id) {
  return Issue(absl::StrCat("spiffe://lscp/agency/", std::string(id)));
}

TlsConfig TestPki::Service(std::string_view name) {
  return Issue(absl::StrCat("spiffe://lscp/service/", std::string(name)));
}

TlsConfig TestPki::Gateway(std::string_view name) {
  return Issue(absl::StrCat("spiffe://lscp/gateway/", std::string(name)));
}

TlsConfig TestPki::Issue(std::string_view uri, absl::Duration valid) {
  const Key ca_key(PEM_read_bio_PrivateKey(Reading(key_).get(), nullptr, nullptr, nullptr),
                   &EVP_PKEY_free);
  const Certificate ca(PEM_read_bio_X509(Reading(certificate_).get(), nullptr, nullptr, nullptr),
                       &X509_free);
  const Key key = GenerateKey();
  const int serial = ++issued_ + 1;
  const Certificate certificate =
      Draft(key.get(), absl::StrCat("invented ", serial), ca.get(), serial, valid);
  AddExtension(certificate.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(certificate.get(), ca.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  AddExtension(certificate.get(), ca.get(), NID_subject_alt_name,
               absl::StrCat("DNS:localhost,IP:127.0.0.1",
                            uri.empty() ? "" : absl::StrCat(",URI:", std::string(uri))));
  AddExtension(certificate.get(), ca.get(), NID_authority_key_identifier, "keyid");
  Sign(certificate.get(), ca_key.get());
  TlsConfig config;
  config.set_certificate_file(WriteFile(absl::StrCat(serial, ".pem"), ToPem(certificate.get())));
  config.set_key_file(WriteFile(absl::StrCat(serial, ".key"), ToPem(key.get())));
  config.set_ca_file(directory_ + "/ca.pem");
  return config;
}

std::string TestPki::WriteFile(std::string_view name, std::string_view content) const {
  const std::string path = absl::StrCat(directory_, "/", std::string(name));
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  Check(static_cast<bool>(out), "writing a file");
  return path;
}

std::string TestPki::NewKey() { return ToPem(GenerateKey().get()); }

}  // namespace lscp::testing
