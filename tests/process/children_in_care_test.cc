// A child in care is one story in two services: child protection tells agencies that it is looked
// after, and here everybody sees at once that it is missing; whichever process dies.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "safeguarding/child_protection/v1/child_checks_service.pb.h"
#include "safeguarding/child_protection/v1/missing_episodes_service.pb.h"
#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"
#include "safeguarding/children_in_care/v1/health_assessments_service.pb.h"
#include "safeguarding/children_in_care/v1/health_records_service.pb.h"
#include "safeguarding/referrals/v1/children_service.pb.h"
#include "tests/support/calls.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace care = safeguarding::children_in_care::v1;
namespace protection = safeguarding::child_protection::v1;
namespace referrals = safeguarding::referrals::v1;

constexpr char kChildren[] = "/safeguarding.referrals.v1.ChildrenService/";
constexpr char kCare[] = "/safeguarding.children_in_care.v1.ChildrenInCareService/";
constexpr char kRecords[] = "/safeguarding.children_in_care.v1.HealthRecordsService/";
constexpr char kAssessments[] = "/safeguarding.children_in_care.v1.HealthAssessmentsService/";
constexpr char kMissing[] = "/safeguarding.child_protection.v1.MissingEpisodesService/";
constexpr char kChecks[] = "/safeguarding.child_protection.v1.ChildChecksService/";
const client::Headers kBarnet = {{"lscp-borough", "barnet"}};

class ChildInCareProcesses : public ::testing::Test {
 protected:
  // Asks again while the gateway has not found again who was killed.
  template <typename Reply, typename Request>
  absl::Status Call(client::Channel& channel, const std::string& method, Request request,
                    Reply* reply) {
    if constexpr (requires { request.set_request_id(""); }) request.set_request_id(NewRequestId());
    absl::Status status;
    WaitUntil([&] {
      status = channel.Call(method, request, kBarnet, reply);
      return !absl::IsUnavailable(status);
    });
    return status;
  }

  // A child on the register; its name.
  std::string Registered() {
    referrals::CreateChildResponse reply;
    const absl::Status status =
        Call(*council_, absl::StrCat(kChildren, "CreateChild"),
             Parse<referrals::CreateChildRequest>(
                 "parent: 'boroughs/barnet' child { family_name: 'Inventado' given_name: 'Ada' "
                 "birth_date { year: 2014 month: 3 day: 4 } nhs_number: '9990000018' }"),
             &reply);
    EXPECT_TRUE(status.ok()) << status;
    return reply.child().name();
  }

  // The child comes into care, as soon as this service has heard of it.
  care::ChildInCare InCare(const std::string& child) {
    auto request = Parse<care::StartCareRequest>(
        "parent: 'boroughs/barnet' need: NEED_CATEGORY_ABUSE_OR_NEGLECT legal { status: "
        "LEGAL_STATUS_SECTION_20 } placement { type: PLACEMENT_TYPE_FOSTER provider: "
        "PLACEMENT_PROVIDER_OWN_AUTHORITY address: '1 Invented Road' area_code: 'E09000003' }");
    request.set_child(child);
    *request.mutable_start_date() = DateToProto(LondonDay(absl::Now()) - 10);
    care::StartCareResponse reply;
    absl::Status status;
    EXPECT_TRUE(WaitUntil([&] {
      status = Call(*council_, absl::StrCat(kCare, "StartCare"), request, &reply);
      return !absl::IsPermissionDenied(status);
    }));
    EXPECT_TRUE(status.ok()) << status;
    return reply.child_in_care();
  }

  bool IsToldLookedAfter() {
    protection::CheckChildResponse reply;
    const absl::Status status = Call(
        *ambulance_, absl::StrCat(kChecks, "CheckChild"),
        Parse<protection::CheckChildRequest>("parent: 'boroughs/barnet' nhs_number: '9990000018'"),
        &reply);
    EXPECT_TRUE(status.ok()) << status;
    return std::any_of(reply.statuses().begin(), reply.statuses().end(), [](const auto& told) {
      return told.status() == protection::CHILD_STATUS_LOOKED_AFTER && told.current();
    });
  }

  care::Whereabouts Tonight() {
    care::ListChildrenTonightResponse reply;
    const absl::Status status =
        Call(*council_, absl::StrCat(kCare, "ListChildrenTonight"),
             Parse<care::ListChildrenTonightRequest>("parent: 'boroughs/barnet'"), &reply);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(reply.children_size(), 1);
    return reply.children_size() == 1 ? reply.children(0).whereabouts()
                                      : care::WHEREABOUTS_UNSPECIFIED;
  }

  void ReportMissing(const std::string& child) {
    auto request = Parse<protection::ReportMissingRequest>(
        "parent: 'boroughs/barnet' kind: MISSING_KIND_MISSING missing_from: MISSING_FROM_CARE "
        "reported_by: 'Invented carer'");
    request.set_child(child);
    *request.mutable_missing_time() = TimeToProto(absl::Now() - absl::Hours(1));
    protection::ReportMissingResponse reply;
    const absl::Status status =
        Call(*council_, absl::StrCat(kMissing, "ReportMissing"), request, &reply);
    EXPECT_TRUE(status.ok()) << status;
  }

  // The only one there is.
  care::HealthRecord HealthRecord() {
    care::ListHealthRecordsResponse reply;
    const absl::Status status =
        Call(*council_, absl::StrCat(kRecords, "ListHealthRecords"),
             Parse<care::ListHealthRecordsRequest>("parent: 'boroughs/barnet'"), &reply);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(reply.health_records_size(), 1);
    return reply.health_records_size() == 1 ? reply.health_records(0) : care::HealthRecord();
  }

  // An agency is asked for the initial assessment of a child in care.
  void AskForAssessment(const std::string& agency) {
    auto request = Parse<care::RequestHealthAssessmentRequest>(
        "kind: ASSESSMENT_KIND_INITIAL assessed { given_name: 'Ada' family_name: 'Inventado' "
        "birth_date { year: 2014 month: 3 day: 4 } nhs_number: '9990000018' contact: 'The "
        "carer' } consent { given_by: CONSENTER_PARENT }");
    const care::HealthRecord record = HealthRecord();
    request.set_name(record.name());
    request.set_etag(record.etag());
    request.set_agency(agency);
    *request.mutable_consent()->mutable_consent_date() = DateToProto(LondonDay(absl::Now()));
    care::RequestHealthAssessmentResponse reply;
    const absl::Status status =
        Call(*council_, absl::StrCat(kAssessments, "RequestHealthAssessment"), request, &reply);
    EXPECT_TRUE(status.ok()) << status;
  }

  // What an agency is asked.
  std::vector<care::HealthAssessment> AskedOf(client::Channel& agency) {
    care::ListMyHealthAssessmentsResponse reply;
    const absl::Status status =
        Call(agency, absl::StrCat(kAssessments, "ListMyHealthAssessments"),
             Parse<care::ListMyHealthAssessmentsRequest>("parent: 'boroughs/barnet'"), &reply);
    EXPECT_TRUE(status.ok()) << status;
    return {reply.health_assessments().begin(), reply.health_assessments().end()};
  }

  Suite suite_;
  const std::unique_ptr<client::Channel> council_ =
      suite_.As("barnet-council", "m.manager", {"mash_manager", "social_worker", "team_manager"});
  const std::unique_ptr<client::Channel> ambulance_ = suite_.As("example-ambulance-service");
};

TEST_F(ChildInCareProcesses, AgenciesAreToldOfCareAndCareOfWhoIsMissing) {
  const std::string child = Registered();
  const care::ChildInCare record = InCare(child);
  EXPECT_TRUE(WaitUntil([&] { return IsToldLookedAfter(); }));
  EXPECT_EQ(Tonight(), care::WHEREABOUTS_PLACED);

  // What one tells while the other is down arrives when it is back.
  suite_.KillService(Suite::kChildrenInCare);
  ReportMissing(child);
  suite_.StartService(Suite::kChildrenInCare);
  EXPECT_TRUE(WaitUntil([&] { return Tonight() == care::WHEREABOUTS_MISSING; }));

  suite_.KillService(Suite::kChildProtection);
  auto end = Parse<care::EndCareRequest>("end_reason: EPISODE_END_REASON_HOME_PLANNED");
  end.set_name(record.name());
  end.set_etag(record.etag());
  *end.mutable_end_date() = DateToProto(LondonDay(absl::Now()));
  care::EndCareResponse ended;
  EXPECT_TRUE(
      absl::IsFailedPrecondition(Call(*council_, absl::StrCat(kCare, "EndCare"), end, &ended)));
  end.set_end_reason(care::EPISODE_END_REASON_OTHER);
  const absl::Status status = Call(*council_, absl::StrCat(kCare, "EndCare"), end, &ended);
  EXPECT_TRUE(status.ok()) << status;
  suite_.StartService(Suite::kChildProtection);
  EXPECT_TRUE(WaitUntil([&] { return !IsToldLookedAfter(); }));
  auto connection = suite_.OwnerConnection(Suite::kChildProtection);
  const auto rows = connection->Query("SELECT started_on, ended_on FROM care_periods", {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 1u) << "each event once";
  EXPECT_EQ((*rows)[0].Day(1), LondonDay(absl::Now()));
}

TEST_F(ChildInCareProcesses, AHealthAgencyAnswersWhatItIsAskedAndSeesNothingElse) {
  InCare(Registered());
  AskForAssessment("example-hospital-trust");
  const auto hospital = suite_.As("example-hospital-trust");
  const auto asked = AskedOf(*hospital);
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].assessed().given_name(), "Ada");

  care::GetHealthRecordRequest get;
  get.set_name(asked[0].health_record());
  care::GetHealthRecordResponse record;
  EXPECT_TRUE(absl::IsPermissionDenied(
      Call(*hospital, absl::StrCat(kRecords, "GetHealthRecord"), get, &record)));

  auto complete = Parse<care::CompleteHealthAssessmentRequest>(
      "result { practitioner: PRACTITIONER_DOCTOR findings: 'Invented.' health_plan: 'Invented.' "
      "}");
  complete.set_name(asked[0].name());
  complete.set_etag(asked[0].etag());
  *complete.mutable_result()->mutable_assessment_date() = DateToProto(LondonDay(absl::Now()));
  care::CompleteHealthAssessmentResponse completed;
  EXPECT_TRUE(absl::IsPermissionDenied(Call(
      *ambulance_, absl::StrCat(kAssessments, "CompleteHealthAssessment"), complete, &completed)));
  const absl::Status status =
      Call(*hospital, absl::StrCat(kAssessments, "CompleteHealthAssessment"), complete, &completed);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(HealthRecord().initial_standing(), care::ASSESSMENT_STANDING_IN_TIME);
}

}  // namespace
}  // namespace lscp::tests
