#include "child_death_reviews/testing/fixture.h"

#include "child_death_reviews/joint_response.h"

namespace lscp::child_death_reviews {

Fixture::Fixture()
    : settings_(*Settings::Create(Parse<pb::ChildDeathReviewSettings>(
                                      "boroughs { id: 'havering' display_name: 'H' area_code: "
                                      "'E09000016' } "
                                      "boroughs { id: 'redbridge' display_name: 'R' area_code: "
                                      "'E09000026' } "
                                      "boroughs { id: 'barking-and-dagenham' display_name: 'B' "
                                      "area_code: 'E09000002' }"),
                                  {"havering", "redbridge", "barking-and-dagenham"})) {
  AsCoordinator();
}

void Fixture::As(const std::string& agency, const std::string& person,
                 const std::vector<std::string>& boroughs) {
  harness_.caller.agency = agency;
  harness_.caller.person = person;
  harness_.boroughs = boroughs;
}

absl::StatusOr<pb::DeathNotification> Fixture::Notify(const std::string& particulars,
                                                      const std::string& fields,
                                                      const std::string& given_name) {
  auto request = Parse<pb::NotifyDeathRequest>(
      fields + " particulars { birth_date { year: 2020 month: 1 day: 1 } " +
      "death_date { year: 2025 month: 3 day: 1 } death_time { seconds: "
      "1740830400 } " +
      "family_name: 'Beispiel' residence_area: 'E09000016' " + particulars + " }");
  request.set_parent("boroughs/" + harness_.boroughs.front());
  request.mutable_particulars()->set_given_name(given_name);
  const auto response = harness_.Run(notifications_, &DeathNotifications::Notify, request);
  if (!response.ok()) return response.status();
  return response->death_notification();
}

pb::DeathReview Fixture::Review(const std::string& name) {
  pb::GetDeathReviewRequest request;
  request.set_name(name);
  const auto response = harness_.Run(reviews_, &DeathReviews::Get, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->death_review() : pb::DeathReview();
}

pb::DeathReview Fixture::Accepted(const std::string& particulars) {
  const auto response = harness_.Run(reviews_, &DeathReviews::Accept,
                                     Of<pb::AcceptDeathReviewRequest>(Begun(particulars)));
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->death_review() : pb::DeathReview();
}

pb::JointResponse Fixture::ResponseOf(const pb::DeathReview& review) {
  pb::GetJointResponseRequest request;
  request.set_name(NameOfPart(review.name(), "jointResponses"));
  const auto response = harness_.Run(responses_, &JointResponses::Get, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->joint_response() : pb::JointResponse();
}

pb::FamilySupport Fixture::SupportOf(const pb::DeathReview& review) {
  pb::GetFamilySupportRequest request;
  request.set_name(NameOfPart(review.name(), "familySupports"));
  const auto response = harness_.Run(supports_, &FamilySupports::Get, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->family_support() : pb::FamilySupport();
}

}  // namespace lscp::child_death_reviews
