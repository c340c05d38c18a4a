#include "gateway/wire/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace lscp::gateway::wire {
namespace {

using safeguarding::config::v1::TlsConfig;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr unsigned char kHttp2[] = {2, 'h', '2'};
// What gRPC's libraries agree on; TLS 1.3 has only good ones.
constexpr char kCiphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

absl::Status Unusable(const std::string& what) {
  ERR_clear_error();
  return absl::FailedPreconditionError(absl::StrCat("cannot use ", what));
}

absl::StatusOr<std::string> ContentOf(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string content(std::istreambuf_iterator<char>(in), {});
  if (in.bad() || !in.is_open() || content.empty()) {
    return absl::FailedPreconditionError(absl::StrCat("cannot read '", file, "'"));
  }
  return content;
}

Bio Over(const std::string& content) {
  return Bio(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())), &BIO_free);
}

Certificate NextCertificate(BIO* bio) {
  return Certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), &X509_free);
}

bool UseChain(SSL_CTX* context, const std::string& pem) {
  const Bio bio = Over(pem);
  const Certificate own = NextCertificate(bio.get());
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return false;
  while (Certificate next = NextCertificate(bio.get())) {
    if (SSL_CTX_add0_chain_cert(context, next.get()) != 1) return false;
    [[maybe_unused]] X509* const taken = next.release();
  }
  ERR_clear_error();  // the end of the file is one
  return true;
}

bool UseKey(SSL_CTX* context, const std::string& pem) {
  const Bio bio = Over(pem);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  return key && SSL_CTX_use_PrivateKey(context, key.get()) == 1 &&
         SSL_CTX_check_private_key(context) == 1;
}

bool Trust(SSL_CTX* context, const std::string& pem, bool name_to_clients) {
  const Bio bio = Over(pem);
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  int authorities = 0;
  for (; const Certificate next = NextCertificate(bio.get()); ++authorities) {
    if (X509_STORE_add_cert(store, next.get()) != 1) return false;
    if (name_to_clients) SSL_CTX_add_client_CA(context, next.get());
  }
  ERR_clear_error();
  // An authority may be an intermediate one.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  return authorities > 0;
}

int ChooseHttp2(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* size,
                const unsigned char* offered, unsigned int offered_size, void* /*unused*/) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kHttp2, sizeof(kHttp2), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

void SetRules(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kCiphers);
  // A resumed session would outlive the authority that it was checked against.
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

bool IsAddress(const std::string& name) {
  in6_addr address;
  return inet_pton(AF_INET, name.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsFiles>> TlsFiles::Open(const TlsConfig& config, Side side) {
  auto files = std::unique_ptr<TlsFiles>(new TlsFiles(config, side));
  ASSIGN_OR_RETURN(files->in_use_, files->Read());
  ASSIGN_OR_RETURN(SslContext context, files->Make(files->in_use_));
  files->current_ = std::move(context);
  return files;
}

void TlsFiles::Refresh() {
  absl::StatusOr<Contents> contents = Read();
  if (!contents.ok() || *contents == in_use_) return;
  absl::StatusOr<SslContext> context = Make(*contents);
  if (!context.ok()) return;
  in_use_ = *std::move(contents);
  current_ = *std::move(context);
}

absl::StatusOr<TlsFiles::Contents> TlsFiles::Read() const {
  Contents contents;
  ASSIGN_OR_RETURN(contents.certificate, ContentOf(config_.certificate_file()));
  ASSIGN_OR_RETURN(contents.key, ContentOf(config_.key_file()));
  ASSIGN_OR_RETURN(contents.authorities, ContentOf(config_.ca_file()));
  return contents;
}

absl::StatusOr<SslContext> TlsFiles::Make(const Contents& contents) const {
  const bool server = side_ == Side::kServer;
  SslContext context(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()),
                     &SSL_CTX_free);
  if (!context) return Unusable("TLS");
  SetRules(context.get());
  if (!UseChain(context.get(), contents.certificate)) {
    return Unusable("the certificate in " + config_.certificate_file());
  }
  if (!UseKey(context.get(), contents.key)) return Unusable("the key in " + config_.key_file());
  if (!Trust(context.get(), contents.authorities, server)) {
    return Unusable("the authorities in " + config_.ca_file());
  }
  if (server) {
    SSL_CTX_set_alpn_select_cb(context.get(), ChooseHttp2, nullptr);
  } else if (SSL_CTX_set_alpn_protos(context.get(), kHttp2, sizeof(kHttp2)) != 0) {
    return Unusable("ALPN");
  }
  return context;
}

Ssl AcceptTls(const SslContext& context) {
  Ssl ssl(SSL_new(context.get()), &SSL_free);
  if (ssl) SSL_set_accept_state(ssl.get());
  return ssl;
}

Ssl ConnectTls(const SslContext& context, const std::string& name) {
  Ssl ssl(SSL_new(context.get()), &SSL_free);
  if (!ssl) return ssl;
  SSL_set_connect_state(ssl.get());
  X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl.get());
  const bool set = IsAddress(name) ? X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str()) == 1
                                   : X509_VERIFY_PARAM_set1_host(rules, name.data(), name.size()) &&
                                         SSL_set_tlsext_host_name(ssl.get(), name.c_str()) == 1;
  if (!set || name.empty()) ssl.reset();  // without a name anybody's certificate would do
  return ssl;
}

std::string PeerSpiffeId(const SSL& ssl) {
  const Certificate certificate(SSL_get1_peer_certificate(&ssl), &X509_free);
  if (!certificate) return "";
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  std::string id;
  int uris = 0;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* const uri = name->d.uniformResourceIdentifier;
    id.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
              static_cast<size_t>(ASN1_STRING_length(uri)));
    ++uris;
  }
  return uris == 1 && id.starts_with("spiffe://") ? id : "";
}

bool SpeaksHttp2(const SSL& ssl) {
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(&ssl, &chosen, &size);
  return size == 2 && chosen[0] == 'h' && chosen[1] == '2';
}

}  // namespace lscp::gateway::wire
