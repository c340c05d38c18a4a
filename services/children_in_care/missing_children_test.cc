#include "children_in_care/missing_children.h"

#include "children_in_care/testing/fixture.h"
#include "common/status/error.h"
#include "common/time/clock.h"
#include "domain/register.h"
#include "safeguarding/child_protection/v1/events.pb.h"

namespace lscp::children_in_care {
namespace {

namespace protection = safeguarding::child_protection::v1;

class MissingChildrenTest : public Fixture {
 protected:
  MissingChildrenTest() { FollowMissing(context_); }

  template <typename Content>
  absl::Status Tell(const char* type, const std::string& child, const std::string& episode,
                    const std::string& fields = "") {
    auto content = Parse<Content>(fields);
    content.set_child(child);
    content.set_missing_episode("boroughs/barnet/missingEpisodes/" + episode);
    return harness_.Deliver(context_.events(), type, child, content);
  }
  absl::Status Reported(const std::string& child, const std::string& episode,
                        const char* kind = "MISSING_KIND_MISSING") {
    return Tell<protection::MissingReported>(
        "child_protection.missing_reported", child, episode,
        std::string("missing_from: MISSING_FROM_CARE missing_time { seconds: 1740900000 } kind: ") +
            kind);
  }
  absl::Status Found(const std::string& child, const std::string& episode) {
    return Tell<protection::MissingFound>("child_protection.missing_found", child, episode,
                                          "found_time { seconds: 1740990000 }");
  }
  pb::ChildTonight Tonight() {
    const auto response =
        harness_.Run(children_, &ChildrenInCare::ListTonight,
                     Parse<pb::ListChildrenTonightRequest>("parent: 'boroughs/barnet'"));
    EXPECT_TRUE(response.ok() && response->children_size() == 1) << response.status();
    return response.ok() ? response->children(0) : pb::ChildTonight();
  }

  safeguarding::config::v1::ServiceConfig config_;
  SystemClock clock_;
  ServiceContext context_{&config_, &clock_};
};

TEST_F(MissingChildrenTest, AMissingChildIsListedAsSuchUntilItIsBack) {
  const std::string child = Child("a");
  InCare(child);
  ASSERT_EQ(Reported(child, "m1"), absl::OkStatus());
  EXPECT_EQ(Tonight().whereabouts(), pb::WHEREABOUTS_MISSING);
  EXPECT_EQ(Tonight().missing_episode(), "boroughs/barnet/missingEpisodes/m1");
  EXPECT_EQ(Tonight().missing_time().seconds(), 1740900000);
  EXPECT_EQ(
      harness_
          .Run(children_, &ChildrenInCare::ListTonight,
               Parse<pb::ListChildrenTonightRequest>("parent: 'boroughs/barnet' not_placed: true"))
          ->children_size(),
      1);
  ASSERT_EQ(Found(child, "m1"), absl::OkStatus());
  EXPECT_EQ(Tonight().whereabouts(), pb::WHEREABOUTS_PLACED);
  ASSERT_EQ(Reported(child, "m2", "MISSING_KIND_AWAY_WITHOUT_LEAVE"), absl::OkStatus());
  EXPECT_EQ(Tonight().whereabouts(), pb::WHEREABOUTS_AWAY_WITHOUT_LEAVE);
  ASSERT_EQ(Tell<protection::MissingVoided>("child_protection.missing_voided", child, "m2"),
            absl::OkStatus());
  EXPECT_EQ(Tonight().whereabouts(), pb::WHEREABOUTS_PLACED);
}

TEST_F(MissingChildrenTest, IsKnownUnderWhateverRecordOfTheRegister) {
  const std::string child = Child("a");
  const std::string duplicate = Child("b");
  InCare(child);
  ASSERT_EQ(Reported(duplicate, "m1"), absl::OkStatus());
  EXPECT_EQ(Tonight().whereabouts(), pb::WHEREABOUTS_PLACED);
  ASSERT_TRUE(domain::MergeRecords(harness_.Database(), duplicate, child).ok());
  EXPECT_EQ(Tonight().whereabouts(), pb::WHEREABOUTS_MISSING);
}

TEST_F(MissingChildrenTest, CareOfAMissingChildEndsForAnotherReasonOnly) {
  const std::string child = Child("a");
  const pb::ChildInCare record = InCare(child);
  ASSERT_EQ(Reported(child, "m1"), absl::OkStatus());
  const auto end = [&](const std::string& why) {
    return harness_
        .Run(children_, &ChildrenInCare::End,
             Of<pb::EndCareRequest>(record,
                                    "end_date { year: 2025 month: 3 day: 2 } end_reason: " + why))
        .status();
  };
  EXPECT_EQ(ReasonOf(end("EPISODE_END_REASON_HOME_PLANNED")), reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_EQ(end("EPISODE_END_REASON_OTHER"), absl::OkStatus());
}

}  // namespace
}  // namespace lscp::children_in_care
