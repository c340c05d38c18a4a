#pragma once

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "common/journal/transaction.h"
#include "common/status/macros.h"

namespace lscp {

// Changes the record that a request names, as it was read, by a rule, and stores it; `event_of`
// says what other services are told of it. Result: the record as stored. Errors: the store's; the
// rule's, after which nothing is stored.
template <typename Store, typename Request, typename Rule, typename EventOf>
auto ChangeRecord(const Store& store, Transaction& tx, const Request& request, const Rule& rule,
                  const EventOf& event_of) -> decltype(store.Read(tx, "")) {
  ASSIGN_OR_RETURN(auto record, store.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(rule(record));
  RETURN_IF_ERROR(store.Update(tx, record, event_of(record)));
  return record;
}

// The same for a change that other services are not told.
template <typename Store, typename Request, typename Rule>
auto ChangeRecord(const Store& store, Transaction& tx, const Request& request, const Rule& rule) {
  return ChangeRecord(store, tx, request, rule, [](const auto&) { return std::nullopt; });
}

}  // namespace lscp
