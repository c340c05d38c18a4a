#pragma once

#include <span>

#include "google/protobuf/message.h"
#include "safeguarding/child_death_reviews/v1/death_notifications_service.pb.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"
#include "safeguarding/child_death_reviews/v1/family_supports_service.pb.h"
#include "safeguarding/child_death_reviews/v1/joint_responses_service.pb.h"
#include "safeguarding/child_death_reviews/v1/national_forms_service.pb.h"

// The notification form of the national child mortality database. No SQL, no gRPC, no clock.
namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// A question: under which title, and where its answer is kept. The first word of the id is the
// record (review, particulars, notification, joint_response, family_support), the others its
// fields.
struct NationalQuestion {
  const char* section;
  const char* question;
  const char* id;
};
// In the order of the form.
std::span<const NationalQuestion> NationalQuestions();

// What the form is filled in from; a record that there is not yet is empty.
struct NationalSources {
  pb::DeathReview review;
  pb::DeathNotification notification;  // the first
  pb::JointResponse joint_response;
  pb::FamilySupport family_support;
};

pb::NationalForm FillNationalForm(const NationalSources& sources);

}  // namespace lscp::child_death_reviews
