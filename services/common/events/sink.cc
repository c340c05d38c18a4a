#include "common/events/sink.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/journal/insert_text.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

using safeguarding::events::v1::DeliverRequest;
using safeguarding::events::v1::DeliverResponse;
using Events = std::vector<const DeliveredEvent*>;

constexpr size_t kMostRows = InsertText::kMostRows;

// "SELECT … IN (?,?…)" for as many ids, or a few more: connections keep their statements by text.
std::string SelectKnown(size_t ids) {
  std::string text = "SELECT event_id FROM event_inbox WHERE event_id IN (?";
  for (size_t i = 1; i < ids; ++i) text += ",?";
  return text + ")";
}

// Which of the ids [begin, end) the inbox holds.
absl::Status AddKnown(Transaction& transaction, const Events& events, size_t begin, size_t end,
                      std::set<std::string>& known) {
  const size_t placeholders = end - begin == 1 ? 1 : end - begin <= 8 ? 8 : kMostRows;
  db::Args ids;
  for (size_t i = begin; i < end; ++i) ids.emplace_back(events[i]->id());
  ids.resize(placeholders, ids.back());
  ASSIGN_OR_RETURN(const db::Rows rows, transaction.db().Query(SelectKnown(placeholders), ids));
  for (const db::Row& row : rows) known.insert(row.Text(0));
  return absl::OkStatus();
}

absl::StatusOr<std::set<std::string>> KnownIds(Transaction& transaction, const Events& events) {
  std::set<std::string> known;
  for (size_t begin = 0; begin < events.size(); begin += kMostRows) {
    const size_t end = std::min(events.size(), begin + kMostRows);
    RETURN_IF_ERROR(AddKnown(transaction, events, begin, end, known));
  }
  return known;
}

// Before anything is done about the events: whoever delivers the same ones at the same time waits
// here until this transaction ends.
absl::Status Remember(Transaction& transaction, const Events& events) {
  static const InsertText kInsert("INSERT INTO event_inbox (event_id, received_at) VALUES ", 2);
  for (size_t begin = 0; begin < events.size(); begin += kMostRows) {
    const size_t end = std::min(events.size(), begin + kMostRows);
    db::Args args;
    for (size_t i = begin; i < end; ++i) {
      args.insert(args.end(), {events[i]->id(), transaction.now()});
    }
    const auto inserted = transaction.db().Execute(kInsert.For(end - begin), args);
    // Somebody delivered them since we looked; the next run sees them.
    if (absl::IsAlreadyExists(inserted.status())) {
      return absl::AbortedError("an event was delivered twice at the same time");
    }
    RETURN_IF_ERROR(inserted.status());
  }
  return absl::OkStatus();
}

JournalEntry EntryOf(const DeliveredEvent& event, const std::string& borough) {
  std::string id = event.id();
  std::replace(id.begin(), id.end(), '/', '-');
  // What happened is in the sender's journal; a copy of its content would be one more to erase.
  DeliveredEvent envelope = event;
  envelope.clear_content();
  return {absl::StrCat("boroughs/", borough, "/events/", id), 1, envelope.SerializeAsString(),
          std::nullopt};
}

}  // namespace

absl::StatusOr<DeliverResponse> EventSink::Deliver(const DeliverRequest& request,
                                                   Transaction& transaction) {
  Events events;
  std::set<std::string> seen;
  for (const DeliveredEvent& event : request.events()) {
    if (handlers_.contains(event.type()) && seen.insert(event.id()).second) {
      events.push_back(&event);
    }
  }
  if (!events.empty()) {
    ASSIGN_OR_RETURN(const auto known, KnownIds(transaction, events));
    std::erase_if(events, [&](const DeliveredEvent* event) { return known.contains(event->id()); });
  }
  if (events.empty()) {
    transaction.NothingChanged();
    return DeliverResponse();
  }
  RETURN_IF_ERROR(Remember(transaction, events));
  for (const DeliveredEvent* event : events) {
    RETURN_IF_ERROR(Handle(*event, transaction));
    transaction.Record(EntryOf(*event, transaction.call().borough));
  }
  DeliverResponse response;
  response.set_accepted(static_cast<int32_t>(events.size()));
  return response;
}

absl::Status EventSink::Handle(const DeliveredEvent& event, Transaction& transaction) const {
  for (const AnyHandler& handler : handlers_.at(event.type())) {
    RETURN_IF_ERROR(handler(event, transaction));
  }
  return absl::OkStatus();
}

}  // namespace lscp
