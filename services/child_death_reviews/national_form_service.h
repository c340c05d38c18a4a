#pragma once

#include "absl/status/statusor.h"
#include "child_death_reviews/death_notification_store.h"
#include "child_death_reviews/death_review_store.h"
#include "child_death_reviews/family_support_store.h"
#include "child_death_reviews/joint_response_store.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_death_reviews/v1/national_forms_service.pb.h"

namespace lscp::child_death_reviews {

// Handlers of NationalFormsService. The contract says what they answer. Thread-safe.
class NationalForms {
 public:
  absl::StatusOr<pb::GetNationalNotificationFormResponse> Get(
      const pb::GetNationalNotificationFormRequest& request, Reading& reading);

 private:
  const DeathReviewStore reviews_;
  const DeathNotificationStore notifications_;
  const JointResponseStore responses_;
  const FamilySupportStore supports_;
};

void RegisterNationalForms(ServiceContext& context);

}  // namespace lscp::child_death_reviews
