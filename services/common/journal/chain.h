#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/db/value.h"

// The hash chains over the journal and the disclosures. Whoever verifies them with other means
// needs no more than this file: hash = SHA-256(hash of the row before || the row's columns), where
// a column is its text as the database prints it, written as length in bytes, ":" and the bytes,
// and NULL is
// "-". The first row follows 32 zero bytes.
namespace lscp {

// An append-only account: its table, the table of its order, and what the chain covers.
struct Account {
  const char* name;     // key in sequencer_settled
  const char* table;    // to be read under the alias t
  const char* seal;     // table of (pos, id, hash)
  const char* columns;  // what the chain covers, in this order; the first is t.id, the second t.at
  size_t column_count;
};

extern const Account kJournalAccount;
extern const Account kDisclosuresAccount;

// What stands in the chain for the part of a journal row that may be erased when its retention
// ends: SHA-256 of payload, event and reply, each written as in the chain. 32 bytes.
std::string ContentDigest(const std::optional<std::string>& payload,
                          const std::optional<std::string>& event,
                          const std::optional<std::string>& reply);

// The hash before the first.
std::string ChainStart();

// Hash of a row that follows one with hash `previous`; the account's columns begin at `first`.
std::string ChainHash(std::string_view previous, const Account& account, const db::Row& row,
                      size_t first);

}  // namespace lscp
