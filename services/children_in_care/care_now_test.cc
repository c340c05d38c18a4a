#include "children_in_care/care_now.h"

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;

pb::ChildInCare Record(const std::string& text) {
  pb::ChildInCare record;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "name: 'boroughs/testborough/childrenInCare/c1' team: 'care-1' worker: 'w.worker' " + text,
      &record));
  return record;
}

std::string Day(const char* field, int month, int day, int year = 2025) {
  return std::string(field) + " { year: " + std::to_string(year) +
         " month: " + std::to_string(month) + " day: " + std::to_string(day) + " } ";
}

TEST(LastCare, IsTheLastPeriodWithWhereTheChildLivesForGood) {
  const auto care = LastCare(Record(
      "periods { " + Day("start_date", 1, 6, 2024) + Day("end_date", 2, 1, 2024) + "} periods { " +
      Day("start_date", 3, 3) + "} placements { id: 'p1' type: PLACEMENT_TYPE_FOSTER " +
      Day("start_date", 1, 6, 2024) + "} placements { id: 'p2' type: PLACEMENT_TYPE_PARENTS " +
      Day("start_date", 3, 3) + "} placements { id: 'p3' type: PLACEMENT_TYPE_HOSPITAL " +
      Day("start_date", 4, 1) + "} episodes { legal { status: LEGAL_STATUS_SECTION_20 } " +
      Day("start_date", 1, 6, 2024) +
      "} episodes { legal { status: LEGAL_STATUS_INTERIM_CARE_ORDER } " + Day("start_date", 3, 3) +
      "} episodes { legal { status: LEGAL_STATUS_INTERIM_CARE_ORDER } " + Day("start_date", 4, 1) +
      "}"));
  ASSERT_TRUE(care.has_value());
  EXPECT_EQ(care->start, CivilDay(2025, 3, 3));
  EXPECT_FALSE(care->end.has_value());
  EXPECT_EQ(care->home.id, "p2") << "hospital is for a time";
  EXPECT_EQ(care->legal, pb::LEGAL_STATUS_INTERIM_CARE_ORDER);
  EXPECT_EQ(care->legal_start, CivilDay(2025, 3, 3));
  EXPECT_EQ(care->team, "care-1");
}

TEST(LastCare, ShortBreaksAreNone) {
  EXPECT_FALSE(LastCare(Record("")).has_value());
  const auto only =
      LastCare(Record("periods { short_breaks: true " + Day("start_date", 3, 3) + "}"));
  ASSERT_TRUE(only.has_value());
  EXPECT_EQ(only->end, CivilDay(2025, 3, 3)) << "nothing is owed";
  const auto before =
      LastCare(Record("periods { " + Day("start_date", 1, 6) + Day("end_date", 2, 1) +
                      "} periods { short_breaks: true " + Day("start_date", 3, 3) + "}"));
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->end, CivilDay(2025, 2, 1));
}

}  // namespace
}  // namespace lscp::children_in_care
