#include "common/journal/chain.h"

#include <openssl/sha.h>

namespace lscp {
namespace {

void Append(std::string& out, const std::optional<std::string>& field) {
  if (!field) {
    out += "-";
    return;
  }
  out += std::to_string(field->size());
  out += ":";
  out += *field;
}

std::string Sha256(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace

const Account kJournalAccount = {
    "journal",
    "journal",
    "journal_seal",
    "t.id, t.at, t.borough, t.agency, t.person, t.purpose, t.method, t.trace_id, t.request_id, "
    "t.request_digest, t.resource, t.revision, t.content_digest, t.event_type, t.event_subject",
    15,
};

const Account kDisclosuresAccount = {
    "disclosures",
    "disclosures",
    "disclosure_seal",
    "t.id, t.at, t.event_id, t.borough, t.agency, t.person, t.purpose, t.method, t.trace_id, "
    "t.resource",
    10,
};

std::string ContentDigest(const std::optional<std::string>& payload,
                          const std::optional<std::string>& event,
                          const std::optional<std::string>& reply) {
  std::string bytes;
  Append(bytes, payload);
  Append(bytes, event);
  Append(bytes, reply);
  return Sha256(bytes);
}

std::string ChainStart() { return std::string(SHA256_DIGEST_LENGTH, '\0'); }

std::string ChainHash(std::string_view previous, const Account& account, const db::Row& row,
                      size_t first) {
  std::string bytes(previous);
  for (size_t i = first; i < first + account.column_count; ++i) {
    Append(bytes, row.Has(i) ? std::optional(row.Text(i)) : std::nullopt);
  }
  return Sha256(bytes);
}

}  // namespace lscp
