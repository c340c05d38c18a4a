#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/methods.h"
#include "referrals/agency_check_store.h"
#include "referrals/contact_store.h"
#include "safeguarding/referrals/v1/contacts_service.pb.h"

namespace lscp::referrals {

// What the hub asks agencies about the children of a contact, and what they answer. Thread-safe.
class AgencyChecks {
 public:
  AgencyChecks(const ContactStore* contacts, const AgencyCheckStore* checks)
      : contacts_(contacts), checks_(checks) {}

  absl::StatusOr<pb::RequestAgencyChecksResponse> Request(
      const pb::RequestAgencyChecksRequest& request, Transaction& tx);
  absl::StatusOr<pb::ListMyAgencyChecksResponse> ListMine(
      const pb::ListMyAgencyChecksRequest& request, Reading& reading);
  absl::StatusOr<pb::AnswerAgencyCheckResponse> Answer(const pb::AnswerAgencyCheckRequest& request,
                                                       Transaction& tx);

 private:
  const ContactStore* const contacts_;
  const AgencyCheckStore* const checks_;
};

}  // namespace lscp::referrals
