#include "children_in_care/care_visit.h"

#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;
using lscp::testing::BrokenRule;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::Violations;
using pb::CareVisit;
using pb::VisitSchedule;
using ::testing::ElementsAre;

const CivilDay kStart(2025, 3, 3);
const Step kWorker = {"w.worker", "testcouncil", absl::FromUnixSeconds(1742200000)};
constexpr char kSeen[] = "child_seen: true seen_alone: true ";
constexpr char kNotSeen[] = "not_seen_reason: NOT_SEEN_REASON_NOBODY_IN ";

CareNow Care() {
  CareNow care;
  care.name = "boroughs/testborough/childrenInCare/c1";
  care.child = "boroughs/testborough/children/k1";
  care.start = kStart;
  care.legal = pb::LEGAL_STATUS_SECTION_20;
  care.legal_start = kStart;
  care.home = {"p1", kStart, pb::PLACEMENT_TYPE_FOSTER, false};
  return care;
}

VisitSchedule Open() {
  VisitSchedule schedule = BeginVisits(Care());
  schedule.set_name("boroughs/testborough/visitSchedules/s1");
  return schedule;
}

pb::RecordCareVisitRequest Request(CivilDay day, const std::string& account) {
  pb::RecordCareVisitRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(account, &request)) << account;
  *request.mutable_visit_time() = TimeToProto(StartOfDay(day) + absl::Hours(16));
  return request;
}

absl::StatusOr<CareVisit> Told(const VisitSchedule& schedule, CivilDay day,
                               const std::string& account) {
  return TellVisit(schedule, Request(day, account), DueOn(schedule, day, std::nullopt), kWorker);
}

TEST(CareVisitStates, AreWholeAndInTheReadme) {
  EXPECT_TRUE(IsWhole(kCareVisitTransitions));
  EXPECT_TRUE(IsWhole(kVisitScheduleTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILDREN_IN_CARE_README, MarkdownTable(kCareVisitTransitions)));
  EXPECT_TRUE(FileHolds(LSCP_CHILDREN_IN_CARE_README, MarkdownTable(kVisitScheduleTransitions)));
}

// Regulation 28 as a whole.
TEST(CareVisitDue, IsByTheTermsOfRegulation28) {
  struct Row {
    const char* terms;
    bool until_eighteen;
    bool reviewed;
    int last_seen;  // days after the start; -1 for not seen
    CivilDay due;
  };
  for (const Row& row : {
           Row{"ORDINARY", false, false, -1, CivilDay(2025, 3, 10)},
           Row{"ORDINARY", false, false, 7, CivilDay(2025, 4, 21)},
           Row{"ORDINARY", true, true, 364, CivilDay(2026, 4, 13)},
           Row{"ORDINARY", true, true, 365, CivilDay(2026, 6, 3)},
           Row{"ORDINARY", false, true, 365, CivilDay(2026, 4, 14)},
           Row{"PARENT_BEFORE_ASSESSMENT", false, false, -1, CivilDay(2025, 3, 10)},
           Row{"PARENT_BEFORE_ASSESSMENT", false, false, 7, CivilDay(2025, 3, 17)},
           Row{"PARENT_BEFORE_ASSESSMENT", false, true, 7, CivilDay(2025, 4, 21)},
           Row{"TEMPORARY_APPROVAL", false, false, 7, CivilDay(2025, 3, 17)},
           Row{"TEMPORARY_APPROVAL", false, true, 7, CivilDay(2025, 4, 7)},
           Row{"INTERIM_ORDER_AT_HOME", false, false, 7, CivilDay(2025, 3, 17)},
           Row{"INTERIM_ORDER_AT_HOME", false, true, 7, CivilDay(2025, 4, 7)},
           Row{"CARE_ORDER_AT_HOME", false, false, -1, CivilDay(2025, 3, 10)},
           Row{"CARE_ORDER_AT_HOME", false, false, 7, CivilDay(2025, 4, 21)},
           Row{"CARE_ORDER_AT_HOME", true, true, 400, CivilDay(2026, 5, 19)},
       }) {
    VisitBasis basis;
    ASSERT_TRUE(pb::VisitTerms_Parse(std::string("VISIT_TERMS_") + row.terms, &basis.terms));
    basis.start = kStart;
    basis.until_eighteen = row.until_eighteen;
    if (row.reviewed) basis.first_review = kStart + 8;
    const auto last =
        row.last_seen < 0 ? std::nullopt : std::optional<CivilDay>(kStart + row.last_seen);
    EXPECT_EQ(CareVisitDue(basis, last), row.due) << row.terms << " " << row.last_seen;
  }
}

TEST(CareVisitDue, IsAWeekAfterTheMoveWhateverWasSeenBefore) {
  EXPECT_EQ(CareVisitDue({.start = kStart}, kStart - 1), kStart + 7);
}

TEST(RegularTerms, FollowPlacementAndOrder) {
  EXPECT_EQ(RegularTerms(pb::LEGAL_STATUS_INTERIM_CARE_ORDER, pb::PLACEMENT_TYPE_FOSTER),
            pb::VISIT_TERMS_ORDINARY);
  EXPECT_EQ(RegularTerms(pb::LEGAL_STATUS_INTERIM_CARE_ORDER, pb::PLACEMENT_TYPE_PARENTS),
            pb::VISIT_TERMS_INTERIM_ORDER_AT_HOME);
  EXPECT_EQ(RegularTerms(pb::LEGAL_STATUS_FULL_CARE_ORDER, pb::PLACEMENT_TYPE_PARENTS),
            pb::VISIT_TERMS_CARE_ORDER_AT_HOME);
  EXPECT_EQ(RegularTerms(pb::LEGAL_STATUS_SECTION_20, pb::PLACEMENT_TYPE_PARENTS),
            pb::VISIT_TERMS_PARENT_BEFORE_ASSESSMENT);
}

TEST(SetCare, BeginsAnewWithAnotherPlacement) {
  VisitSchedule schedule = Open();
  ASSERT_TRUE(NoteVisit(schedule, *Told(schedule, kStart + 5, kSeen)));
  EXPECT_EQ(ProtoToDate(schedule.due_date()), kStart + 47);
  CareNow care = Care();
  care.home = {"p2", kStart + 20, pb::PLACEMENT_TYPE_PARENTS, false};
  care.legal = pb::LEGAL_STATUS_INTERIM_CARE_ORDER;
  care.legal_start = kStart + 10;
  SetCare(schedule, care);
  EXPECT_EQ(schedule.terms(), pb::VISIT_TERMS_INTERIM_ORDER_AT_HOME);
  EXPECT_EQ(ProtoToDate(schedule.due_date()), kStart + 27);
  ASSERT_TRUE(NoteVisit(schedule, *Told(schedule, kStart + 22, kSeen)));
  EXPECT_EQ(ProtoToDate(schedule.due_date()), kStart + 29);
  EXPECT_TRUE(NoteReview(schedule, kStart + 28));
  EXPECT_EQ(ProtoToDate(schedule.due_date()), kStart + 50);
  EXPECT_FALSE(NoteReview(schedule, kStart + 90)) << "not the first";
}

TEST(SetCare, BeginsAnewWithAnOrderThatChangesTheTerms) {
  CareNow care = Care();
  care.home.type = pb::PLACEMENT_TYPE_PARENTS;
  care.legal = pb::LEGAL_STATUS_INTERIM_CARE_ORDER;
  VisitSchedule schedule = BeginVisits(care);
  care.legal = pb::LEGAL_STATUS_FULL_CARE_ORDER;
  care.legal_start = kStart + 100;
  SetCare(schedule, care);
  EXPECT_EQ(schedule.terms(), pb::VISIT_TERMS_CARE_ORDER_AT_HOME);
  EXPECT_EQ(ProtoToDate(schedule.due_date()), kStart + 107) << "a week after the order";
}

TEST(SetCare, MovesWithThePlacementWhoseStartIsCorrected) {
  VisitSchedule schedule = Open();
  CareNow care = Care();
  care.start = care.home.start = kStart - 7;
  SetCare(schedule, care);
  EXPECT_EQ(ProtoToDate(schedule.due_date()), kStart);
}

TEST(SetCare, KeepsTheTermsThatWereSet) {
  VisitSchedule schedule = Open();
  pb::SetVisitTermsRequest request;
  request.set_terms(pb::VISIT_TERMS_TEMPORARY_APPROVAL);
  ASSERT_TRUE(SetTerms(schedule, request).ok());
  CareNow care = Care();
  care.team = "care-2";
  SetCare(schedule, care);
  EXPECT_EQ(schedule.terms(), pb::VISIT_TERMS_TEMPORARY_APPROVAL);
  EXPECT_EQ(schedule.team(), "care-2");
  care.end = kStart + 30;
  SetCare(schedule, care);
  EXPECT_EQ(schedule.state(), VisitSchedule::STATE_CLOSED);
  EXPECT_EQ(ReasonOf(SetTerms(schedule, request)), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
}

TEST(TellVisit, LateAndUnsuccessfulInTimeAreDifferentThings) {
  struct Row {
    int day;
    const char* account;
    pb::CareVisitTimeliness timeliness;
  };
  for (const Row& row : {Row{7, kSeen, pb::CARE_VISIT_TIMELINESS_IN_TIME},
                         Row{8, kSeen, pb::CARE_VISIT_TIMELINESS_LATE},
                         Row{7, kNotSeen, pb::CARE_VISIT_TIMELINESS_UNSUCCESSFUL_IN_TIME},
                         Row{8, kNotSeen, pb::CARE_VISIT_TIMELINESS_UNSUCCESSFUL_LATE}}) {
    const auto visit = Told(Open(), kStart + row.day, row.account);
    ASSERT_TRUE(visit.ok()) << visit.status();
    EXPECT_EQ(visit->timeliness(), row.timeliness) << row.day;
    EXPECT_EQ(visit->visitor(), "w.worker");
  }
}

TEST(TellVisit, SaysWhyTheChildWasNotSeenOrNotAlone) {
  struct Row {
    std::string account;
    std::vector<std::string> fields;
  };
  for (const Row& row : {
           Row{"", {"not_seen_reason"}},
           Row{std::string(kSeen) + kNotSeen, {"not_seen_reason"}},
           Row{std::string(kNotSeen) + "seen_alone: true", {"seen_alone"}},
           Row{"child_seen: true", {"not_alone_reason"}},
           Row{std::string(kSeen) + "not_alone_reason: NOT_ALONE_REASON_CHILD_REFUSED",
               {"not_alone_reason"}},
           Row{"child_seen: true not_alone_reason: NOT_ALONE_REASON_PREVENTED", {"note"}},
           Row{"not_seen_reason: NOT_SEEN_REASON_OTHER", {"note"}},
       }) {
    EXPECT_EQ(Violations(Told(Open(), kStart, row.account).status()), row.fields) << row.account;
  }
}

TEST(TellVisit, IsOfADayInCare) {
  VisitSchedule schedule = Open();
  EXPECT_EQ(BrokenRule(Told(schedule, kStart - 1, kSeen).status()), "in_care");
  CareNow care = Care();
  care.end = kStart + 9;
  SetCare(schedule, care);
  EXPECT_TRUE(Told(schedule, kStart + 9, kSeen).ok());
  EXPECT_EQ(BrokenRule(Told(schedule, kStart + 10, kSeen).status()), "in_care");
}

TEST(NoteVisit, TheFirstAttemptSinceStaysUntilTheChildIsSeen) {
  VisitSchedule schedule = Open();
  EXPECT_FALSE(NoteVisit(schedule, *Told(schedule, kStart + 6, kNotSeen)));
  EXPECT_FALSE(NoteVisit(schedule, *Told(schedule, kStart + 9, kNotSeen)));
  EXPECT_EQ(ProtoToDate(schedule.attempt_date()), kStart + 6);
  SetStanding(schedule, kStart + 8);
  EXPECT_EQ(schedule.standing(), pb::CARE_VISIT_STANDING_UNSUCCESSFUL_IN_TIME);
  EXPECT_TRUE(NoteVisit(schedule, *Told(schedule, kStart + 10, kSeen)));
  EXPECT_FALSE(schedule.has_attempt_date());
  EXPECT_FALSE(NoteVisit(schedule, *Told(schedule, kStart + 4, kSeen))) << "told late";
}

TEST(StandingOfVisits, LateUnsuccessfulInTimeAndNoRecordAreThreeThings) {
  const CivilDay due = kStart + 7;
  EXPECT_EQ(StandingOfVisits(due, {}, due), pb::CARE_VISIT_STANDING_NOT_DUE);
  EXPECT_EQ(StandingOfVisits(due, {}, due + 1), pb::CARE_VISIT_STANDING_NO_RECORD);
  EXPECT_EQ(StandingOfVisits(due, due, due + 1), pb::CARE_VISIT_STANDING_UNSUCCESSFUL_IN_TIME);
  EXPECT_EQ(StandingOfVisits(due, due + 1, due + 1), pb::CARE_VISIT_STANDING_UNSUCCESSFUL_LATE);
}

}  // namespace
}  // namespace lscp::children_in_care
