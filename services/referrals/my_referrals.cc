#include "referrals/my_referrals.h"

#include <memory>
#include <optional>

#include "common/time/convert.h"
#include "referrals/contact.h"
#include "referrals/contact_watch.h"

namespace lscp::referrals {
namespace {

using pb::Contact;
using pb::MyReferral;

MyReferral::State StateSeen(Contact::State state) {
  switch (state) {
    case Contact::STATE_RECEIVED:
    case Contact::STATE_RATED:
      return MyReferral::STATE_RECEIVED;
    case Contact::STATE_DECIDED:
    case Contact::STATE_CLOSED:
      return MyReferral::STATE_DECIDED;
    case Contact::STATE_DUPLICATE:
      return MyReferral::STATE_DUPLICATE;
    default:
      return MyReferral::STATE_UNSPECIFIED;
  }
}

// The steps that change what the sender sees. A rating itself is the hub's business; the time by
// which it will decide is not.
bool ConcernsSender(pb::ContactChange change) {
  switch (change) {
    case pb::CONTACT_CHANGE_RECEIVED:
    case pb::CONTACT_CHANGE_ACKNOWLEDGED:
    case pb::CONTACT_CHANGE_RATED:
    case pb::CONTACT_CHANGE_RECLASSIFIED:
    case pb::CONTACT_CHANGE_DECIDED:
    case pb::CONTACT_CHANGE_FEEDBACK_GIVEN:
    case pb::CONTACT_CHANGE_MARKED_DUPLICATE:
      return true;
    default:
      return false;
  }
}

std::optional<rpc::WatchReply> ForSender(const Call& call, const FeedEntry& entry) {
  const pb::ContactChange change = ChangeOf(entry);
  if (!ConcernsSender(change) || !IsOf(entry, call, "contacts")) return std::nullopt;
  Contact contact;
  if (entry.payload.empty() || !contact.ParseFromString(entry.payload)) return std::nullopt;
  if (contact.source_agency() != call.caller.agency) return std::nullopt;

  auto reply = std::make_unique<pb::WatchMyReferralsResponse>();
  pb::MyReferralEvent& event = *reply->add_events();
  *event.mutable_time() = TimeToProto(entry.at);
  event.set_change(change);
  *event.mutable_referral() = AsSenderSees(contact);
  return rpc::WatchReply{std::move(reply), {contact.name()}};
}

}  // namespace

MyReferral AsSenderSees(const Contact& contact) {
  MyReferral seen;
  seen.set_name(contact.name());
  seen.set_sender_reference(contact.sender_reference());
  seen.set_form_type(contact.form_type());
  *seen.mutable_receive_time() = contact.receive_time();
  if (contact.has_acknowledge_time()) *seen.mutable_acknowledge_time() = contact.acknowledge_time();
  *seen.mutable_decision_due_time() = contact.decision_due_time();
  seen.set_state(StateSeen(contact.state()));
  seen.set_outcome(contact.decision().outcome());
  seen.set_feedback(contact.feedback().text());
  if (contact.has_decision()) *seen.mutable_decide_time() = contact.decision().decide_time();
  return seen;
}

absl::StatusOr<pb::GetMyReferralResponse> MyReferrals::Get(const pb::GetMyReferralRequest& request,
                                                           Reading& reading) {
  ASSIGN_OR_RETURN(const Contact contact, contacts_->GetSent(reading, request.name()));
  pb::GetMyReferralResponse response;
  *response.mutable_referral() = AsSenderSees(contact);
  return response;
}

absl::StatusOr<pb::ListMyReferralsResponse> MyReferrals::List(
    const pb::ListMyReferralsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(const auto page, contacts_->ListSent(reading, request));
  pb::ListMyReferralsResponse response;
  for (const Contact& contact : page.resources) {
    *response.add_referrals() = AsSenderSees(contact);
  }
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<rpc::WatchFilter> MyReferrals::Watch(const pb::WatchMyReferralsRequest&,
                                                    const Call& call) {
  return [call](const FeedEntry& entry) { return ForSender(call, entry); };
}

}  // namespace lscp::referrals
