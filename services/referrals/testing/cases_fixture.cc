#include "referrals/testing/cases_fixture.h"

namespace lscp::referrals {

using pb::Assessment;
using pb::Referral;

pb::Contact CasesFixture::Arrived(const std::string& child, const std::string& agency) {
  const std::string name = ContactsFixture::Submitted(agency);
  if (child.empty()) return Linked(name, "2");
  auto request = About<pb::LinkChildRequest>(name, "child_id: '2'");
  request.set_child(child);
  const auto linked = harness_.Run(contacts_, &Contacts::LinkChild, request);
  EXPECT_TRUE(linked.ok()) << linked.status();
  return linked.ok() ? linked->contact() : pb::Contact();
}

absl::StatusOr<pb::Contact> CasesFixture::DecidedContact(const std::string& name,
                                                         pb::ContactOutcome outcome) {
  auto request = ReferTheFirstChild();
  request.set_name(name);
  request.set_etag(ContactsFixture::Read(name).etag());
  request.set_outcome(outcome);
  request.mutable_children(0)->set_child_id("2");
  if (outcome != pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE) request.clear_children();
  auto decided = harness_.Run(contacts_, &Contacts::Decide, request);
  if (!decided.ok()) return decided.status();
  return decided->contact();
}

Referral CasesFixture::Referred(const std::string& child, const std::string& agency) {
  const auto contact =
      DecidedContact(Arrived(child, agency).name(), pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE);
  EXPECT_TRUE(contact.ok()) << contact.status();
  Referral referral;
  if (!contact.ok()) return referral;
  referral.set_name(contact->referrals(0));
  return Read(referral);
}

Referral CasesFixture::Read(const Referral& referral) {
  pb::GetReferralRequest request;
  request.set_name(referral.name());
  const auto response = harness_.Run(referrals_, &Referrals::Get, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->referral() : Referral();
}

absl::StatusOr<Referral> CasesFixture::Decide(const Referral& referral,
                                              pb::ReferralDecision decision) {
  auto request = Of<pb::DecideReferralRequest>(referral, "rationale: 'Invented.'");
  request.set_decision(decision);
  auto response = harness_.Run(referrals_, &Referrals::Decide, request);
  if (!response.ok()) return response.status();
  return response->referral();
}

Referral CasesFixture::InProgress(const std::string& child) {
  const auto referral = Decide(Referred(child), pb::REFERRAL_DECISION_ASSESSMENT);
  EXPECT_TRUE(referral.ok()) << referral.status();
  return referral.ok() ? *referral : Referral();
}

absl::StatusOr<Assessment> CasesFixture::Start(const Referral& referral,
                                               const std::string& fields) {
  auto request = Parse<pb::StartAssessmentRequest>("type: TYPE_SINGLE " + fields);
  request.set_referral(referral.name());
  auto response = harness_.Run(assessments_, &Assessments::Start, request);
  if (!response.ok()) return response.status();
  return response->assessment();
}

Assessment CasesFixture::Read(const Assessment& assessment) {
  pb::GetAssessmentRequest request;
  request.set_name(assessment.name());
  const auto response = harness_.Run(assessments_, &Assessments::Get, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->assessment() : Assessment();
}

Assessment CasesFixture::Submitted(Assessment assessment, const std::string& factors,
                                   bool seen_alone) {
  As("barnet-council", "w.worker");
  auto update = Parse<pb::UpdateAssessmentRequest>("assessment { analysis: 'Invented.' factors: [" +
                                                   factors + "] }");
  update.mutable_assessment()->set_name(assessment.name());
  update.set_etag(assessment.etag());
  const auto written = harness_.Run(assessments_, &Assessments::Update, update);
  EXPECT_TRUE(written.ok()) << written.status();
  auto seen = Of<pb::RecordChildSeenRequest>(Read(assessment));
  *seen.mutable_seen_date() = assessment.start_date();
  seen.set_alone(seen_alone);
  const auto recorded = harness_.Run(assessments_, &Assessments::RecordChildSeen, seen);
  EXPECT_TRUE(recorded.ok()) << recorded.status();
  const auto submitted = harness_.Run(assessments_, &Assessments::Submit,
                                      Of<pb::SubmitAssessmentRequest>(Read(assessment)));
  EXPECT_TRUE(submitted.ok()) << submitted.status();
  AsHub();
  return submitted.ok() ? submitted->assessment() : assessment;
}

absl::StatusOr<Assessment> CasesFixture::Authorise(const Assessment& assessment,
                                                   pb::AssessmentOutcome outcome) {
  auto request = Of<pb::AuthoriseAssessmentRequest>(assessment, "manager_oversight: 'Considered.'");
  request.set_outcome(outcome);
  auto response = harness_.Run(assessments_, &Assessments::Authorise, request);
  if (!response.ok()) return response.status();
  return response->assessment();
}

}  // namespace lscp::referrals
