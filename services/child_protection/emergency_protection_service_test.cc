#include "child_protection/emergency_protection_service.h"

#include "child_protection/testing/fixture.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::child_protection {
namespace {

using pb::EmergencyProtection;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EmergencyProtectionsTest : public Fixture {
 protected:
  absl::StatusOr<EmergencyProtection> Police(const std::string& child) {
    harness_.clock.Advance(absl::Seconds(1));
    const auto response =
        harness_.Run(protections_, &EmergencyProtections::RecordPolice,
                     Parse<pb::RecordPoliceProtectionRequest>(
                         "parent: 'boroughs/barnet' reference: '01/1/25' designated_officer: "
                         "'o.officer' grounds: 'x' child: '" +
                         child + "'"));
    if (!response.ok()) return response.status();
    return response->emergency_protection();
  }
  absl::StatusOr<EmergencyProtection> Order(const std::string& child, absl::Duration lasts) {
    harness_.clock.Advance(absl::Seconds(1));
    auto request = Parse<pb::RecordEmergencyProtectionOrderRequest>(
        "parent: 'boroughs/barnet' reference: 'ZX25/1' court: 'Testing court' grounds: 'x'");
    request.set_child(child);
    *request.mutable_expire_time() = TimeToProto(harness_.clock.Now() + lasts);
    const auto response = harness_.Run(protections_, &EmergencyProtections::RecordOrder, request);
    if (!response.ok()) return response.status();
    return response->emergency_protection();
  }
  std::vector<EmergencyProtection> List(const std::string& filter) {
    const auto response = harness_.Run(
        protections_, &EmergencyProtections::List,
        Parse<pb::ListEmergencyProtectionsRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->emergency_protections().begin(), response->emergency_protections().end()};
  }

  EmergencyProtections protections_{parts_};
};

TEST_F(EmergencyProtectionsTest, OfThePoliceGiveWayToAnOrderWithTheirClocks) {
  const std::string child = Child("k1");
  const auto police = Police(child);
  ASSERT_TRUE(police.ok()) << police.status();
  EXPECT_EQ(ClockOf(police->name(), "police_protection"), "due 2025-03-06");
  EXPECT_EQ(ReasonOf(Police(child).status()), reason::ERROR_REASON_DUPLICATE_RECORD);
  const auto order = Order(child, absl::Hours(24 * 8));
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_THAT(harness_.entries, SizeIs(2));
  EXPECT_EQ(ClockOf(police->name(), "police_protection"), "due 2025-03-06 met 2025-03-03");
  EXPECT_EQ(ClockOf(order->name(), "emergency_protection_order"), "due 2025-03-11");
  EXPECT_EQ(ReasonOf(Order(child, absl::Hours(24)).status()),
            reason::ERROR_REASON_DUPLICATE_RECORD);
  EXPECT_EQ(ReasonOf(Police(child).status()), reason::ERROR_REASON_DUPLICATE_RECORD);
  EXPECT_THAT(List("kinds: KIND_ORDER states: STATE_IN_FORCE child: '" + child + "'"), SizeIs(1));
}

TEST_F(EmergencyProtectionsTest, OfACourtAreExtendedAndEnded) {
  const auto order = Order(Child("k1"), absl::Hours(24 * 8));
  auto extend = Of<pb::ExtendEmergencyProtectionOrderRequest>(*order);
  *extend.mutable_expire_time() = TimeToProto(harness_.clock.Now() + absl::Hours(24 * 12));
  const auto extended = harness_.Run(protections_, &EmergencyProtections::Extend, extend);
  ASSERT_TRUE(extended.ok()) << extended.status();
  EXPECT_EQ(ClockOf(order->name(), "emergency_protection_order"), "due 2025-03-15");
  EXPECT_THAT(List("overdue: true"), IsEmpty());
  harness_.clock.Advance(absl::Hours(24 * 13));
  EXPECT_THAT(List("overdue: true"), SizeIs(1));
  const auto ended = harness_.Run(
      protections_, &EmergencyProtections::End,
      Of<pb::EndEmergencyProtectionRequest>(extended->emergency_protection(),
                                            "end: EMERGENCY_PROTECTION_END_INTERIM_CARE_ORDER"));
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ClockOf(order->name(), "emergency_protection_order"), "due 2025-03-15 met 2025-03-15");
  pb::GetEmergencyProtectionRequest get;
  get.set_name(order->name());
  const auto read = harness_.Run(protections_, &EmergencyProtections::Get, get);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->emergency_protection().state(), EmergencyProtection::STATE_ENDED);
}

TEST_F(EmergencyProtectionsTest, OfARestrictedChildAreAbsentForWhoIsNotNamed) {
  const std::string child = Child("k1");
  ASSERT_TRUE(Police(child).ok());
  Child("k1", "restricted: true allowed_people: 'l.lead'", 2);
  EXPECT_THAT(List(""), IsEmpty());
  EXPECT_EQ(Order(child, absl::Hours(24)).status().code(), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lscp::child_protection
