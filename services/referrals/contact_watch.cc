#include "referrals/contact_watch.h"

#include <algorithm>
#include <memory>
#include <string>

#include "common/store/resource_store.h"
#include "common/time/convert.h"
#include "google/protobuf/any.pb.h"
#include "safeguarding/referrals/v1/events.pb.h"

namespace lscp::referrals {
namespace {

struct ChangeByMethod {
  std::string_view method;
  pb::ContactChange change;
};
constexpr ChangeByMethod kChanges[] = {
    {"SubmitContact", pb::CONTACT_CHANGE_RECEIVED},
    {"RecordContact", pb::CONTACT_CHANGE_RECEIVED},
    {"AcknowledgeContact", pb::CONTACT_CHANGE_ACKNOWLEDGED},
    {"RateContact", pb::CONTACT_CHANGE_RATED},
    {"LinkChild", pb::CONTACT_CHANGE_CHILD_LINKED},
    {"RequestAgencyChecks", pb::CONTACT_CHANGE_CHECKS_REQUESTED},
    {"AnswerAgencyCheck", pb::CONTACT_CHANGE_CHECK_ANSWERED},
    {"ReclassifyContact", pb::CONTACT_CHANGE_RECLASSIFIED},
    {"DecideContact", pb::CONTACT_CHANGE_DECIDED},
    {"RecordFeedback", pb::CONTACT_CHANGE_FEEDBACK_GIVEN},
    {"MarkDuplicateContact", pb::CONTACT_CHANGE_MARKED_DUPLICATE},
};

std::optional<pb::ContactEvent> EventOf(const Call& call, const FeedEntry& entry) {
  pb::ContactEvent event;
  event.set_change(ChangeOf(entry));
  *event.mutable_time() = TimeToProto(entry.at);
  if (IsOf(entry, call, "contacts")) {
    pb::Contact contact;  // stays empty when the payload's retention has ended
    if (!contact.ParseFromString(entry.payload)) return std::nullopt;
    event.set_contact(entry.resource);
    event.set_revision(entry.revision);
    event.set_state(contact.state());
    return event;
  }
  // An answer changes the check alone; its event says of which contact.
  google::protobuf::Any any;
  pb::AgencyCheckAnswered answered;
  if (!IsOf(entry, call, "checks") || !any.ParseFromString(entry.event) ||
      !any.UnpackTo(&answered)) {
    return std::nullopt;
  }
  event.set_contact(answered.contact());
  event.set_revision(answered.contact_revision());
  event.set_state(answered.contact_state());
  return event;
}

}  // namespace

pb::ContactChange ChangeOf(const FeedEntry& entry) {
  for (const ChangeByMethod& row : kChanges) {
    if (entry.method == std::string(kContactsService) + "/" + std::string(row.method)) {
      return row.change;
    }
  }
  return pb::CONTACT_CHANGE_UNSPECIFIED;
}

bool IsOf(const FeedEntry& entry, const Call& call, std::string_view collection) {
  return MayName(call, collection, entry.resource);
}

std::optional<rpc::WatchReply> ForHub(const Call& call, const std::set<int>& changes,
                                      const FeedEntry& entry) {
  const pb::ContactChange change = ChangeOf(entry);
  if (change == pb::CONTACT_CHANGE_UNSPECIFIED) return std::nullopt;
  if (!changes.empty() && !changes.contains(change)) return std::nullopt;
  const auto event = EventOf(call, entry);
  if (!event) return std::nullopt;
  auto reply = std::make_unique<pb::WatchContactsResponse>();
  *reply->add_events() = *event;
  return rpc::WatchReply{std::move(reply), {}};
}

}  // namespace lscp::referrals
