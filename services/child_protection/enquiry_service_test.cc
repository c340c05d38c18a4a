#include "child_protection/enquiry_service.h"

#include "child_protection/strategy_discussion_service.h"
#include "child_protection/testing/fixture.h"
#include "common/status/error.h"
#include "gmock/gmock.h"

namespace lscp::child_protection {
namespace {

using pb::Enquiry;
using pb::StrategyDiscussion;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EnquiriesTest : public Fixture {
 protected:
  template <typename Response, typename Request>
  Response Must(absl::StatusOr<Response> (StrategyDiscussions::*handler)(const Request&,
                                                                         Transaction&),
                const Request& request) {
    harness_.clock.Advance(absl::Seconds(1));
    const auto response = harness_.Run(discussions_, handler, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(Response());
  }
  // A strategy discussion about these children, held and decided so for all of them.
  StrategyDiscussion Decided(const std::vector<std::string>& children, const std::string& outcome) {
    auto open = Parse<pb::OpenStrategyDiscussionRequest>(
        "parent: 'boroughs/barnet' concerns: 'x' reason: STRATEGY_REASON_HARM "
        "requester: STRATEGY_REQUESTER_SOCIAL_CARE team: 'assessment-1'");
    open.mutable_children()->Assign(children.begin(), children.end());
    auto discussion = Must(&StrategyDiscussions::Open, open).strategy_discussion();
    discussion = Must(&StrategyDiscussions::Hold,
                      Of<pb::HoldStrategyDiscussionRequest>(
                          discussion,
                          "chair: 'c.chair' information_shared: 'x' absence_reason: "
                          "'x' participants { kind: AGENCY_KIND_SOCIAL_CARE attended: "
                          "true }"))
                     .strategy_discussion();
    auto decide = Of<pb::DecideStrategyDiscussionRequest>(discussion, "rationale: 'x'");
    for (const std::string& child : children) {
      *decide.add_decisions() =
          Parse<pb::StrategyDecision>("child: '" + child + "' outcome: " + outcome);
    }
    return Must(&StrategyDiscussions::Decide, decide).strategy_discussion();
  }
  Enquiry Read(const std::string& name) {
    pb::GetEnquiryRequest get;
    get.set_name(name);
    const auto response = harness_.Run(enquiries_, &Enquiries::Get, get);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->enquiry() : Enquiry();
  }
  Enquiry Started(const std::string& child) {
    return Read(Decided({child}, "STRATEGY_OUTCOME_SECTION_47_JOINT").decisions(0).enquiry());
  }
  absl::StatusOr<Enquiry> Concluded(const Enquiry& enquiry, const std::string& fields) {
    const auto response =
        harness_.Run(enquiries_, &Enquiries::Conclude,
                     Of<pb::ConcludeEnquiryRequest>(
                         enquiry, "analysis: 'x' rationale: 'x' not_seen_reason: 'x' " + fields));
    if (!response.ok()) return response.status();
    return response->enquiry();
  }
  std::vector<Enquiry> List(const std::string& filter) {
    const auto response =
        harness_.Run(enquiries_, &Enquiries::List,
                     Parse<pb::ListEnquiriesRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->enquiries().begin(), response->enquiries().end()};
  }

  StrategyDiscussions discussions_{parts_};
  Enquiries enquiries_;
  const EnquiryStore store_;
};

constexpr char kConferenceNeeded[] =
    "finding: ENQUIRY_FINDING_CONTINUING_RISK next_step: ENQUIRY_NEXT_STEP_INITIAL_CONFERENCE";
constexpr char kNoConference[] =
    "finding: ENQUIRY_FINDING_NOT_SUBSTANTIATED next_step: ENQUIRY_NEXT_STEP_ASSESSMENT";

TEST_F(EnquiriesTest, AreStartedForEachChildWhoNeedsOneWithTheirClocks) {
  const auto discussion = Decided({Child("a"), Child("b")}, "STRATEGY_OUTCOME_SECTION_47_JOINT");
  ASSERT_THAT(discussion.decisions(), SizeIs(2));
  for (const auto& decision : discussion.decisions()) {
    const Enquiry enquiry = Read(decision.enquiry());
    EXPECT_EQ(enquiry.child(), decision.child());
    EXPECT_TRUE(enquiry.joint());
    EXPECT_EQ(ClockOf(enquiry.name(), "initial_conference"), "due 2025-03-24");
  }
  EXPECT_THAT(harness_.entries, SizeIs(3));
}

TEST_F(EnquiriesTest, AreNotStartedForWhoNeedsNone) {
  const auto discussion = Decided({Child("a")}, "STRATEGY_OUTCOME_NO_FURTHER_ACTION");
  EXPECT_EQ(discussion.decisions(0).enquiry(), "");
  EXPECT_THAT(List(""), IsEmpty());
}

TEST_F(EnquiriesTest, GoOnWhenALaterDiscussionFindsThemOpenUnderAnyRecordOfTheChild) {
  const Enquiry first = Started(Child("a"));
  const std::string same = Child("b");
  safeguarding::referrals::v1::ChildrenMerged merge;
  merge.set_child(same);
  merge.set_duplicate(first.child());
  ASSERT_TRUE(children_.Merge(harness_.Database(), merge).ok());
  harness_.clock.Advance(absl::Hours(72));
  const auto later = Decided({same}, "STRATEGY_OUTCOME_SECTION_47_SINGLE_AGENCY");
  EXPECT_EQ(later.decisions(0).enquiry(), first.name());
  const Enquiry enquiry = Read(first.name());
  EXPECT_THAT(enquiry.strategy_discussions(), SizeIs(2));
  EXPECT_TRUE(enquiry.joint());
  EXPECT_EQ(ClockOf(enquiry.name(), "initial_conference"), "due 2025-03-24");
}

TEST_F(EnquiriesTest, ThatNeedAConferenceOweItUntilItWasHeld) {
  Enquiry enquiry = Started(Child("a"));
  enquiry = *Concluded(enquiry, kConferenceNeeded);
  EXPECT_EQ(enquiry.state(), Enquiry::STATE_CONFERENCE_DUE);
  EXPECT_EQ(ClockOf(enquiry.name(), "initial_conference"), "due 2025-03-24");
  EXPECT_THAT(List("conference_overdue: true"), IsEmpty());
  harness_.clock.Advance(absl::Hours(24 * 22));
  EXPECT_THAT(List("conference_overdue: true"), SizeIs(1));
  // What the conference does when it was held, here in place of it.
  struct Conference {
    const EnquiryStore& store;
    std::string enquiry;
    absl::StatusOr<pb::GetEnquiryResponse> Hold(const pb::CancelEnquiryRequest&, Transaction& tx) {
      const absl::Status held = HoldInitialConferenceOf(tx, store, enquiry, tx.now());
      if (!held.ok()) return held;
      return pb::GetEnquiryResponse();
    }
  } conference{store_, enquiry.name()};
  ASSERT_TRUE(harness_.Run(conference, &Conference::Hold, pb::CancelEnquiryRequest()).ok());
  EXPECT_EQ(Read(enquiry.name()).state(), Enquiry::STATE_CONFERENCE_HELD);
  EXPECT_EQ(ClockOf(enquiry.name(), "initial_conference"), "due 2025-03-24 met 2025-03-25");
  EXPECT_THAT(List("conference_overdue: true"), IsEmpty());
}

TEST_F(EnquiriesTest, ThatNeedNoConferenceOweNone) {
  Enquiry enquiry = Started(Child("a"));
  enquiry = *Concluded(enquiry, kConferenceNeeded);
  enquiry = *Concluded(enquiry, kNoConference);
  EXPECT_EQ(enquiry.state(), Enquiry::STATE_CONCLUDED);
  EXPECT_EQ(ClockOf(enquiry.name(), "initial_conference"), "due 2025-03-24 cancelled 2025-03-03");
  ASSERT_TRUE(harness_.entries.back().event.has_value());
  EXPECT_EQ(harness_.entries.back().event->type, "child_protection.enquiry_concluded");
}

TEST_F(EnquiriesTest, CancelledOweNothingAndLeaveRoomForAnother) {
  const std::string child = Child("a");
  const Enquiry enquiry = Started(child);
  ASSERT_TRUE(
      harness_
          .Run(enquiries_, &Enquiries::Cancel, Of<pb::CancelEnquiryRequest>(enquiry, "reason: 'x'"))
          .ok());
  EXPECT_EQ(ClockOf(enquiry.name(), "initial_conference"), "due 2025-03-24 cancelled 2025-03-03");
  EXPECT_NE(Started(child).name(), enquiry.name());
}

TEST_F(EnquiriesTest, GoWithTheirClockToWhoLeadsThem) {
  const Enquiry enquiry = Started(Child("a"));
  EXPECT_THAT(List("unallocated: true"), SizeIs(1));
  ASSERT_TRUE(harness_
                  .Run(enquiries_, &Enquiries::Allocate,
                       Of<pb::AllocateEnquiryRequest>(
                           enquiry, "team: 'assessment-2' lead_worker: 'w.worker'"))
                  .ok());
  EXPECT_THAT(List("lead_worker: 'w.worker' team: 'assessment-2'"), SizeIs(1));
  const auto rows = harness_.Database().Query(
      "SELECT team, owner FROM timescales WHERE subject = ?", {enquiry.name()});
  EXPECT_EQ((*rows)[0].Text(0) + " " + (*rows)[0].Text(1), "assessment-2 w.worker");
}

TEST_F(EnquiriesTest, OfARestrictedChildAreAbsentForWhoIsNotNamed) {
  const Enquiry enquiry = Started(Child("a"));
  Child("a", "restricted: true allowed_people: 'l.lead'", 2);
  EXPECT_THAT(List(""), IsEmpty());
  EXPECT_EQ(Concluded(enquiry, kNoConference).status().code(), absl::StatusCode::kPermissionDenied);
  harness_.caller.person = "l.lead";
  EXPECT_THAT(List("child: '" + enquiry.child() + "'"), SizeIs(1));
}

}  // namespace
}  // namespace lscp::child_protection
