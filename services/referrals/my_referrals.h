#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/methods.h"
#include "referrals/contact_store.h"
#include "safeguarding/referrals/v1/contacts_service.pb.h"

namespace lscp::referrals {

// A contact as its sender sees it: what became of it, and nothing that others said.
pb::MyReferral AsSenderSees(const pb::Contact& contact);

// What a sender hears of its contacts. The contacts of other agencies are absent. Thread-safe.
class MyReferrals {
 public:
  explicit MyReferrals(const ContactStore* contacts) : contacts_(contacts) {}

  absl::StatusOr<pb::GetMyReferralResponse> Get(const pb::GetMyReferralRequest& request,
                                                Reading& reading);
  absl::StatusOr<pb::ListMyReferralsResponse> List(const pb::ListMyReferralsRequest& request,
                                                   Reading& reading);
  absl::StatusOr<rpc::WatchFilter> Watch(const pb::WatchMyReferralsRequest& request,
                                         const Call& call);

 private:
  const ContactStore* const contacts_;
};

}  // namespace lscp::referrals
