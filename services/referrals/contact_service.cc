#include "referrals/contact_service.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "referrals/agency_check.h"
#include "referrals/contact.h"
#include "referrals/contact_watch.h"
#include "referrals/my_referrals.h"
#include "referrals/referral_store.h"
#include "referrals/timescale_rules.h"
#include "safeguarding/referrals/v1/events.pb.h"

namespace lscp::referrals {
namespace {

using pb::Contact;

Step StepOf(const Transaction& tx) { return {tx.caller().person, tx.now()}; }

absl::Time TimeOr(bool given, const google::protobuf::Timestamp& time, absl::Time otherwise) {
  return given ? *ProtoToTime(time) : otherwise;
}

absl::Status Meet(Transaction& tx, const Contact& contact, const char* rule,
                  const google::protobuf::Timestamp& when) {
  return timescales::Meet(tx.db(), contact.name(), rule, *ProtoToTime(when)).status();
}

Event Received(const Contact& contact) {
  pb::ContactReceived received;
  received.set_contact(contact.name());
  received.set_source_agency(contact.source_agency());
  received.set_source(contact.source());
  received.set_form_type(contact.form_type());
  *received.mutable_receive_time() = contact.receive_time();
  return MakeEvent("referrals.contact_received", contact.name(), received);
}

Event Decided(const Contact& contact) {
  pb::ContactDecided decided;
  decided.set_contact(contact.name());
  decided.set_outcome(contact.decision().outcome());
  decided.set_final_brag(contact.decision().final_brag());
  for (const pb::ConcernedChild& child : contact.children()) {
    if (!child.child().empty()) decided.add_children(child.child());
  }
  *decided.mutable_referrals() = contact.referrals();
  *decided.mutable_decide_time() = contact.decision().decide_time();
  return MakeEvent("referrals.contact_decided", contact.name(), decided);
}

}  // namespace

absl::StatusOr<pb::SubmitContactResponse> Contacts::Submit(const pb::SubmitContactRequest& request,
                                                           Transaction& tx) {
  ASSIGN_OR_RETURN(
      Contact contact,
      ReceiveContact(request.contact(), {pb::CONTACT_CHANNEL_API, tx.caller().agency, tx.now()},
                     parts_.settings->Of(tx.call().borough)));
  RETURN_IF_ERROR(TakeIn(tx, contact));
  pb::SubmitContactResponse response;
  *response.mutable_referral() = AsSenderSees(contact);
  return response;
}

absl::StatusOr<pb::RecordContactResponse> Contacts::Record(const pb::RecordContactRequest& request,
                                                           Transaction& tx) {
  if (request.channel() == pb::CONTACT_CHANNEL_API) {
    return InvalidField("channel", "must not be API: what comes by API records itself");
  }
  const absl::Time received = TimeOr(request.has_receive_time(), request.receive_time(), tx.now());
  ASSIGN_OR_RETURN(
      Contact contact,
      ReceiveContact(request.contact(), {request.channel(), request.source_agency(), received},
                     parts_.settings->Of(tx.call().borough)));
  RETURN_IF_ERROR(TakeIn(tx, contact));
  pb::RecordContactResponse response;
  *response.mutable_contact() = std::move(contact);
  return response;
}

absl::Status Contacts::TakeIn(Transaction& tx, Contact& contact) const {
  contact.set_name(parts_.contacts->NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(parts_.contacts->Insert(tx, contact, Received(contact)));
  const absl::Time received = *ProtoToTime(contact.receive_time());
  std::vector<timescales::NewClock> clocks = {
      {contact.name(), kContactDecision, received, *ProtoToTime(contact.decision_due_time())}};
  if (!IsAnonymous(contact)) {
    clocks.push_back(ClockOf(parts_.settings->Of(tx.call().borough), kContactAcknowledgement,
                             contact.name(), received));
    if (contact.has_acknowledge_time()) clocks.back().met_at = received;
  }
  return timescales::Start(tx.db(), tx.call().borough, clocks);
}

absl::StatusOr<pb::GetContactResponse> Contacts::Get(const pb::GetContactRequest& request,
                                                     Reading& reading) {
  ASSIGN_OR_RETURN(Contact contact, parts_.contacts->Get(reading, request.name()));
  return Reply<pb::GetContactResponse>(reading.db(), std::move(contact));
}

absl::StatusOr<pb::ListContactsResponse> Contacts::List(const pb::ListContactsRequest& request,
                                                        Reading& reading) {
  ASSIGN_OR_RETURN(auto page, parts_.contacts->List(reading, request));
  pb::ListContactsResponse response;
  for (Contact& contact : page.resources) {
    contact.clear_concerns();
    contact.clear_adults();
    contact.clear_attachments();
    *response.add_contacts() = std::move(contact);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<rpc::WatchFilter> Contacts::Watch(const pb::WatchContactsRequest& request,
                                                 const Call& call) {
  const std::set<int> changes(request.changes().begin(), request.changes().end());
  return [call, changes](const FeedEntry& entry) { return ForHub(call, changes, entry); };
}

absl::StatusOr<pb::AcknowledgeContactResponse> Contacts::Acknowledge(
    const pb::AcknowledgeContactRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Contact contact, parts_.contacts->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(referrals::Acknowledge(
      contact, TimeOr(request.has_acknowledge_time(), request.acknowledge_time(), tx.now())));
  RETURN_IF_ERROR(Meet(tx, contact, kContactAcknowledgement, contact.acknowledge_time()));
  RETURN_IF_ERROR(parts_.contacts->Update(tx, contact));
  return Reply<pb::AcknowledgeContactResponse>(tx.db(), std::move(contact));
}

absl::StatusOr<pb::RateContactResponse> Contacts::Rate(const pb::RateContactRequest& request,
                                                       Transaction& tx) {
  ASSIGN_OR_RETURN(Contact contact, parts_.contacts->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(
      referrals::Rate(contact, request, StepOf(tx), parts_.settings->Of(tx.call().borough)));
  RETURN_IF_ERROR(timescales::Extend(tx.db(), contact.name(), kContactDecision,
                                     *ProtoToTime(contact.decision_due_time()))
                      .status());
  RETURN_IF_ERROR(parts_.contacts->Update(tx, contact));
  return Reply<pb::RateContactResponse>(tx.db(), std::move(contact));
}

absl::StatusOr<pb::LinkChildResponse> Contacts::LinkChild(const pb::LinkChildRequest& request,
                                                          Transaction& tx) {
  ASSIGN_OR_RETURN(Contact contact, parts_.contacts->Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(pb::ConcernedChild * child, ChildToLink(contact, request.child_id()));
  ASSIGN_OR_RETURN(*child->mutable_child(), RegisteredChild(tx, *child, request));
  RETURN_IF_ERROR(parts_.contacts->UpdateLink(tx, contact, *child));
  return Reply<pb::LinkChildResponse>(tx.db(), std::move(contact));
}

absl::StatusOr<std::string> Contacts::RegisteredChild(Transaction& tx,
                                                      const pb::ConcernedChild& child,
                                                      const pb::LinkChildRequest& request) const {
  if (!request.child().empty()) {
    ASSIGN_OR_RETURN(const pb::Child found, parts_.children->Read(tx, request.child()));
    return found.name();
  }
  if (!request.create_child()) {
    return InvalidField("child", "is required unless create_child is asked");
  }
  pb::CreateChildRequest creation;
  *creation.mutable_child() = ChildForRegister(child);
  ASSIGN_OR_RETURN(const auto created, parts_.child_handlers->Create(creation, tx));
  return created.child().name();
}

absl::StatusOr<pb::DecideContactResponse> Contacts::Decide(const pb::DecideContactRequest& request,
                                                           Transaction& tx) {
  ASSIGN_OR_RETURN(Contact contact, parts_.contacts->Lock(tx, request.name(), request.etag()));
  const Settings::Borough& borough = parts_.settings->Of(tx.call().borough);
  RETURN_IF_ERROR(referrals::Decide(contact, request, StepOf(tx), borough));
  RETURN_IF_ERROR(OpenReferrals(tx, request, contact));
  RETURN_IF_ERROR(LapseChecks(tx, contact.name()));
  RETURN_IF_ERROR(Meet(tx, contact, kContactDecision, contact.decision().decide_time()));
  RETURN_IF_ERROR(StartFeedbackClock(tx, contact));
  RETURN_IF_ERROR(parts_.contacts->Update(tx, contact, Decided(contact)));
  return Reply<pb::DecideContactResponse>(tx.db(), std::move(contact));
}

absl::Status Contacts::OpenReferrals(Transaction& tx, const pb::DecideContactRequest& request,
                                     Contact& contact) const {
  for (const pb::ChildDecision& decision : request.children()) {
    const std::string& child = FindChild(contact, decision.child_id())->child();
    ASSIGN_OR_RETURN(const pb::Referral referral,
                     OpenReferral(tx, {&contact, child, decision.primary_need(), decision.team()}));
    contact.add_referrals(referral.name());
  }
  return absl::OkStatus();
}

absl::Status Contacts::LapseChecks(Transaction& tx, std::string_view contact) const {
  ASSIGN_OR_RETURN(auto checks, parts_.checks->LockOf(tx, contact));
  for (pb::AgencyCheck& check : checks) {
    if (!Lapse(check)) continue;
    RETURN_IF_ERROR(parts_.checks->Update(tx, check));
    RETURN_IF_ERROR(timescales::CancelAll(tx.db(), check.name(), tx.now()).status());
  }
  return absl::OkStatus();
}

absl::Status Contacts::StartFeedbackClock(Transaction& tx, const Contact& contact) const {
  if (!OwesFeedback(contact)) return absl::OkStatus();
  return timescales::Start(tx.db(), tx.call().borough,
                           {ClockOf(parts_.settings->Of(tx.call().borough), kContactFeedback,
                                    contact.name(), tx.now())});
}

absl::StatusOr<pb::RecordFeedbackResponse> Contacts::RecordFeedback(
    const pb::RecordFeedbackRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Contact contact, parts_.contacts->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(GiveFeedback(contact, request, StepOf(tx)));
  RETURN_IF_ERROR(Meet(tx, contact, kContactFeedback, contact.feedback().give_time()));
  // The feedback also says that the contact arrived; nothing is to meet if that was said before.
  RETURN_IF_ERROR(Meet(tx, contact, kContactAcknowledgement, contact.feedback().give_time()));
  RETURN_IF_ERROR(parts_.contacts->Update(tx, contact));
  return Reply<pb::RecordFeedbackResponse>(tx.db(), std::move(contact));
}

absl::StatusOr<pb::ReclassifyContactResponse> Contacts::Reclassify(
    const pb::ReclassifyContactRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Contact contact, parts_.contacts->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(referrals::Reclassify(contact, request, StepOf(tx)));
  RETURN_IF_ERROR(parts_.contacts->Update(tx, contact));
  return Reply<pb::ReclassifyContactResponse>(tx.db(), std::move(contact));
}

absl::StatusOr<pb::MarkDuplicateContactResponse> Contacts::MarkDuplicate(
    const pb::MarkDuplicateContactRequest& request, Transaction& tx) {
  if (request.name() == request.duplicate_of()) {
    return InvalidField("duplicate_of", "must be another contact");
  }
  ASSIGN_OR_RETURN(Contact contact, parts_.contacts->Lock(tx, request.name(), request.etag()));
  // Locked, so that two contacts cannot become duplicates of each other.
  ASSIGN_OR_RETURN(const Contact original, parts_.contacts->Lock(tx, request.duplicate_of(), ""));
  RETURN_IF_ERROR(referrals::MarkDuplicate(contact, original, request, StepOf(tx)));
  RETURN_IF_ERROR(LapseChecks(tx, contact.name()));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), contact.name(), tx.now()).status());
  RETURN_IF_ERROR(StartFeedbackClock(tx, contact));
  RETURN_IF_ERROR(parts_.contacts->Update(tx, contact));
  return Reply<pb::MarkDuplicateContactResponse>(tx.db(), std::move(contact));
}

template <typename Response>
absl::StatusOr<Response> Contacts::Reply(db::Connection& db, Contact contact) const {
  ASSIGN_OR_RETURN(auto checks, parts_.checks->Of(db, contact.name()));
  contact.mutable_agency_checks()->Add(std::make_move_iterator(checks.begin()),
                                       std::make_move_iterator(checks.end()));
  Response response;
  *response.mutable_contact() = std::move(contact);
  return response;
}

}  // namespace lscp::referrals
