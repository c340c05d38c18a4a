#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "common/rpc/methods.h"
#include "referrals/agency_check_store.h"
#include "referrals/child_service.h"
#include "referrals/child_store.h"
#include "referrals/contact_store.h"
#include "referrals/settings.h"
#include "safeguarding/referrals/v1/contacts_service.pb.h"

namespace lscp::referrals {

// How contacts reach the hub and what the hub does with them. Thread-safe.
class Contacts {
 public:
  // All must outlive this.
  struct Parts {
    const ContactStore* contacts;
    const AgencyCheckStore* checks;
    const ChildStore* children;
    Children* child_handlers;  // for LinkChild, which may add a child to the register
    const Settings* settings;
  };
  explicit Contacts(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<pb::SubmitContactResponse> Submit(const pb::SubmitContactRequest& request,
                                                   Transaction& tx);
  absl::StatusOr<pb::RecordContactResponse> Record(const pb::RecordContactRequest& request,
                                                   Transaction& tx);
  absl::StatusOr<pb::GetContactResponse> Get(const pb::GetContactRequest& request,
                                             Reading& reading);
  absl::StatusOr<pb::ListContactsResponse> List(const pb::ListContactsRequest& request,
                                                Reading& reading);
  absl::StatusOr<rpc::WatchFilter> Watch(const pb::WatchContactsRequest& request, const Call& call);
  absl::StatusOr<pb::AcknowledgeContactResponse> Acknowledge(
      const pb::AcknowledgeContactRequest& request, Transaction& tx);
  absl::StatusOr<pb::RateContactResponse> Rate(const pb::RateContactRequest& request,
                                               Transaction& tx);
  absl::StatusOr<pb::LinkChildResponse> LinkChild(const pb::LinkChildRequest& request,
                                                  Transaction& tx);
  absl::StatusOr<pb::DecideContactResponse> Decide(const pb::DecideContactRequest& request,
                                                   Transaction& tx);
  absl::StatusOr<pb::RecordFeedbackResponse> RecordFeedback(
      const pb::RecordFeedbackRequest& request, Transaction& tx);
  absl::StatusOr<pb::ReclassifyContactResponse> Reclassify(
      const pb::ReclassifyContactRequest& request, Transaction& tx);
  absl::StatusOr<pb::MarkDuplicateContactResponse> MarkDuplicate(
      const pb::MarkDuplicateContactRequest& request, Transaction& tx);

 private:
  // Stores a contact that has just arrived and starts its clocks.
  absl::Status TakeIn(Transaction& tx, pb::Contact& contact) const;
  // Name of the child of the register that LinkChild means, which it may have to add.
  absl::StatusOr<std::string> RegisteredChild(Transaction& tx, const pb::ConcernedChild& child,
                                              const pb::LinkChildRequest& request) const;
  // One referral for each child that is referred; their names go into the contact.
  absl::Status OpenReferrals(Transaction& tx, const pb::DecideContactRequest& request,
                             pb::Contact& contact) const;
  // What is not answered is not waited for any more.
  absl::Status LapseChecks(Transaction& tx, std::string_view contact) const;
  absl::Status StartFeedbackClock(Transaction& tx, const pb::Contact& contact) const;
  // The reply with the contact and its checks.
  template <typename Response>
  absl::StatusOr<Response> Reply(db::Connection& db, pb::Contact contact) const;

  const Parts parts_;
};

}  // namespace lscp::referrals
