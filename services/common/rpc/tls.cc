#include "common/rpc/tls.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"

namespace lscp::rpc {
namespace {

using grpc::experimental::FileWatcherCertificateProvider;
using safeguarding::config::v1::TlsConfig;

constexpr int kRefreshSeconds = 1;

// gRPC itself only logs a missing file, and then fails every handshake.
absl::Status CheckReadable(const TlsConfig& config) {
  for (const std::string& file : {config.certificate_file(), config.key_file(), config.ca_file()}) {
    if (access(file.c_str(), R_OK) != 0) {
      return absl::FailedPreconditionError(absl::StrCat("cannot read '", file, "'"));
    }
  }
  return absl::OkStatus();
}

std::shared_ptr<FileWatcherCertificateProvider> Watch(const TlsConfig& config) {
  return std::make_shared<FileWatcherCertificateProvider>(
      config.key_file(), config.certificate_file(), config.ca_file(), kRefreshSeconds);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTls(const TlsConfig& config) {
  RETURN_IF_ERROR(CheckReadable(config));
  grpc::experimental::TlsServerCredentialsOptions options(Watch(config));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientTls(const TlsConfig& config) {
  RETURN_IF_ERROR(CheckReadable(config));
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watch(config));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  return grpc::experimental::TlsCredentials(options);
}

absl::StatusOr<absl::Time> CertificateExpiry(const std::string& certificate_file) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(certificate_file.c_str(), "r"),
                                                       &BIO_free);
  if (!file) {
    return absl::FailedPreconditionError(absl::StrCat("cannot read '", certificate_file, "'"));
  }
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr), &X509_free);
  tm end{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("no certificate in '", certificate_file, "'"));
  }
  return absl::FromTM(end, absl::UTCTimeZone());
}

}  // namespace lscp::rpc
