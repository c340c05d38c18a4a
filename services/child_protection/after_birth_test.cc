#include "child_protection/after_birth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/core_group_service.h"
#include "child_protection/testing/conferences_fixture.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

// Today is 3 March 2025.
class AfterBirthTest : public ConferencesFixture {
 protected:
  // The register tells of the child, on this day of March.
  void Told(const std::string& id, int birth_day, int revision = 2) {
    const std::string fields =
        "birth_date { year: 2025 month: 3 day: " + std::to_string(birth_day) + " }";
    auto change = Parse<safeguarding::referrals::v1::ChildChanged>(fields);
    change.set_child(Child(id, fields, revision));
    const Call call = harness_.CallOf(pb::PlanCoreGroupRequest());
    Transaction tx(&harness_.Database(), &call);
    const absl::Status status = ExpectMeetingAfterBirth(tx, parts_, change);
    EXPECT_TRUE(status.ok()) << status;
  }
  void Days(int days) { harness_.clock.Advance(absl::Hours(24 * days)); }
  void HoldCoreGroup(const std::string& plan, absl::Time held) {
    auto request = Parse<pb::PlanCoreGroupRequest>(
        "parent: 'boroughs/barnet' members { agency: 'testschool' kind: AGENCY_KIND_EDUCATION }");
    request.add_plans(plan);
    *request.mutable_plan_time() = TimeToProto(held);
    const auto planned = harness_.Run(core_groups_, &CoreGroups::Plan, request);
    ASSERT_TRUE(planned.ok()) << planned.status();
    auto hold =
        Of<pb::HoldCoreGroupRequest>(planned->core_group(), "agencies_attended: 'testschool'");
    *hold.mutable_hold_time() = TimeToProto(held);
    const auto response = harness_.Run(core_groups_, &CoreGroups::Hold, hold);
    ASSERT_TRUE(response.ok()) << response.status();
  }
  std::string Owed(const std::string& plan) { return ClockOf(plan, "meeting_after_birth"); }

  CoreGroups core_groups_{parts_};
};

TEST_F(AfterBirthTest, AMeetingIsOwedWhenThePlanBeganBeforeTheBirth) {
  const std::string plan = PlanFor(Child("k1"));
  EXPECT_EQ(Owed(plan), "none");
  Days(8);
  Told("k1", 10);
  EXPECT_EQ(Owed(plan), "due 2025-03-20");
  Told("k1", 10, 3);  // of something else
  EXPECT_EQ(Owed(plan), "due 2025-03-20");
  Days(3);
  HoldCoreGroup(plan, harness_.clock.Now());
  EXPECT_EQ(Owed(plan), "due 2025-03-20 met 2025-03-14");
  Told("k1", 10, 4);
  EXPECT_EQ(Owed(plan), "due 2025-03-20 met 2025-03-14");
}

TEST_F(AfterBirthTest, WhoMetBeforeTheBirthMeetAgain) {
  const std::string plan = PlanFor(Child("k1"));
  Days(8);
  Told("k1", 10);
  HoldCoreGroup(plan, StartOfDay(absl::CivilDay(2025, 3, 9)) + absl::Hours(12));
  EXPECT_EQ(Owed(plan), "due 2025-03-20");
}

TEST_F(AfterBirthTest, NoneIsOwedWhenThereWasOneBeforeTheRegisterKnew) {
  const std::string plan = PlanFor(Child("k1"));
  Days(9);
  HoldCoreGroup(plan, harness_.clock.Now());
  Told("k1", 11);
  EXPECT_EQ(Owed(plan), "none");
}

TEST_F(AfterBirthTest, NoneIsOwedForAChildWhoWasBornWhenThePlanBegan) {
  const std::string plan = PlanFor(Child("k1"));
  Told("k1", 2);
  EXPECT_EQ(Owed(plan), "none");
}

}  // namespace
}  // namespace lscp::child_protection
