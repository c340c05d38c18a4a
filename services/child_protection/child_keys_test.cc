#include "child_protection/child_keys.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lscp::child_protection {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr absl::CivilDay kBorn(2015, 3, 4);

std::vector<std::string> KeysOfChild(const std::string& text) {
  safeguarding::referrals::v1::ChildChanged child;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &child)) << text;
  return KeysOf(child);
}

TEST(KeysOf, AChildIsRecognisedByNumberAndByNamesWithTheDateOfBirth) {
  EXPECT_THAT(KeysOfChild("nhs_number: '9990000018' family_name: 'Inventado-O\\'Brien' given_name: "
                          "'Zoë Mae' birth_date { year: 2015 month: 3 day: 4 }"),
              ElementsAre(NameKey("inventado obrien", "ZOE", kBorn), NhsNumberKey("9990000018")));
}

TEST(KeysOf, OtherNamesAreRecognisedToo) {
  const auto keys = KeysOfChild(
      "family_name: 'Inventado' given_name: 'Ada' other_names: 'Adi' other_names: 'Eve Example' "
      "birth_date { year: 2015 month: 3 day: 4 }");
  EXPECT_THAT(keys, Contains(NameKey("Inventado", "Adi", kBorn)));
  EXPECT_THAT(keys, Contains(NameKey("Example", "Eve", kBorn)));
  EXPECT_THAT(keys, Not(Contains(NameKey("Other", "Ada", kBorn))));
}

TEST(KeysOf, AnUnbornChildIsRecognisedByTheMothersNameAndTheMonth) {
  EXPECT_THAT(
      KeysOfChild("family_name: 'Inventado' expected_birth_date { year: 2025 month: 9 day: 4 }"),
      ElementsAre(UnbornKey("INVENTADO", absl::CivilDay(2025, 9, 30))));
}

TEST(KeysOf, OnceBornTheExpectedDateTellsNothing) {
  EXPECT_THAT(
      KeysOfChild("family_name: 'Inventado' given_name: 'Ada' expected_birth_date { year: 2015 "
                  "month: 3 day: 9 } birth_date { year: 2015 month: 3 day: 4 }"),
      ElementsAre(NameKey("Inventado", "Ada", kBorn)));
}

TEST(KeysOf, AKeyFitsIntoItsColumnHoweverLongTheName) {
  const std::string name(300, 'x');
  EXPECT_LE(NameKey(name, name, kBorn).size(), 250u);
}

}  // namespace
}  // namespace lscp::child_protection
