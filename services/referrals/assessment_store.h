#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/case_store.h"
#include "referrals/assessment.h"

namespace lscp::referrals {

// The assessments of the database. Immutable and thread-safe; errors as of CaseStore.
class AssessmentStore : public domain::CaseStore<pb::Assessment> {
 public:
  AssessmentStore();

  // Update when an assessment is authorised: from now on its factors are counted.
  absl::Status UpdateAuthorised(Transaction& tx, pb::Assessment& assessment, Event event) const;

  // All of a referral that the transaction has locked.
  absl::StatusOr<std::vector<pb::Assessment>> OfReferral(Transaction& tx,
                                                         std::string_view referral) const;

  // The earliest due first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListAssessmentsRequest& request) const;
};

}  // namespace lscp::referrals
