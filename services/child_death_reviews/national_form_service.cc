#include "child_death_reviews/national_form_service.h"

#include <memory>
#include <string>

#include "child_death_reviews/joint_response.h"
#include "child_death_reviews/national_form.h"
#include "common/status/macros.h"

namespace lscp::child_death_reviews {

absl::StatusOr<pb::GetNationalNotificationFormResponse> NationalForms::Get(
    const pb::GetNationalNotificationFormRequest& request, Reading& reading) {
  NationalSources sources;
  ASSIGN_OR_RETURN(sources.review, reviews_.Get(reading, request.name()));
  const pb::DeathReview& review = sources.review;
  if (!review.notifications().empty()) {
    ASSIGN_OR_RETURN(sources.notification, notifications_.Get(reading, review.notifications(0)));
  }
  // Both begin when somebody takes the review on.
  if (review.has_accept_time()) {
    ASSIGN_OR_RETURN(sources.joint_response,
                     responses_.Get(reading, NameOfPart(review.name(), "jointResponses")));
    ASSIGN_OR_RETURN(sources.family_support,
                     supports_.Get(reading, NameOfPart(review.name(), "familySupports")));
  }
  pb::GetNationalNotificationFormResponse response;
  *response.mutable_form() = FillNationalForm(sources);
  return response;
}

void RegisterNationalForms(ServiceContext& context) {
  context.methods()
      .Of("safeguarding.child_death_reviews.v1.NationalFormsService",
          context.Keep(std::make_unique<NationalForms>()))
      .Read("GetNationalNotificationForm", &NationalForms::Get);
}

}  // namespace lscp::child_death_reviews
