#include "children_in_care/care_visit_service.h"

#include "children_in_care/care_review_service.h"
#include "children_in_care/testing/fixture.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;
using pb::VisitSchedule;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kSeen[] = "child_seen: true seen_alone: true ";
constexpr char kNotSeen[] = "not_seen_reason: NOT_SEEN_REASON_REFUSED ";

// A child who came into care, and to foster carers, on 28 February 2025.
class CareVisitsTest : public Fixture {
 protected:
  CareVisitsTest() : child_(Child("k1")), care_(InCare(child_, 28)) {}

  std::vector<VisitSchedule> Listed(const std::string& filter = "") {
    const auto reply =
        harness_.Run(visits_, &CareVisits::ListSchedules,
                     Parse<pb::ListVisitSchedulesRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(reply.ok()) << reply.status();
    if (!reply.ok()) return {};
    return {reply->visit_schedules().begin(), reply->visit_schedules().end()};
  }
  VisitSchedule Schedule() {
    const auto schedules = Listed();
    EXPECT_THAT(schedules, SizeIs(1));
    return schedules.empty() ? VisitSchedule() : schedules[0];
  }
  // Now.
  absl::StatusOr<pb::CareVisit> Visit(const std::string& account) {
    auto request = Of<pb::RecordCareVisitRequest>(Schedule(), account);
    *request.mutable_visit_time() = TimeToProto(harness_.clock.Now());
    const auto reply = harness_.Run(visits_, &CareVisits::Record, request);
    if (!reply.ok()) return reply.status();
    return reply->care_visit();
  }
  void Change(const std::string& fields) {
    const auto changed =
        harness_.Run(children_, &ChildrenInCare::Change, Of<pb::ChangeCareRequest>(care_, fields));
    ASSERT_TRUE(changed.ok()) << changed.status();
    care_ = changed->child_in_care();
  }
  std::string Clock() { return ClockOf(Schedule().name(), "care_visit"); }
  void Days(int days) { harness_.clock.Advance(absl::Hours(24 * days)); }

  const std::string child_;
  pb::ChildInCare care_;
  CareVisits visits_;
};

TEST_F(CareVisitsTest, TheFirstIsDueAWeekAfterThePlacementAndThenEverySixWeeks) {
  EXPECT_EQ(Clock(), "due 2025-03-07");
  const auto visit = Visit(kSeen);
  ASSERT_TRUE(visit.ok()) << visit.status();
  EXPECT_EQ(visit->timeliness(), pb::CARE_VISIT_TIMELINESS_IN_TIME);
  EXPECT_EQ(Clock(), "due 2025-04-14");
  Days(43);
  EXPECT_EQ(Visit(kSeen)->timeliness(), pb::CARE_VISIT_TIMELINESS_LATE);
}

TEST_F(CareVisitsTest, LateUnsuccessfulInTimeAndNoRecordAreThreeThings) {
  EXPECT_THAT(Listed("standings: CARE_VISIT_STANDING_NOT_DUE"), SizeIs(1));
  Days(5);
  EXPECT_THAT(Listed("standings: CARE_VISIT_STANDING_NO_RECORD"), SizeIs(1));
  ASSERT_TRUE(Visit(kNotSeen).ok());
  EXPECT_THAT(Listed("standings: CARE_VISIT_STANDING_NO_RECORD"), IsEmpty());
  EXPECT_THAT(Listed("standings: CARE_VISIT_STANDING_UNSUCCESSFUL_LATE"), SizeIs(1));
  EXPECT_EQ(Schedule().standing(), pb::CARE_VISIT_STANDING_UNSUCCESSFUL_LATE);
}

TEST_F(CareVisitsTest, AnAttemptInTimeIsToldApart) {
  ASSERT_TRUE(Visit(kNotSeen).ok());
  EXPECT_THAT(Listed("standings: CARE_VISIT_STANDING_NOT_DUE"), SizeIs(1));
  Days(5);
  EXPECT_THAT(Listed("standings: CARE_VISIT_STANDING_UNSUCCESSFUL_IN_TIME"), SizeIs(1));
}

TEST_F(CareVisitsTest, AnotherPlacementBeginsTheTimeAnew) {
  ASSERT_TRUE(Visit(kSeen).ok());
  Days(7);
  Change(
      "change_date { year: 2025 month: 3 day: 10 } placement { type: PLACEMENT_TYPE_CHILDRENS_HOME "
      "provider: PLACEMENT_PROVIDER_PRIVATE urn: 'SC000001' address: '2 Invented Road' area_code: "
      "'E09000003' } placement_change_reason: PLACEMENT_CHANGE_REASON_CARER_BEHAVIOUR");
  EXPECT_EQ(Clock(), "due 2025-03-17");
}

TEST_F(CareVisitsTest, OneThatWasLateWhenTheChildMovedStaysLate) {
  const std::string name = Schedule().name();
  Days(14);
  Change(
      "change_date { year: 2025 month: 3 day: 14 } placement { type: PLACEMENT_TYPE_CHILDRENS_HOME "
      "provider: PLACEMENT_PROVIDER_PRIVATE urn: 'SC000001' address: '2 Invented Road' area_code: "
      "'E09000003' } placement_change_reason: PLACEMENT_CHANGE_REASON_CARER_BEHAVIOUR");
  EXPECT_EQ(Clock(), "due 2025-03-21");
  const auto rows = harness_.Database().Query(
      "SELECT COUNT(*) FROM timescales WHERE subject = ? AND cancelled_at > due_at", {name});
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ((*rows)[0].Int(0), 1);
}

TEST_F(CareVisitsTest, AFirstReviewEndsWeeklyVisits) {
  const auto set = harness_.Run(
      visits_, &CareVisits::SetTerms,
      Of<pb::SetVisitTermsRequest>(Schedule(), "terms: VISIT_TERMS_TEMPORARY_APPROVAL"));
  ASSERT_TRUE(set.ok()) << set.status();
  ASSERT_TRUE(Visit(kSeen).ok());
  EXPECT_EQ(Clock(), "due 2025-03-10");
  CareReviews reviews;
  const auto due = harness_.Run(reviews, &CareReviews::List,
                                Parse<pb::ListCareReviewsRequest>("parent: 'boroughs/barnet'"));
  ASSERT_TRUE(due.ok() && due->care_reviews_size() == 1);
  const auto held = harness_.Run(
      reviews, &CareReviews::Hold,
      Of<pb::HoldReviewRequest>(
          due->care_reviews(0),
          "hold_date { year: 2025 month: 3 day: 3 } reviewing_officer: 'o.officer' participation: "
          "PARTICIPATION_SPOKE decisions { text: 'x' owner: 'o' due_date { year: 2025 month: 5 "
          "day: 1 } }"));
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(Clock(), "due 2025-03-31");
}

TEST_F(CareVisitsTest, AreNotOwedWhenCareHasEnded) {
  const std::string name = Schedule().name();
  const auto ended =
      harness_.Run(children_, &ChildrenInCare::End,
                   Of<pb::EndCareRequest>(care_,
                                          "end_date { year: 2025 month: 3 day: 3 } "
                                          "end_reason: EPISODE_END_REASON_HOME_PLANNED"));
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_THAT(Listed(), IsEmpty());
  EXPECT_EQ(ClockOf(name, "care_visit"), "due 2025-03-07 cancelled 2025-03-03");
}

TEST_F(CareVisitsTest, AreListedWithoutTheirNotes) {
  ASSERT_TRUE(Visit(std::string(kSeen) + "note: 'Invented.'").ok());
  const auto listed = harness_.Run(
      visits_, &CareVisits::List,
      Parse<pb::ListCareVisitsRequest>("parent: 'boroughs/barnet' states: STATE_SEEN"));
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->care_visits_size(), 1);
  EXPECT_EQ(listed->care_visits(0).note(), "");
  EXPECT_THAT(harness_.disclosed, SizeIs(1));
}

}  // namespace
}  // namespace lscp::children_in_care
