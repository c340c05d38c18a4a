#include "child_protection/strategy_discussion_service.h"

#include <optional>

#include "child_protection/testing/fixture.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::child_protection {
namespace {

using pb::StrategyDiscussion;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kAllThere[] =
    "chair: 'c.chair' information_shared: 'x' "
    "participants { kind: AGENCY_KIND_SOCIAL_CARE attended: true } "
    "participants { kind: AGENCY_KIND_POLICE attended: true } "
    "participants { kind: AGENCY_KIND_HEALTH sent_information: true } ";

class StrategyDiscussionsTest : public Fixture {
 protected:
  absl::StatusOr<StrategyDiscussion> TryOpen(const std::string& fields) {
    harness_.clock.Advance(absl::Seconds(1));
    const auto response =
        harness_.Run(discussions_, &StrategyDiscussions::Open,
                     Parse<pb::OpenStrategyDiscussionRequest>(
                         "parent: 'boroughs/barnet' concerns: 'x' reason: STRATEGY_REASON_HARM "
                         "requester: STRATEGY_REQUESTER_POLICE " +
                         fields));
    if (!response.ok()) return response.status();
    return response->strategy_discussion();
  }
  StrategyDiscussion Open(const std::string& child) {
    const auto discussion = TryOpen("children: '" + child + "'");
    EXPECT_TRUE(discussion.ok()) << discussion.status();
    return discussion.value_or(StrategyDiscussion());
  }
  StrategyDiscussion Held(const StrategyDiscussion& discussion) {
    const auto response =
        harness_.Run(discussions_, &StrategyDiscussions::Hold,
                     Of<pb::HoldStrategyDiscussionRequest>(discussion, kAllThere));
    EXPECT_TRUE(response.ok()) << response.status();
    return response->strategy_discussion();
  }
  std::vector<StrategyDiscussion> List(const std::string& filter) {
    const auto response = harness_.Run(
        discussions_, &StrategyDiscussions::List,
        Parse<pb::ListStrategyDiscussionsRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->strategy_discussions().begin(), response->strategy_discussions().end()};
  }

  StrategyDiscussions discussions_{parts_};
};

TEST_F(StrategyDiscussionsTest, GoesFromOpenToDecidedWithItsClock) {
  const std::string child = Child("k1");
  StrategyDiscussion discussion = Open(child);
  EXPECT_EQ(ClockOf(discussion.name(), "strategy_discussion"), "due 2025-03-06");
  harness_.clock.Advance(absl::Hours(24));
  discussion = Held(discussion);
  EXPECT_EQ(ClockOf(discussion.name(), "strategy_discussion"), "due 2025-03-06 met 2025-03-04");
  const auto decided =
      harness_.Run(discussions_, &StrategyDiscussions::Decide,
                   Of<pb::DecideStrategyDiscussionRequest>(
                       discussion, "rationale: 'x' decisions { child: '" + child +
                                       "' outcome: STRATEGY_OUTCOME_CONTINUE_PLAN }"));
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->strategy_discussion().state(), StrategyDiscussion::STATE_DECIDED);
  ASSERT_TRUE(harness_.entries.back().event.has_value());
  EXPECT_EQ(harness_.entries.back().event->type, "child_protection.strategy_discussion_decided");
  const auto rows = harness_.Database().Query(
      "SELECT COUNT(*), SUM(attended), SUM(sent_information) FROM strategy_participants", {});
  EXPECT_EQ((*rows)[0].Int(0), 3);
  EXPECT_EQ((*rows)[0].Int(1), 2);
  EXPECT_EQ((*rows)[0].Int(2), 1);
}

TEST_F(StrategyDiscussionsTest, CancelledOwesNothing) {
  const StrategyDiscussion discussion = Open(Child("k1"));
  ASSERT_TRUE(harness_
                  .Run(discussions_, &StrategyDiscussions::Cancel,
                       Of<pb::CancelStrategyDiscussionRequest>(discussion, "reason: 'twice'"))
                  .ok());
  EXPECT_EQ(ClockOf(discussion.name(), "strategy_discussion"),
            "due 2025-03-06 cancelled 2025-03-03");
}

TEST_F(StrategyDiscussionsTest, TheFrontDoorsEventOpensExactlyOne) {
  const std::string child = Child("k1");
  EventSink sink;
  sink.On<safeguarding::referrals::v1::StrategyDiscussionRequested>(
      "referrals.strategy_discussion_requested",
      [this](const DeliveredEvent&, const auto& request, Transaction& tx) {
        return discussions_.OnRequested(request, tx);
      });
  safeguarding::referrals::v1::StrategyDiscussionRequested request;
  request.set_child(child);
  request.set_referral("boroughs/barnet/referrals/r1");
  request.set_immediate_danger(true);
  request.set_requested_by("m.manager");
  request.add_agencies("testschool");
  *request.mutable_request_time() = TimeToProto(harness_.clock.Now());
  ASSERT_TRUE(
      harness_.Deliver(sink, "referrals.strategy_discussion_requested", child, request).ok());
  const auto found = List("referral: 'boroughs/barnet/referrals/r1'");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].requester(), pb::STRATEGY_REQUESTER_FRONT_DOOR);
  EXPECT_TRUE(found[0].participants(0).invited());
  EXPECT_EQ(ClockOf(found[0].name(), "strategy_discussion_urgent"), "due 2025-03-03");
}

TEST_F(StrategyDiscussionsTest, AreFoundByEveryRecordOfTheChild) {
  const std::string a = Child("a");
  const std::string b = Child("b");
  Open(a);
  safeguarding::referrals::v1::ChildrenMerged merge;
  merge.set_child(b);
  merge.set_duplicate(a);
  ASSERT_TRUE(children_.Merge(harness_.Database(), merge).ok());
  EXPECT_THAT(List("child: '" + b + "'"), SizeIs(1));
  EXPECT_THAT(List("child: 'boroughs/barnet/children/none'"), IsEmpty());
  EXPECT_THAT(List("states: STATE_HELD"), IsEmpty());
  harness_.clock.Advance(absl::Hours(24 * 5));
  EXPECT_THAT(List("overdue: true"), SizeIs(1));
}

TEST_F(StrategyDiscussionsTest, AboutARestrictedChildAmongOthersAreAbsentForWhoIsNotNamed) {
  Child("open");
  Child("hidden", "restricted: true allowed_people: 'l.lead'");
  const std::string both =
      "children: 'boroughs/barnet/children/open' children: 'boroughs/barnet/children/hidden'";
  EXPECT_EQ(TryOpen(both).status().code(), absl::StatusCode::kPermissionDenied);
  harness_.caller.person = "l.lead";
  const auto discussion = TryOpen(both);
  ASSERT_TRUE(discussion.ok()) << discussion.status();
  EXPECT_THAT(List(""), SizeIs(1));
  harness_.caller.person = "w.worker";
  EXPECT_THAT(List(""), IsEmpty());
  pb::GetStrategyDiscussionRequest get;
  get.set_name(discussion->name());
  EXPECT_EQ(harness_.Run(discussions_, &StrategyDiscussions::Get, get).status().code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(harness_
                .Run(discussions_, &StrategyDiscussions::Hold,
                     Of<pb::HoldStrategyDiscussionRequest>(*discussion, kAllThere))
                .status()
                .code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(StrategyDiscussionsTest, TakesBrothersAndSistersLater) {
  const StrategyDiscussion discussion = Open(Child("k1"));
  const std::string sister = Child("k2");
  const auto added =
      harness_.Run(discussions_, &StrategyDiscussions::AddChildren,
                   Of<pb::AddChildrenRequest>(discussion, "children: '" + sister + "'"));
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_THAT(added->strategy_discussion().children(), SizeIs(2));
  EXPECT_THAT(List("child: '" + sister + "'"), SizeIs(1));
}

}  // namespace
}  // namespace lscp::child_protection
