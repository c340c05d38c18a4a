#include "children_in_care/care_clocks.h"

#include "absl/strings/str_cat.h"
#include "children_in_care/testing/rules.h"
#include "common/testing/rules.h"
#include "common/time/london.h"

namespace lscp::children_in_care {
namespace {

// "due 2024-01-11 met 2024-01-10 in time", days in London; "none".
std::string Clock(const pb::ChildInCare& record, const std::string& rule) {
  for (const auto& clock : ClocksOf(record)) {
    if (clock.rule != rule) continue;
    std::string text = absl::StrCat("due ", absl::FormatCivilTime(LastDayOf(clock.due_at)));
    if (!clock.met_at) return text;
    return absl::StrCat(text, " met ", absl::FormatCivilTime(LondonDay(*clock.met_at)),
                        *clock.met_at <= clock.due_at ? " in time" : " late");
  }
  return "none";
}

TEST(Clocks, PoliceProtectionEndsWithin72HoursWhateverThePlacement) {
  Career career;
  ASSERT_EQ(career.Start(CivilDay(2024, 1, 8),
                         "LEGAL_STATUS_POLICE_PROTECTION begin_time { seconds: 1704722400 }"),
            absl::OkStatus());  // 14:00
  EXPECT_EQ(ClocksOf(career.record)[0].due_at, testing::LondonTime(2024, 1, 11, 14));
  ASSERT_EQ(career.ChangePlacement(CivilDay(2024, 1, 9),
                                   "type: PLACEMENT_TYPE_CHILDRENS_HOME provider: "
                                   "PLACEMENT_PROVIDER_PRIVATE"),
            absl::OkStatus());
  EXPECT_EQ(Clock(career.record, kPoliceProtection), "due 2024-01-11");
  Career late = career;
  ASSERT_EQ(career.ChangeLegal(CivilDay(2024, 1, 11), "LEGAL_STATUS_SECTION_20"), absl::OkStatus());
  EXPECT_EQ(Clock(career.record, kPoliceProtection), "due 2024-01-11 met 2024-01-11 in time");
  ASSERT_EQ(late.ChangeLegal(CivilDay(2024, 1, 12), "LEGAL_STATUS_SECTION_20"), absl::OkStatus());
  EXPECT_EQ(Clock(late.record, kPoliceProtection), "due 2024-01-11 met 2024-01-12 late");
}

TEST(Clocks, AnOrderEndsByItsLastDay) {
  const auto owed = [](const std::string& legal, const char* rule) {
    Career career;
    EXPECT_EQ(career.Start(CivilDay(2024, 1, 8), legal), absl::OkStatus());
    return Clock(career.record, rule);
  };
  EXPECT_EQ(owed("LEGAL_STATUS_EMERGENCY_PROTECTION_ORDER", kEmergencyOrder), "due 2024-01-16");
  EXPECT_EQ(owed("LEGAL_STATUS_EMERGENCY_PROTECTION_ORDER expiry_date { year: 2024 month: 1 day: "
                 "20 }",
                 kEmergencyOrder),
            "due 2024-01-20");
  EXPECT_EQ(owed("LEGAL_STATUS_CHILD_ASSESSMENT_ORDER", kAssessmentOrder), "due 2024-01-15");
  EXPECT_EQ(owed("LEGAL_STATUS_SHORT_BREAK", kShortBreak), "due 2024-01-25");
  EXPECT_EQ(owed("LEGAL_STATUS_SECTION_20", kShortBreak), "none");
}

TEST(Clocks, AChildIsBackFromATemporaryMoveInTime) {
  Career career;
  ASSERT_EQ(career.Start(CivilDay(2024, 1, 8)), absl::OkStatus());
  ASSERT_EQ(career.Move(CivilDay(2024, 2, 1), "type: PLACEMENT_TYPE_HOLIDAY"), absl::OkStatus());
  EXPECT_EQ(Clock(career.record, kTemporaryMove), "none");
  ASSERT_EQ(career.Return(CivilDay(2024, 2, 8)), absl::OkStatus());
  ASSERT_EQ(career.Move(CivilDay(2024, 3, 1), "type: PLACEMENT_TYPE_HOSPITAL"), absl::OkStatus());
  EXPECT_EQ(Clock(career.record, kTemporaryMove), "due 2024-04-12");
  ASSERT_EQ(career.Return(CivilDay(2024, 4, 12)), absl::OkStatus());
  EXPECT_EQ(Clock(career.record, kTemporaryMove), "due 2024-04-12 met 2024-04-12 in time");
}

TEST(Clocks, APlacementOutsideTheBoroughIsNoticedAndAtADistanceApproved) {
  const auto placed = [](const std::string& fields) {
    Career career;
    EXPECT_EQ(
        career.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_SECTION_20",
                     "type: PLACEMENT_TYPE_FOSTER provider: PLACEMENT_PROVIDER_PRIVATE " + fields),
        absl::OkStatus());
    return career;
  };
  Career career = placed("area_code: 'E09000005'");
  EXPECT_EQ(Clock(career.record, kAreaNotice), "due 2024-01-08");
  EXPECT_EQ(Clock(career.record, kPlacementApproval), "none");
  career = placed("area_code: 'E08000025' urgency: PLACEMENT_URGENCY_EMERGENCY");
  EXPECT_EQ(Clock(career.record, kAreaNotice), "due 2024-01-15");
  EXPECT_EQ(Clock(career.record, kPlacementApproval), "due 2024-01-15");
  ASSERT_EQ(RecordAreaNotice(career.record,
                             ParseText<pb::RecordAreaNoticeRequest>(
                                 "notice { notify_date { year: 2024 month: 1 day: 10 } }"),
                             career.facts, Step()),
            absl::OkStatus());
  ASSERT_EQ(career.End(CivilDay(2024, 1, 12)), absl::OkStatus());
  EXPECT_EQ(Clock(career.record, kAreaNotice), "due 2024-01-15 met 2024-01-10 in time");
  EXPECT_EQ(Clock(career.record, kPlacementApproval), "none");
}

}  // namespace
}  // namespace lscp::children_in_care
