#include "referrals/settings.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;
using ::testing::HasSubstr;

absl::StatusOr<Settings> Parse(const std::string& text,
                               const std::vector<std::string>& served = {"barnet"}) {
  pb::ReferralsSettings proto;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proto)) << text;
  return Settings::Create(std::move(proto), served);
}

Settings::Borough Barnet(const std::string& fields) {
  const auto settings = Parse("boroughs { id: 'barnet' " + fields + " }");
  EXPECT_TRUE(settings.ok()) << settings.status();
  return settings.ok() ? settings->Of("barnet") : Settings::Borough();
}

TEST(Settings, WhatTheFileLeavesOpenHasTheDocumentedDefault) {
  const Settings::Borough barnet = Barnet("");
  EXPECT_EQ(barnet.acknowledgement_hours(), 24u);
  EXPECT_THAT(barnet.assessment_types(), ::testing::ElementsAre(pb::Assessment::TYPE_SINGLE));
  for (const auto& [rating, hours] :
       std::vector<std::pair<pb::Brag, int>>{{pb::BRAG_UNSPECIFIED, 24},
                                             {pb::BRAG_BLUE, 72},
                                             {pb::BRAG_GREEN, 72},
                                             {pb::BRAG_AMBER, 24},
                                             {pb::BRAG_RED, 4}}) {
    EXPECT_EQ(DecisionTimeOf(barnet, rating).duration, absl::Hours(hours)) << rating;
    EXPECT_FALSE(DecisionTimeOf(barnet, rating).working);
  }
}

TEST(Settings, ABoroughThatIsNotServedHasTheDefaults) {
  const auto settings = Parse("boroughs { id: 'barnet' acknowledgement_hours: 8 }");
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->Of("barnet").acknowledgement_hours(), 8u);
  EXPECT_EQ(settings->Of("elsewhere").acknowledgement_hours(), 24u);
}

TEST(Settings, RedIsCountedByTheClockEvenWhereTheOthersAreNot) {
  const Settings::Borough barnet =
      Barnet("decision_hours { basis: BASIS_WORKING open_minute: 540 close_minute: 1020 }");
  EXPECT_TRUE(DecisionTimeOf(barnet, pb::BRAG_AMBER).working);
  EXPECT_FALSE(DecisionTimeOf(barnet, pb::BRAG_RED).working);
}

TEST(Settings, ATeamIsThereUntilItsLastDay) {
  const Settings::Borough barnet = Barnet(
      "teams { id: 'hub' } teams { id: 'old' successor: 'hub' "
      "to_date { year: 2023 month: 3 day: 31 } }");
  EXPECT_TRUE(HasTeam(barnet, "hub", absl::CivilDay(2024, 1, 1)));
  EXPECT_TRUE(HasTeam(barnet, "old", absl::CivilDay(2023, 3, 31)));
  EXPECT_FALSE(HasTeam(barnet, "old", absl::CivilDay(2023, 4, 1)));
  EXPECT_FALSE(HasTeam(barnet, "none", absl::CivilDay(2024, 1, 1)));
}

struct Fault {
  const char* fields;
  const char* text;
};

class SettingsFault : public ::testing::TestWithParam<Fault> {};

TEST_P(SettingsFault, IsNamedWithItsPlace) {
  const auto settings = Parse(std::string("boroughs { id: 'barnet' ") + GetParam().fields + " }");
  EXPECT_EQ(settings.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(settings.status().message()), HasSubstr(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    All, SettingsFault,
    ::testing::Values(
        Fault{"dfe_number: '30'", "\"barnet\".dfe_number: must be three digits"},
        Fault{"decision_hours { basis: BASIS_WORKING }", "WORKING needs open_minute"},
        Fault{"teams { id: 'a' } teams { id: 'a' }", "teams: an id occurs twice"},
        Fault{"teams { id: 'A b' }", "id must be of a-z"},
        Fault{"teams { id: 'a' successor: 'b' }", "successor is no other team"},
        Fault{"teams { id: 'a' successor: 'a' }", "successor is no other team"},
        Fault{"teams { id: 'a' from_date { year: 2024 month: 2 day: 30 } }",
              "from_date is no date"},
        Fault{"teams { id: 'a' from_date { year: 2024 month: 2 day: 3 } "
              "to_date { year: 2024 month: 2 day: 2 } }",
              "to_date is before from_date"},
        Fault{"threshold_documents { version: 'a' levels: '1' }", "from_date is missing"},
        Fault{"threshold_documents { version: 'a' from_date { year: 2024 month: 2 day: 3 } }",
              "levels are missing"},
        Fault{"threshold_documents { version: 'a' levels: '1' from_date { year: 2024 month: 2 "
              "day: 3 } } threshold_documents { version: 'b' levels: '1' from_date { year: 2023 "
              "month: 2 day: 3 } }",
              "\"b\": must come in order"},
        Fault{"assessment_types: TYPE_UNSPECIFIED", "assessment_types: unspecified"},
        Fault{"populations { year: 2024 }", "under_18 is missing"},
        Fault{"populations { year: 24 under_18: 9 }", "no year"},
        Fault{"} boroughs { id: 'barnet'", "occurs twice"}));

TEST(Settings, EveryFaultIsListedAtOnce) {
  const auto settings = Parse("boroughs { id: 'Barnet' dfe_number: 'x' }", {"camden"});
  const std::string text(settings.status().message());
  EXPECT_THAT(text, HasSubstr("id must be of"));
  EXPECT_THAT(text, HasSubstr("three digits"));
  EXPECT_THAT(text, HasSubstr("borough \"camden\": is served and has no entry"));
}

}  // namespace
}  // namespace lscp::referrals
