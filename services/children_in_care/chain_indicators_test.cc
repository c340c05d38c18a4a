#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "children_in_care/indicators.h"
#include "children_in_care/testing/fixture.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "gmock/gmock.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;
using safeguarding::indicators::v1::Indicator;
using ::testing::ElementsAre;

// Children in care since days of February 2025; it is 3 March.
class ChainIndicatorsTest : public Fixture {
 protected:
  Indicator Of(const std::string& id, CivilDay first, CivilDay last) {
    for (const IndicatorQuery& query : ChainIndicators()) {
      if (query.definition.id() != id) continue;
      const auto indicator = Compute(harness_.Database(), query,
                                     {"barnet", first, last, StartOfDay(first), EndOfDay(last)});
      EXPECT_TRUE(indicator.ok()) << id << " " << indicator.status();
      return indicator.value_or(Indicator());
    }
    ADD_FAILURE() << "no indicator " << id;
    return {};
  }
  static std::string TextOf(const safeguarding::indicators::v1::Figure& figure) {
    return figure.denominator() == 0 ? absl::StrCat(figure.numerator())
                                     : absl::StrCat(figure.numerator(), "/", figure.denominator());
  }
  // Of February 2025, unless told otherwise.
  std::string Figure(const std::string& id, CivilDay first = CivilDay(2025, 2, 1),
                     CivilDay last = CivilDay(2025, 2, 28)) {
    return TextOf(Of(id, first, last).total());
  }
  std::vector<std::string> PartsOf(const std::string& id, const std::string& breakdown) {
    std::vector<std::string> parts;
    const Indicator indicator = Of(id, CivilDay(2025, 2, 1), CivilDay(2025, 2, 28));
    for (const auto& known : indicator.breakdowns()) {
      if (known.name() != breakdown) continue;
      for (const auto& part : known.parts()) {
        parts.push_back(absl::StrCat(part.key(), " ", TextOf(part.figure())));
      }
    }
    return parts;
  }
  // The care of a child began on a day long ago, as a correction of its record says.
  pb::ChildInCare Since(const pb::ChildInCare& record, CivilDay day) {
    auto request = Fixture::Of<pb::CorrectCareRequest>(record);
    *request.mutable_steps() = record.steps();
    *request.mutable_steps(0)->mutable_date() = DateToProto(day);
    request.set_reason("Invented.");
    const auto response = harness_.Run(children_, &ChildrenInCare::Correct, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->child_in_care() : record;
  }
  pb::ChildInCare Moved(const pb::ChildInCare& record, CivilDay day, const std::string& area) {
    auto request = Fixture::Of<pb::ChangeCareRequest>(
        record, absl::StrCat("placement { type: PLACEMENT_TYPE_CHILDRENS_HOME provider: "
                             "PLACEMENT_PROVIDER_PRIVATE address: '",
                             absl::FormatCivilTime(day), "' area_code: '", area,
                             "' distance_tenths_of_mile: 250 } placement_change_reason: "
                             "PLACEMENT_CHANGE_REASON_CARE_PLAN"));
    *request.mutable_change_date() = DateToProto(day);
    harness_.clock.Advance(absl::Seconds(1));  // two changes are never of one instant
    const auto response = harness_.Run(children_, &ChildrenInCare::Change, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->child_in_care() : record;
  }
  pb::ChildInCare Left(const pb::ChildInCare& record, CivilDay day) {
    auto request =
        Fixture::Of<pb::EndCareRequest>(record, "end_reason: EPISODE_END_REASON_HOME_PLANNED");
    *request.mutable_end_date() = DateToProto(day);
    const auto response = harness_.Run(children_, &ChildrenInCare::End, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->child_in_care() : record;
  }
};

TEST_F(ChainIndicatorsTest, CanBeComputedOfNothing) {
  for (const IndicatorQuery& query : ChainIndicators()) {
    Of(query.definition.id(), CivilDay(2025, 2, 1), CivilDay(2025, 2, 28));
  }
}

TEST_F(ChainIndicatorsTest, WhoIsInCareIsWhoWasAndWhoCameLessWhoLeft) {
  InCare(Child("a"), 3);
  Left(InCare(Child("b"), 4), CivilDay(2025, 2, 20));
  Left(Since(InCare(Child("c"), 5), CivilDay(2025, 1, 10)), CivilDay(2025, 3, 1));
  InCare(Child("d"), 6,
         "legal { status: LEGAL_STATUS_SHORT_BREAK } placement { type: PLACEMENT_TYPE_FOSTER "
         "provider: PLACEMENT_PROVIDER_OWN_AUTHORITY }");
  EXPECT_EQ(Figure("children_in_care"), "2");
  EXPECT_EQ(Figure("children_in_care", CivilDay(2025, 1, 1), CivilDay(2025, 1, 31)), "1")
      << "as at a past day";
  EXPECT_EQ(Figure("children_in_care", CivilDay(2025, 3, 1), CivilDay(2025, 3, 31)), "1");
  EXPECT_EQ(Figure("care_started"), "2");
  EXPECT_EQ(Figure("care_ended"), "1");
  EXPECT_THAT(PartsOf("care_ended", "end_reason"), ElementsAre("HOME_PLANNED 1"));
  EXPECT_THAT(PartsOf("children_in_care", "legal_status"), ElementsAre("SECTION_20 2"));
  EXPECT_THAT(PartsOf("children_in_care", "placement_type"), ElementsAre("FOSTER 2"));
  EXPECT_THAT(PartsOf("children_in_care", "age"), ElementsAre("5-9 2"));
}

TEST_F(ChainIndicatorsTest, PlacementsAreCountedOnBothBases) {
  const pb::ChildInCare a = InCare(Child("a"), 3);
  Moved(Moved(a, CivilDay(2025, 2, 10), "E09000003"), CivilDay(2025, 2, 17), "E08000025");
  pb::ChildInCare b = Since(InCare(Child("b"), 4), CivilDay(2024, 3, 1));
  b = Moved(b, CivilDay(2024, 3, 20), "E09000005");
  Moved(b, CivilDay(2024, 6, 20), "E09000005");
  EXPECT_EQ(Figure("three_placements_in_12_months"), "2/2");
  EXPECT_EQ(Figure("three_placements_since_april"), "1/2");
  EXPECT_EQ(Figure("placed_out_of_area"), "2/2");
  EXPECT_EQ(Figure("placed_over_20_miles"), "2/2");
  EXPECT_THAT(PartsOf("children_in_care", "area"), ElementsAre("ADJOINING 1", "AT_A_DISTANCE 1"));
  EXPECT_THAT(PartsOf("children_in_care", "time_in_care"), ElementsAre("<1 year 1", "<6 months 1"));
}

TEST_F(ChainIndicatorsTest, ATemporaryMoveIsNoPlacement) {
  const pb::ChildInCare record = Since(InCare(Child("a"), 3), CivilDay(2022, 2, 1));
  ASSERT_TRUE(harness_
                  .Run(children_, &ChildrenInCare::MoveTemporarily,
                       Fixture::Of<pb::MoveTemporarilyRequest>(
                           record,
                           "move_date { year: 2025 month: 2 day: 20 } placement { type: "
                           "PLACEMENT_TYPE_HOSPITAL }"))
                  .ok());
  EXPECT_EQ(Figure("long_term_stability"), "1/1");
  EXPECT_THAT(PartsOf("children_in_care", "placement_type"), ElementsAre("FOSTER 1"));
  EXPECT_EQ(Figure("three_placements_in_12_months"), "0/1");
  EXPECT_EQ(Figure("placed_over_20_miles"), "0");
}

TEST_F(ChainIndicatorsTest, HowChildrenCameIntoCare) {
  const pb::ChildInCare record = Left(InCare(Child("a"), 3), CivilDay(2025, 2, 10));
  InCare(record.child(), 20,
         "legal { status: LEGAL_STATUS_POLICE_PROTECTION } placement { type: PLACEMENT_TYPE_FOSTER "
         "provider: PLACEMENT_PROVIDER_OWN_AUTHORITY }");
  EXPECT_EQ(Figure("care_started_by_police_protection"), "1/2");
  EXPECT_EQ(Figure("care_started_again_within_12_months"), "1/2");
  EXPECT_THAT(PartsOf("care_started", "legal_status"),
              ElementsAre("POLICE_PROTECTION 1", "SECTION_20 1"));
}

}  // namespace
}  // namespace lscp::children_in_care
