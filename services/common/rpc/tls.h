#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "safeguarding/config/v1/config.pb.h"

namespace lscp::rpc {

// Credentials of mutual TLS whose files are re-read every second, so that a renewed certificate is
// used by the next handshake without a restart. FAILED_PRECONDITION when a file cannot be read now.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTls(
    const safeguarding::config::v1::TlsConfig& config);
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientTls(
    const safeguarding::config::v1::TlsConfig& config);

// When the certificate in a PEM file ends. Errors: FAILED_PRECONDITION.
absl::StatusOr<absl::Time> CertificateExpiry(const std::string& certificate_file);

}  // namespace lscp::rpc
