#include "common/events/batch.h"

#include <openssl/evp.h>

#include <algorithm>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"

namespace lscp {
namespace {

using safeguarding::config::v1::Subscriber;
using safeguarding::events::v1::DeliverRequest;
using safeguarding::events::v1::Event;

// A trailing "*" stands for any ending.
bool Matches(std::string_view pattern, std::string_view type) {
  if (!pattern.ends_with('*')) return pattern == type;
  pattern.remove_suffix(1);
  return type.starts_with(pattern);
}

template <typename List>
bool Holds(const List& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// The borough that a delivery of the event goes to.
std::string DestinationOf(const FeedEntry& entry) {
  const std::string borough = BoroughOf(entry.event_subject);
  return borough.empty() ? entry.borough : borough;
}

// A UUID of version 8 (RFC 9562 §5.8: of the maker's own design).
std::string UuidOf(const std::string& bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  size_t length = 0;
  EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(), digest, &length);
  digest[6] = (digest[6] & 0x0f) | 0x80;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  std::string uuid =
      absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest), 16));
  for (const size_t hyphen : {8, 13, 18, 23}) uuid.insert(hyphen, "-");
  return uuid;
}

void Fill(const std::string& service, const FeedEntry& entry, Event* event) {
  event->set_id(absl::StrCat(service, "/", entry.borough, "/", entry.journal_id));
  event->set_type(entry.event_type);
  event->set_resource(entry.resource);
  event->set_subject(entry.event_subject);
  *event->mutable_time() = TimeToProto(entry.at);
  // One that cannot be read travels without content: the receiver refuses it, and that is seen.
  if (!event->mutable_content()->ParseFromString(entry.event)) event->clear_content();
}

}  // namespace

bool Wants(const Subscriber& subscriber, const FeedEntry& entry) {
  if (entry.event_type.empty() || entry.event.empty()) return false;
  const auto& types = subscriber.event_types();
  const auto& boroughs = subscriber.boroughs();
  const bool type =
      types.empty() || std::any_of(types.begin(), types.end(), [&](const std::string& pattern) {
        return Matches(pattern, entry.event_type);
      });
  const std::string destination = DestinationOf(entry);
  if (subscriber.has_peer() != (destination != entry.borough)) return false;
  if (subscriber.has_peer()) return type && Holds(boroughs, destination);
  return type && (boroughs.empty() || Holds(boroughs, entry.borough));
}

EventBatch NextBatch(const std::string& service, const Subscriber& subscriber,
                     const std::vector<FeedEntry>& entries, size_t most) {
  EventBatch batch;
  DeliverRequest& request = batch.request;
  std::string borough;
  size_t bytes = 0;
  for (const FeedEntry& entry : entries) {
    if (Wants(subscriber, entry)) {
      bytes += entry.event.size();
      if (request.events().empty()) {
        borough = DestinationOf(entry);
        batch.oldest = entry.at;
      } else if (DestinationOf(entry) != borough || bytes > kMostBytesPerBatch ||
                 static_cast<size_t>(request.events_size()) == most) {
        break;
      }
      Fill(service, entry, request.add_events());
    }
    batch.through = entry.position;
  }
  if (!request.events().empty()) {
    request.set_parent(absl::StrCat("boroughs/", borough));
    request.set_request_id(UuidOf(request.SerializeAsString()));
  }
  return batch;
}

}  // namespace lscp
