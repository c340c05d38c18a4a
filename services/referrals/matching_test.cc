#include "referrals/matching.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

template <typename Msg>
Msg Parse(const std::string& text) {
  Msg message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

constexpr char kAda[] =
    "given_name: 'Ada' family_name: 'Inventado' birth_date { year: 2015 month: 3 day: 4 } "
    "sex: SEX_FEMALE addresses { address { postcode: 'ZZ1 1ZZ' } } nhs_number: '9990000018'";
constexpr char kDescribedAda[] =
    "given_name: 'Ada' family_name: 'Inventado' birth_date { year: 2015 month: 3 day: 4 } "
    "sex: SEX_FEMALE postcode: 'ZZ11ZZ'";

Match MatchOfTexts(const std::string& description, const std::string& child) {
  return MatchOf(Parse<pb::FindChildrenRequest>(description), Parse<pb::Child>(child));
}

// A candidate's score counts only if it is gathered.
bool IsGathered(const std::string& description, const std::string& child) {
  const auto wanted = SearchKeysFor(Parse<pb::FindChildrenRequest>(description));
  const auto kept = SearchKeysOf(Parse<pb::Child>(child));
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& key) {
    return std::find(kept.begin(), kept.end(), key) != kept.end();
  });
}

TEST(Matching, EverythingButAnIdentifierMakesNinetyNine) {
  const Match match = MatchOfTexts(kDescribedAda, kAda);
  EXPECT_EQ(match.score, 99);
  EXPECT_THAT(match.reasons, ElementsAre(pb::MATCH_REASON_FAMILY_NAME, pb::MATCH_REASON_GIVEN_NAME,
                                         pb::MATCH_REASON_BIRTH_DATE, pb::MATCH_REASON_POSTCODE,
                                         pb::MATCH_REASON_SEX));
}

TEST(Matching, AnIdentifierThatAgreesSettlesItWhateverElseIsSaid) {
  const Match match =
      MatchOfTexts("nhs_number: '9990000018' given_name: 'Bob' family_name: 'Other'", kAda);
  EXPECT_EQ(match.score, 100);
  EXPECT_THAT(match.reasons, ElementsAre(pb::MATCH_REASON_NHS_NUMBER));
  EXPECT_EQ(MatchOfTexts("upn: 'B801200005001'", "upn: 'B801200005001'").score, 100);
  EXPECT_EQ(MatchOfTexts("local_authority_id: 'A1'", "local_authority_id: 'A1'").score, 100);
}

TEST(Matching, AnotherNhsNumberSpeaksAgainst) {
  EXPECT_EQ(MatchOfTexts(std::string(kDescribedAda) + "nhs_number: '9990000050'", kAda).score, 69);
}

TEST(Matching, ATwinIsShownBehindTheChild) {
  const std::string twin =
      "given_name: 'Grace' family_name: 'Inventado' birth_date { year: 2015 month: 3 day: 4 } "
      "sex: SEX_FEMALE addresses { address { postcode: 'ZZ1 1ZZ' } }";
  EXPECT_EQ(MatchOfTexts(kDescribedAda, twin).score, 61);
}

TEST(Matching, ASiblingOfAnotherAgeIsNotShown) {
  const std::string sibling =
      "given_name: 'Grace' family_name: 'Inventado' birth_date { year: 2012 month: 9 day: 21 } "
      "sex: SEX_FEMALE addresses { address { postcode: 'ZZ1 1ZZ' } }";
  EXPECT_LT(MatchOfTexts(kDescribedAda, sibling).score, kLeastScore);
}

struct Dates {
  const char* described;
  const char* known;
  pb::MatchReason reason;  // UNSPECIFIED: they contradict
};
class BirthDateMatch : public ::testing::TestWithParam<Dates> {};

TEST_P(BirthDateMatch, IsExactNearOrNone) {
  const Match match = MatchOfTexts(GetParam().described, GetParam().known);
  if (GetParam().reason == pb::MATCH_REASON_UNSPECIFIED) {
    EXPECT_THAT(match.reasons, IsEmpty());
  } else {
    EXPECT_THAT(match.reasons, ElementsAre(GetParam().reason));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BirthDateMatch,
    ::testing::Values(
        Dates{"birth_date { year: 2015 month: 3 day: 4 }",
              "birth_date { year: 2015 month: 3 day: 4 }", pb::MATCH_REASON_BIRTH_DATE},
        Dates{"birth_date { year: 2015 month: 4 day: 3 }",
              "birth_date { year: 2015 month: 3 day: 4 }", pb::MATCH_REASON_BIRTH_DATE_NEAR},
        Dates{"birth_date { year: 2014 month: 3 day: 4 }",
              "birth_date { year: 2015 month: 3 day: 4 }", pb::MATCH_REASON_BIRTH_DATE_NEAR},
        Dates{"birth_date { year: 2015 month: 3 day: 14 }",
              "birth_date { year: 2015 month: 3 day: 4 }", pb::MATCH_REASON_BIRTH_DATE_NEAR},
        Dates{"birth_date { year: 2014 month: 3 day: 5 }",
              "birth_date { year: 2015 month: 3 day: 4 }", pb::MATCH_REASON_UNSPECIFIED},
        Dates{"expected_birth_date { year: 2025 month: 6 day: 1 }",
              "expected_birth_date { year: 2025 month: 6 day: 1 }", pb::MATCH_REASON_BIRTH_DATE},
        Dates{"expected_birth_date { year: 2025 month: 6 day: 1 }",
              "expected_birth_date { year: 2025 month: 6 day: 15 }",
              pb::MATCH_REASON_BIRTH_DATE_NEAR},
        Dates{"expected_birth_date { year: 2025 month: 6 day: 1 }",
              "expected_birth_date { year: 2025 month: 6 day: 16 }", pb::MATCH_REASON_UNSPECIFIED},
        // Born since the record was made.
        Dates{"birth_date { year: 2025 month: 5 day: 2 }",
              "expected_birth_date { year: 2025 month: 6 day: 1 }",
              pb::MATCH_REASON_BIRTH_DATE_NEAR},
        Dates{"birth_date { year: 2025 month: 3 day: 2 }",
              "expected_birth_date { year: 2025 month: 6 day: 1 }", pb::MATCH_REASON_UNSPECIFIED}));

struct Names {
  const char* described;
  const char* known;
  pb::MatchReason reason;
};
class NameMatch : public ::testing::TestWithParam<Names> {};

TEST_P(NameMatch, IsEqualAlikeOrNone) {
  const auto& [described, known, reason] = GetParam();
  const Match match = MatchOfTexts(described, known);
  if (reason == pb::MATCH_REASON_UNSPECIFIED) {
    EXPECT_THAT(match.reasons, IsEmpty());
  } else {
    EXPECT_THAT(match.reasons, ElementsAre(reason));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, NameMatch,
    ::testing::Values(
        Names{"family_name: 'Núñez'", "family_name: 'NUNEZ'", pb::MATCH_REASON_FAMILY_NAME},
        Names{"family_name: 'O Brien'", "family_name: \"O'Brien\"", pb::MATCH_REASON_FAMILY_NAME},
        Names{"family_name: 'Smythe'", "family_name: 'Smith'", pb::MATCH_REASON_FAMILY_NAME_SOUND},
        Names{"family_name: 'Jones'", "family_name: 'Smith-Jones'",
              pb::MATCH_REASON_FAMILY_NAME_SOUND},
        Names{"family_name: 'Jones'", "family_name: 'Smith' other_names: 'Jones'",
              pb::MATCH_REASON_FAMILY_NAME},
        Names{"family_name: 'Jones'", "family_name: 'Smith'", pb::MATCH_REASON_UNSPECIFIED},
        Names{"family_name: 'de la Cruz'", "family_name: 'de la Rosa'",
              pb::MATCH_REASON_UNSPECIFIED},
        Names{"given_name: 'Mary Jane'", "given_name: 'Mary'", pb::MATCH_REASON_GIVEN_NAME},
        Names{"given_name: 'Kathryn'", "given_name: 'Catherine'",
              pb::MATCH_REASON_GIVEN_NAME_SOUND},
        Names{"given_name: 'Ben'", "given_name: 'Benjamin'", pb::MATCH_REASON_GIVEN_NAME_SOUND},
        Names{"given_name: 'Billy'", "given_name: 'William' other_names: 'Billy'",
              pb::MATCH_REASON_GIVEN_NAME},
        Names{"given_name: 'Ada'", "given_name: 'Grace'", pb::MATCH_REASON_UNSPECIFIED}));

TEST(SearchKeys, GatherEveryoneWorthALook) {
  EXPECT_TRUE(IsGathered(kDescribedAda, kAda));
  EXPECT_TRUE(IsGathered("nhs_number: '9990000018'", kAda));
  EXPECT_TRUE(IsGathered("family_name: 'Inventado' postcode: 'ZZ9 9ZZ'", kAda));
  EXPECT_TRUE(IsGathered("family_name: 'x' postcode: 'ZZ1 1ZZ'", kAda));
  EXPECT_TRUE(IsGathered("family_name: 'x' birth_date { year: 2015 month: 4 day: 3 }", kAda));
  EXPECT_TRUE(IsGathered("given_name: 'Anna' family_name: 'Inventada'", kAda));
  EXPECT_TRUE(IsGathered("given_name: 'Ada' family_name: 'Inventado'", "family_name: 'Inventado'"));
  EXPECT_TRUE(IsGathered("given_name: 'Bill' family_name: 'Jones'",
                         "given_name: 'William' family_name: 'Jones' other_names: 'Billy'"));
  EXPECT_TRUE(IsGathered("given_name: 'Olga' family_name: 'Jones'",
                         "given_name: 'Olga' family_name: 'Smith' other_names: 'Jones'"));
  EXPECT_TRUE(IsGathered("family_name: 'Jones' postcode: 'ZZ9 9ZZ'", "family_name: 'Smith-Jones'"));
  EXPECT_FALSE(IsGathered("given_name: 'Bob' family_name: 'Inventado'", kAda));
}

TEST(SearchKeys, FitTheirColumn) {
  std::string long_name;
  while (long_name.size() < 400) long_name += "م";
  for (const std::string& key :
       SearchKeysOf(Parse<pb::Child>("given_name: '" + long_name + "' family_name: '" + long_name +
                                     "' other_names: '" + long_name + " " + long_name + "'"))) {
    EXPECT_LE(key.size(), 120u);
  }
}

struct Enough {
  const char* description;
  bool ok;
};
class DescriptionCheck : public ::testing::TestWithParam<Enough> {};

TEST_P(DescriptionCheck, NeedsSomethingToFindAChildBy) {
  const absl::Status status =
      CheckDescription(Parse<pb::FindChildrenRequest>(GetParam().description));
  EXPECT_EQ(status.code(),
            GetParam().ok ? absl::StatusCode::kOk : absl::StatusCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(
    All, DescriptionCheck,
    ::testing::Values(Enough{"nhs_number: '9990000018'", true},
                      Enough{"upn: 'B801200005001'", true},
                      Enough{"local_authority_id: 'A1'", true},
                      Enough{"family_name: 'x' birth_date { year: 2015 month: 3 day: 4 }", true},
                      Enough{"family_name: 'x' expected_birth_date { year: 2025 month: 3 day: 4 }",
                             true},
                      Enough{"family_name: 'x' postcode: 'ZZ1 1ZZ'", true},
                      Enough{"family_name: 'x' given_name: 'y'", false},
                      Enough{"given_name: 'y' birth_date { year: 2015 month: 3 day: 4 }", false},
                      Enough{"postcode: 'ZZ1 1ZZ'", false}, Enough{"", false}));

}  // namespace
}  // namespace lscp::referrals
