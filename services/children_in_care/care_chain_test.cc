#include "children_in_care/care_chain.h"

#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "children_in_care/care_record.h"
#include "children_in_care/testing/rules.h"
#include "gmock/gmock.h"

namespace lscp::children_in_care {
namespace {

using ::testing::ElementsAre;

constexpr char kHospital[] = "type: PLACEMENT_TYPE_HOSPITAL address: '2 Invented Road'";
constexpr char kHome[] =
    "type: PLACEMENT_TYPE_CHILDRENS_HOME provider: PLACEMENT_PROVIDER_PRIVATE "
    "address: '3 Invented Road'";

// The chain as the return has it: "2025-01-06 S V2 U6 – 2025-02-03 X1".
std::vector<std::string> RowsOf(const pb::ChildInCare& record) {
  std::vector<std::string> rows;
  for (const pb::CareEpisode& episode : record.episodes()) {
    std::string row = absl::StrCat(
        absl::FormatCivilTime(*ProtoToDate(episode.start_date())), " ",
        ShortName(pb::NewEpisodeReason_descriptor(), episode.start_reason()), " ",
        ShortName(pb::LegalStatus_descriptor(), episode.legal().status()), " ",
        ShortName(pb::PlacementType_descriptor(), PlacementOf(record, episode).type()));
    if (episode.has_end_date()) {
      absl::StrAppend(&row, " – ", absl::FormatCivilTime(*ProtoToDate(episode.end_date())), " ",
                      ShortName(pb::EpisodeEndReason_descriptor(), episode.end_reason()));
    }
    rows.push_back(row);
  }
  return rows;
}

TEST(CareChain, IsMadeOfWhatHappened) {
  Career career;
  ASSERT_EQ(career.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_POLICE_PROTECTION"), absl::OkStatus());
  ASSERT_EQ(career.ChangeLegal(CivilDay(2024, 1, 10), "LEGAL_STATUS_SECTION_20"), absl::OkStatus());
  ASSERT_EQ(career.Move(CivilDay(2024, 2, 1), kHospital), absl::OkStatus());
  ASSERT_EQ(career.Return(CivilDay(2024, 2, 9)), absl::OkStatus());
  ASSERT_EQ(career.ChangePlacement(CivilDay(2024, 3, 4), kHome,
                                   "legal { status: LEGAL_STATUS_INTERIM_CARE_ORDER }"),
            absl::OkStatus());
  ASSERT_EQ(career.End(CivilDay(2024, 6, 3)), absl::OkStatus());
  ASSERT_EQ(career.Start(CivilDay(2024, 9, 2)), absl::OkStatus());
  EXPECT_THAT(
      RowsOf(career.record),
      ElementsAre("2024-01-08 S L1 U6 – 2024-01-10 X1", "2024-01-10 L V2 U6 – 2024-02-01 X1",
                  "2024-02-01 P V2 T1 – 2024-02-09 X1", "2024-02-09 P V2 U6 – 2024-03-04 X1",
                  "2024-03-04 B C1 K2 – 2024-06-03 E4A", "2024-09-02 S V2 U6"));
  EXPECT_EQ(career.record.periods_size(), 2);
  // A temporary move does not end the placement.
  EXPECT_EQ(*ProtoToDate(career.record.placements(0).end_date()), CivilDay(2024, 3, 4));
  EXPECT_EQ(career.record.state(), pb::ChildInCare::STATE_LOOKED_AFTER);
}

TEST(CareChain, AMoveWithTheSameCarerIsToldApart) {
  Career career;
  ASSERT_EQ(career.Start(CivilDay(2024, 1, 8)), absl::OkStatus());
  const std::string moved =
      "type: PLACEMENT_TYPE_FOSTER provider: PLACEMENT_PROVIDER_OWN_AUTHORITY carer { id: 'c1' } "
      "address: '9 Invented Road'";
  ASSERT_EQ(career.ChangePlacement(CivilDay(2024, 2, 5), moved), absl::OkStatus());
  ASSERT_EQ(career.ChangePlacement(CivilDay(2024, 3, 5), kFoster,
                                   "legal { status: LEGAL_STATUS_FULL_CARE_ORDER }"),
            absl::OkStatus());
  EXPECT_THAT(RowsOf(career.record),
              ElementsAre("2024-01-08 S V2 U6 – 2024-02-05 X1",
                          "2024-02-05 T V2 U6 – 2024-03-05 X1", "2024-03-05 U C2 U6"));
}

TEST(CareChain, AnAreaThatIsNotTheBoroughsIsOutOfAreaAndPerhapsAtADistance) {
  const auto placed = [](const std::string& area) {
    Career career;
    EXPECT_EQ(
        career.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_SECTION_20",
                     "type: PLACEMENT_TYPE_FOSTER provider: PLACEMENT_PROVIDER_PRIVATE " + area),
        absl::OkStatus());
    const pb::Placement& placement = LastPlacement(career.record);
    return std::pair(placement.out_of_area(), placement.at_a_distance());
  };
  EXPECT_EQ(placed(""), std::pair(false, false));
  EXPECT_EQ(placed("area_code: 'E09000003'"), std::pair(false, false));
  EXPECT_EQ(placed("area_code: 'E09000005'"), std::pair(true, false));
  EXPECT_EQ(placed("area_code: 'E08000025'"), std::pair(true, true));
}

// What is refused, by the rule that is not met.
struct Refusal {
  const char* what;
  std::string rule;
  std::function<absl::Status(Career&)> last;
};

class Refused : public ::testing::TestWithParam<Refusal> {};

TEST_P(Refused, ByTheRule) {
  Career career;
  EXPECT_EQ(BrokenRule(GetParam().last(career)), GetParam().rule) << GetParam().what;
}

Refusal InFoster(const char* what, const char* rule, std::function<absl::Status(Career&)> last) {
  return {what, rule, [last = std::move(last)](Career& career) {
            EXPECT_EQ(career.Start(CivilDay(2024, 1, 8)), absl::OkStatus());
            return last(career);
          }};
}

std::string Type(const std::string& type, const std::string& provider = "PRIVATE") {
  return absl::StrCat("type: PLACEMENT_TYPE_", type, " provider: PLACEMENT_PROVIDER_", provider);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Refused,
    ::testing::Values(
        Refusal{"352: starts at eighteen", "under_18",
                [](Career& c) { return c.Start(CivilDay(2030, 6, 1)); }},
        Refusal{"358: remand under ten", "age_of_legal_status",
                [](Career& c) { return c.Start(CivilDay(2020, 1, 8), "LEGAL_STATUS_REMAND"); }},
        Refusal{"371: supported accommodation under sixteen", "age_of_placement",
                [](Career& c) {
                  return c.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_SECTION_20",
                                 Type("SUPPORTED_ACCOMMODATION"));
                }},
        Refusal{"378: section 20 with parents", "no_section_20_with_parents",
                [](Career& c) {
                  return c.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_SECTION_20",
                                 Type("PARENTS", "PARENTS"));
                }},
        Refusal{"384: short break in a long-term placement", "short_break_placement",
                [](Career& c) {
                  return c.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_SHORT_BREAK",
                                 Type("FOSTER_LONG_TERM"));
                }},
        Refusal{"408: placed by a placement order without one", "placement_order",
                [](Career& c) {
                  return c.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_FULL_CARE_ORDER",
                                 Type("ADOPTION_ORDER"));
                }},
        InFoster("383: from a temporary move to another placement", "returns_to_placement",
                 [](Career& c) {
                   EXPECT_EQ(c.Move(CivilDay(2024, 2, 1), kHospital), absl::OkStatus());
                   return c.ChangePlacement(CivilDay(2024, 2, 3), kHome);
                 }),
        InFoster("381: care ends in a temporary move", "returns_to_placement",
                 [](Career& c) {
                   EXPECT_EQ(c.Move(CivilDay(2024, 2, 1), kHospital), absl::OkStatus());
                   return c.End(CivilDay(2024, 2, 3));
                 }),
        InFoster("375: in hospital for more than six weeks", "temporary_move_days",
                 [](Career& c) {
                   EXPECT_EQ(c.Move(CivilDay(2024, 2, 1), kHospital), absl::OkStatus());
                   return c.Return(CivilDay(2024, 3, 15));
                 }),
        InFoster("379: elsewhere for more than seven days", "temporary_move_days",
                 [](Career& c) {
                   EXPECT_EQ(c.Move(CivilDay(2024, 2, 1), Type("TEMPORARY_SHORT")),
                             absl::OkStatus());
                   return c.Return(CivilDay(2024, 2, 9));
                 }),
        InFoster("377: the carer's third holiday in twelve months", "carer_holidays",
                 [](Career& c) {
                   for (const int month : {2, 4}) {
                     EXPECT_EQ(
                         c.Move(CivilDay(2024, month, 1), "type: PLACEMENT_TYPE_CARER_HOLIDAY"),
                         absl::OkStatus());
                     EXPECT_EQ(c.Return(CivilDay(2024, month, 15)), absl::OkStatus());
                   }
                   return c.Move(CivilDay(2024, 6, 1), "type: PLACEMENT_TYPE_CARER_HOLIDAY");
                 }),
        InFoster("217: for adoption by a carer whom the child is not with", "adoption_by_carer",
                 [](Career& c) {
                   return c.ChangePlacement(CivilDay(2024, 2, 1),
                                            Type("ADOPTION_CONSENT_CURRENT_CARER"));
                 }),
        InFoster("390: adopted without having been placed for it", "placed_for_adoption",
                 [](Career& c) {
                   return c.End(CivilDay(2024, 2, 1), "EPISODE_END_REASON_ADOPTED_UNOPPOSED");
                 }),
        InFoster("387: independent under fourteen", "age_at_end",
                 [](Career& c) {
                   return c.End(CivilDay(2024, 2, 1), "EPISODE_END_REASON_INDEPENDENT");
                 }),
        InFoster("460: stays put before eighteen", "age_at_end",
                 [](Career& c) {
                   return c.End(CivilDay(2024, 2, 1), "EPISODE_END_REASON_STAYING_PUT");
                 }),
        InFoster("437: in care again after it died", "care_ended_for_good",
                 [](Career& c) {
                   EXPECT_EQ(c.End(CivilDay(2024, 2, 1), "EPISODE_END_REASON_DIED"),
                             absl::OkStatus());
                   return c.Start(CivilDay(2024, 3, 1));
                 }),
        InFoster("580: care of a missing child ends", "care_ended_while_missing", [](Career& c) {
          c.facts.missing = true;
          return c.End(CivilDay(2024, 2, 1));
        })));

TEST(ShortBreaks, LastSeventeenDaysAndNoMore) {
  Career career;
  const auto start = [&](int month) {
    return career.Start(CivilDay(2024, month, 1), "LEGAL_STATUS_SHORT_BREAK");
  };
  ASSERT_EQ(start(1), absl::OkStatus());
  EXPECT_EQ(BrokenRule(career.ChangePlacement(CivilDay(2024, 1, 4), kHome)),
            "short_break_in_one_place");
  EXPECT_EQ(BrokenRule(career.End(CivilDay(2024, 1, 19))), "short_break_days");
  ASSERT_EQ(career.End(CivilDay(2024, 1, 18)), absl::OkStatus());
  for (const int month : {2, 3, 4}) {
    ASSERT_EQ(start(month), absl::OkStatus());
    ASSERT_EQ(career.End(CivilDay(2024, month, 18)), absl::OkStatus());
  }
  // 68 days: seven are left, until the first break is more than twelve months ago.
  ASSERT_EQ(start(5), absl::OkStatus());
  EXPECT_EQ(BrokenRule(career.End(CivilDay(2024, 5, 9))), "short_break_days_in_a_year");
  EXPECT_EQ(career.End(CivilDay(2024, 5, 8)), absl::OkStatus());
  EXPECT_TRUE(LastPeriod(career.record).short_breaks());
  // By agreement or one by one, in a year.
  EXPECT_EQ(BrokenRule(career.Start(CivilDay(2024, 7, 1), "LEGAL_STATUS_SHORT_BREAK_AGREEMENT")),
            "one_kind_of_short_breaks");
  EXPECT_EQ(career.Start(CivilDay(2025, 4, 1), "LEGAL_STATUS_SHORT_BREAK_AGREEMENT"),
            absl::OkStatus());
}

TEST(ShortBreaks, WhatLastsLongerIsSection20FromThen) {
  Career career;
  ASSERT_EQ(career.Start(CivilDay(2024, 1, 1), "LEGAL_STATUS_SHORT_BREAK"), absl::OkStatus());
  ASSERT_EQ(career.ChangeLegal(CivilDay(2024, 1, 18), "LEGAL_STATUS_SECTION_20"), absl::OkStatus());
  EXPECT_FALSE(LastPeriod(career.record).short_breaks());
}

TEST(Fields, ThatDoNotFitAreNamed) {
  Career career;
  EXPECT_THAT(Violations(career.Start(CivilDay(2011, 1, 1))), ElementsAre("start_date"));
  EXPECT_THAT(Violations(career.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_SECTION_20", kHospital)),
              ElementsAre("placement.type"));
  EXPECT_THAT(Violations(career.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_SECTION_20",
                                      Type("FOSTER", "PARENTS"))),
              ElementsAre("placement.provider"));
  EXPECT_THAT(Violations(career.Start(CivilDay(2024, 1, 8),
                                      "LEGAL_STATUS_EMERGENCY_PROTECTION_ORDER expiry_date { year: "
                                      "2024 month: 1 day: 30 }")),
              ElementsAre("legal.expiry_date"));
  ASSERT_EQ(career.Start(CivilDay(2024, 1, 8)), absl::OkStatus());
  EXPECT_THAT(Violations(career.ChangeLegal(CivilDay(2024, 1, 8), "LEGAL_STATUS_REMAND")),
              ElementsAre("change_date"));
  EXPECT_THAT(Violations(career.ChangeLegal(CivilDay(2024, 1, 9), "LEGAL_STATUS_SECTION_20")),
              ElementsAre("legal.status"));
  EXPECT_THAT(Violations(career.ChangePlacement(CivilDay(2024, 1, 9), kFoster)),
              ElementsAre("placement"));
  EXPECT_THAT(
      Violations(career.Change(CivilDay(2024, 1, 9), absl::StrCat("placement {", kHome, "}"))),
      ElementsAre("placement_change_reason"));
  EXPECT_THAT(Violations(career.End(CivilDay(2024, 1, 8))), ElementsAre("end_date"));
  ASSERT_EQ(career.End(CivilDay(2024, 1, 9)), absl::OkStatus());
  EXPECT_THAT(Violations(career.Start(CivilDay(2024, 1, 9))), ElementsAre("start_date"));
}

}  // namespace
}  // namespace lscp::children_in_care
