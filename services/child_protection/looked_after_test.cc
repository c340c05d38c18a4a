#include "child_protection/looked_after.h"

#include <string>
#include <vector>

#include "child_protection/child_check_service.h"
#include "child_protection/missing_episode.h"
#include "child_protection/testing/indicators_fixture.h"
#include "common/time/clock.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "gmock/gmock.h"
#include "safeguarding/children_in_care/v1/events.pb.h"

namespace lscp::child_protection {
namespace {

namespace care = safeguarding::children_in_care::v1;

using absl::CivilDay;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LookedAfterTest : public IndicatorsFixture {
 protected:
  LookedAfterTest() { FollowCare(context_); }

  template <typename Content>
  absl::Status Tell(const char* type, const std::string& child, const std::string& fields) {
    auto content = Parse<Content>(fields);
    content.set_child(child);
    content.set_child_in_care("boroughs/barnet/childrenInCare/c-" + child.substr(child.size() - 2));
    return harness_.Deliver(context_.events(), type, child, content);
  }
  absl::Status Started(const std::string& child, const std::string& fields) {
    return Tell<care::CareStarted>("children_in_care.care_started", child, fields);
  }
  absl::Status Ended(const std::string& child, const std::string& fields) {
    return Tell<care::CareEnded>("children_in_care.care_ended", child, fields);
  }
  absl::Status Corrected(const std::string& child, const std::string& fields) {
    return Tell<care::CareCorrected>("children_in_care.care_corrected", child, fields);
  }
  // What an agency is told of the child today.
  std::vector<pb::ChildStatus> Told() {
    harness_.clock.Advance(absl::Seconds(1));
    const auto response = harness_.Run(
        checks_, &ChildChecks::Check,
        Parse<pb::CheckChildRequest>("parent: 'boroughs/barnet' nhs_number: '9990000018'"));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<pb::ChildStatus> told;
    for (const auto& status : response->statuses()) told.push_back(status.status());
    return told;
  }
  void Missing(const std::string& id, const std::string& child, CivilDay day) {
    Row("missing_episodes", {{"id", id},
                             {"child", child},
                             {"state", pb::MissingEpisode::STATE_FOUND},
                             {"kind", pb::MISSING_KIND_MISSING},
                             {"missing_from", pb::MISSING_FROM_CARE},
                             {"missing_at", StartOfDay(day) + absl::Hours(12)},
                             {"found_at", StartOfDay(day) + absl::Hours(20)}});
  }

  safeguarding::config::v1::ServiceConfig config_;
  SystemClock clock_;
  ServiceContext context_{&config_, &clock_};
  ChildChecks checks_{parts_};
};

constexpr char kFebruary[] = "start_date { year: 2025 month: 2 day: 3 } ";
constexpr char kEndToday[] = "end_date { year: 2025 month: 3 day: 3 }";

TEST_F(LookedAfterTest, AnAgencyIsToldWhileTheChildIsLookedAfter) {
  const std::string child = Child("k1", "nhs_number: '9990000018'");
  EXPECT_THAT(Told(), IsEmpty());
  ASSERT_EQ(Started(child, kFebruary), absl::OkStatus());
  EXPECT_THAT(Told(), ElementsAre(pb::CHILD_STATUS_LOOKED_AFTER));
  ASSERT_EQ(Ended(child, std::string(kFebruary) + kEndToday), absl::OkStatus());
  EXPECT_THAT(Told(), IsEmpty());
  ASSERT_EQ(Started(child, "start_date { year: 2025 month: 3 day: 3 }"), absl::OkStatus());
  EXPECT_THAT(Told(), ElementsAre(pb::CHILD_STATUS_LOOKED_AFTER));
}

TEST_F(LookedAfterTest, ACorrectionReplacesWhatWasTold) {
  const std::string child = Child("k1", "nhs_number: '9990000018'");
  ASSERT_EQ(Started(child, kFebruary), absl::OkStatus());
  ASSERT_EQ(Corrected(child,
                      "periods { start_date { year: 2024 month: 2 day: 3 } end_date { year: "
                      "2024 month: 5 day: 3 } } periods { " +
                          std::string(kFebruary) + kEndToday + " }"),
            absl::OkStatus());
  EXPECT_THAT(Told(), IsEmpty());
  const auto rows = harness_.Database().Query(
      "SELECT started_on, ended_on FROM care_periods ORDER BY started_on", {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].Day(1), CivilDay(2024, 5, 3));
  ASSERT_EQ(Corrected(child, "periods { " + std::string(kFebruary) + " }"), absl::OkStatus());
  EXPECT_THAT(Told(), ElementsAre(pb::CHILD_STATUS_LOOKED_AFTER));
}

TEST_F(LookedAfterTest, AnEventThatComesAgainChangesNothing) {
  const std::string child = Child("k1", "nhs_number: '9990000018'");
  care::CareStarted started = Parse<care::CareStarted>(kFebruary);
  started.set_child(child);
  started.set_child_in_care("boroughs/barnet/childrenInCare/c1");
  safeguarding::events::v1::DeliverRequest request;
  request.set_parent("boroughs/barnet");
  auto& event = *request.add_events();
  event.set_id("children-in-care/barnet/1");
  event.set_type("children_in_care.care_started");
  event.set_resource(child);
  event.set_subject(child);
  event.mutable_content()->PackFrom(started);
  ASSERT_TRUE(harness_.Run(context_.events(), &EventSink::Deliver, request).ok());
  started.set_child_in_care("boroughs/barnet/childrenInCare/c2");
  event.mutable_content()->PackFrom(started);
  ASSERT_TRUE(harness_.Run(context_.events(), &EventSink::Deliver, request).ok());
  const auto rows = harness_.Database().Query("SELECT record FROM care_periods", {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].Text(0), "c1");
}

TEST_F(LookedAfterTest, TheShareOfChildrenInCareWhoWentMissing) {
  const std::string first = Child("k1", "birth_date { year: 2012 month: 4 day: 1 }");
  const std::string second = Child("k2", "birth_date { year: 2012 month: 4 day: 1 }");
  const std::string third = Child("k3", "birth_date { year: 2012 month: 4 day: 1 }");
  const std::string breaks = Child("k4", "birth_date { year: 2012 month: 4 day: 1 }");
  for (const std::string& child : {first, second, third}) {
    ASSERT_EQ(Started(child, kFebruary), absl::OkStatus());
  }
  ASSERT_EQ(Started(breaks, std::string(kFebruary) + "short_breaks: true"), absl::OkStatus());
  ASSERT_EQ(Ended(third, std::string(kFebruary) + "end_date { year: 2025 month: 2 day: 20 }"),
            absl::OkStatus());
  Missing("m1", "k1", CivilDay(2025, 2, 10));
  Missing("m2", "k1", CivilDay(2025, 2, 12));
  Missing("m3", "k2", CivilDay(2025, 1, 10));  // before care
  Missing("m4", "k3", CivilDay(2025, 2, 25));  // after it
  Missing("m5", "k4", CivilDay(2025, 2, 25));
  EXPECT_EQ(Figure("children_in_care_missing", CivilDay(2025, 2, 1), CivilDay(2025, 2, 28)), "1/3");
  EXPECT_EQ(Figure("children_in_care_missing", CivilDay(2025, 3, 1), CivilDay(2025, 3, 31)), "0/2");
  EXPECT_EQ(Figure("vulnerable_young_people_in_care", CivilDay(2025, 2, 1), CivilDay(2025, 2, 28)),
            "3/3");
}

}  // namespace
}  // namespace lscp::child_protection
