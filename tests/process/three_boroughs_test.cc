// Child death reviews that three boroughs share, run by the NHS alone: one service with the
// settings of three boroughs behind a gateway of its own (k8s/partnerships/bhr), and nothing else
// of the suite. Each borough's coordinator sees that borough's children; the team of the three sees
// all. A borough's own gateway, of another authority and issuer, leads there too.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "safeguarding/child_death_reviews/v1/annual_figures_service.pb.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"
#include "tests/support/requests.h"
#include "tests/support/shared_death_reviews.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace pb = safeguarding::child_death_reviews::v1;
using ::testing::UnorderedElementsAre;

constexpr char kTeam[] = "example-integrated-care-board";
constexpr char kPackage[] = "/safeguarding.child_death_reviews.v1.";
std::string TlsText(const safeguarding::config::v1::TlsConfig& tls) {
  return absl::StrCat("tls { ", tls.ShortDebugString(), " }");
}

// Havering's gateway, which has no services of its own here.
Suite::Options HaveringsOf(Suite& shared) {
  Suite::Options options;
  options.services.clear();
  options.boroughs = {"havering"};
  options.issuer = "https://issuer.example/havering";
  options.gateway_config = absl::Substitute(
      "agency_calls_per_second: 1000000\n"
      "routes { service: \"child-death-reviews\" boroughs: \"havering\" gateway: true\n"
      "  packages: \"safeguarding.child_death_reviews.v1\" target: \"ipv4:$0\"\n"
      "  tls_server_name: \"localhost\" $1 }\n",
      shared.gateway_endpoint(), TlsText(shared.pki().Gateway("havering")));
  return options;
}

class ThreeBoroughs : public ::testing::Test {
 protected:
  ThreeBoroughs() {
    for (const auto& [borough, area] : SharingBoroughs()) reviews_[borough] = Notify(borough, area);
    team_ = shared_.As(kTeam, "c.team", {"cdr_coordinator", "analyst"});
    havering_ = shared_.As("havering-council", "c.havering", {"cdr_coordinator", "analyst"});
  }

  // The name of the death review that a hospital's word begins.
  std::string Notify(const std::string& borough, const std::string& area) {
    pb::NotifyDeathRequest request;
    request.set_parent("boroughs/" + borough);
    request.set_kind(pb::NOTIFIER_KIND_HOSPITAL);
    request.set_request_id(NewRequestId());
    pb::Particulars& particulars = *request.mutable_particulars();
    particulars.set_given_name("Quentin");
    particulars.set_family_name("Zzinvented");
    particulars.set_residence_area(area);
    particulars.mutable_birth_date()->set_year(2015);
    particulars.mutable_birth_date()->set_month(3);
    particulars.mutable_birth_date()->set_day(14);
    particulars.mutable_death_date()->set_year(2025);
    particulars.mutable_death_date()->set_month(3);
    particulars.mutable_death_date()->set_day(1);
    pb::NotifyDeathResponse reply;
    const absl::Status status =
        Ask(*shared_.As(kTeam), "DeathNotificationsService/NotifyDeath", borough, request, &reply);
    EXPECT_TRUE(status.ok()) << status;
    return reply.death_notification().death_review();
  }

  absl::Status Ask(client::Channel& channel, const std::string& method, const std::string& borough,
                   const google::protobuf::Message& request, google::protobuf::Message* reply) {
    return channel.Call(kPackage + method, request, {{"lscp-borough", borough}}, reply);
  }

  absl::Status Get(client::Channel& channel, const std::string& name, const std::string& borough) {
    pb::GetDeathReviewRequest request;
    request.set_name(name);
    pb::GetDeathReviewResponse reply;
    return Ask(channel, "DeathReviewsService/GetDeathReview", borough, request, &reply);
  }

  std::vector<std::string> List(client::Channel& channel, const std::string& borough) {
    pb::ListDeathReviewsRequest request;
    request.set_parent("boroughs/" + borough);
    pb::ListDeathReviewsResponse reply;
    const absl::Status status =
        Ask(channel, "DeathReviewsService/ListDeathReviews", borough, request, &reply);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<std::string> names;
    for (const pb::DeathReview& review : reply.death_reviews()) names.push_back(review.name());
    return names;
  }

  Suite shared_{SharedDeathReviews()};
  std::map<std::string, std::string> reviews_;  // by borough
  std::unique_ptr<client::Channel> team_;
  std::unique_ptr<client::Channel> havering_;
};

TEST_F(ThreeBoroughs, ShareAServiceThatNeedsNoOther) {
  // One child's name and days in three boroughs: three deaths, since each has its own register.
  EXPECT_THAT(List(*team_, "-"), UnorderedElementsAre(reviews_["barking-and-dagenham"],
                                                      reviews_["havering"], reviews_["redbridge"]));
  for (const auto& [borough, name] : reviews_) {
    EXPECT_EQ(Get(*team_, name, borough), absl::OkStatus());
  }
  pb::GetAnnualFiguresRequest request;
  request.set_parent("boroughs/-");
  request.set_year(2025);
  pb::GetAnnualFiguresResponse figures;
  ASSERT_EQ(Ask(*team_, "AnnualFiguresService/GetAnnualFigures", "-", request, &figures),
            absl::OkStatus());
  EXPECT_EQ(figures.figures().flows_size(), 4);
  // Its metrics say whose clocks run.
  for (const auto& [borough, area] : SharingBoroughs()) {
    const std::string series = absl::StrCat("lscp_timescales{borough=\"", borough, "\"");
    EXPECT_TRUE(WaitUntil([&] {
      return shared_.AdminPage(Suite::kChildDeathReviews, "/metrics").find(series) !=
             std::string::npos;
    })) << borough;
  }
}

TEST_F(ThreeBoroughs, OneBoroughsCoordinatorSeesNothingOfAnothers) {
  EXPECT_EQ(Get(*havering_, reviews_["havering"], "havering"), absl::OkStatus());
  EXPECT_THAT(List(*havering_, "havering"), UnorderedElementsAre(reviews_["havering"]));
  EXPECT_THAT(List(*havering_, "-"), UnorderedElementsAre(reviews_["havering"]));
  // Under whatever borough it asks, and whether there is such a record or not, it hears the same.
  const std::string none = "boroughs/redbridge/deathReviews/none";
  const absl::Status absent = Get(*havering_, none, "redbridge");
  EXPECT_TRUE(absl::IsPermissionDenied(absent)) << absent;
  EXPECT_EQ(Get(*havering_, reviews_["redbridge"], "redbridge").code(), absent.code());
  EXPECT_FALSE(Get(*havering_, reviews_["redbridge"], "havering").ok());
  EXPECT_FALSE(Get(*havering_, reviews_["redbridge"], "-").ok());
  pb::GetAnnualFiguresRequest request;
  request.set_parent("boroughs/-");
  request.set_year(2025);
  pb::GetAnnualFiguresResponse figures;
  ASSERT_EQ(Ask(*havering_, "AnnualFiguresService/GetAnnualFigures", "-", request, &figures),
            absl::OkStatus());
  for (const pb::AnnualFlow& flow : figures.figures().flows()) {
    EXPECT_TRUE(flow.borough() == "boroughs/havering" || flow.borough() == "boroughs/-");
  }
  // What is published is of all three, or of nobody.
  pb::GetPublishedAnnualFiguresRequest publish;
  publish.set_parent("boroughs/-");
  publish.set_year(2024);
  pb::GetPublishedAnnualFiguresResponse published;
  EXPECT_FALSE(
      Ask(*havering_, "AnnualFiguresService/GetPublishedAnnualFigures", "-", publish, &published)
          .ok());
  EXPECT_EQ(Ask(*team_, "AnnualFiguresService/GetPublishedAnnualFigures", "-", publish, &published),
            absl::OkStatus());
}

TEST_F(ThreeBoroughs, AreReachedThroughABoroughsOwnGatewayToo) {
  Suite own(HaveringsOf(shared_));
  shared_.AddConfig("gateway",
                    absl::Substitute("token_issuers { issuer: \"$0\" audience: \"lscp\"\n"
                                     "  jwks_file: \"$1/jwks.json\"\n"
                                     "  agencies: \"havering-council\" }\n",
                                     "https://issuer.example/havering", own.pki().directory()));
  shared_.StopGateway();
  shared_.StartGateway();
  const auto coordinator = own.As("havering-council", "c.havering", {"cdr_coordinator"});
  ASSERT_TRUE(WaitUntil([&] { return Get(*coordinator, reviews_["havering"], "havering").ok(); }));
  EXPECT_FALSE(Get(*coordinator, reviews_["redbridge"], "redbridge").ok());
  EXPECT_FALSE(Get(*coordinator, reviews_["redbridge"], "havering").ok());
  // Its people are those of its council and nobody else's.
  const auto stranger = own.As(kTeam, "c.team", {"cdr_coordinator"});
  EXPECT_FALSE(Get(*stranger, reviews_["havering"], "havering").ok());
  // The other authority's certificates open nothing at the partnership's door.
  client::Target target = own.TargetOf("havering-council", "c.havering", {"cdr_coordinator"});
  target.endpoint = shared_.gateway_endpoint();
  target.timeout = absl::Seconds(5);
  const auto at_the_door = client::Channel::Open(target);
  ASSERT_TRUE(at_the_door.ok()) << at_the_door.status();
  EXPECT_FALSE(Get(**at_the_door, reviews_["havering"], "havering").ok());
}

}  // namespace
}  // namespace lscp::tests
