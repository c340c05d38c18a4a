#include "child_death_reviews/death_analysis.h"

#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::Violations;
using ::testing::ElementsAre;
using Day = absl::CivilDay;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

pb::Particulars Child() {
  return Parse<pb::Particulars>(
      "given_name: 'Testa' family_name: 'O\\'Brien-Smythe' other_names: 'Zoë' "
      "nhs_number: '9434765919' birth_date { year: 2020 month: 1 day: 2 } "
      "address: '1 Invented Street, Romford' postcode: 'RM1 1AA' school: 'Invented Primary' "
      "general_practice: 'Invented Surgery' siblings { given_name: 'Uno' } "
      "death_date { year: 2025 month: 3 day: 1 }");
}

struct TextCase {
  const char* text;
  bool tells;
};

class TextForThePanel : public ::testing::TestWithParam<TextCase> {};

TEST_P(TextForThePanel, TellsWhoTheChildWasOrNot) {
  EXPECT_EQ(TellsWho(GetParam().text, Child()), GetParam().tells) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, TextForThePanel,
    ::testing::Values(
        TextCase{"A child of five was found in the bath.", false}, TextCase{"", false},
        TextCase{"Testa was found in the bath.", true}, TextCase{"(Testa)", true},
        TextCase{"Testa's mother called.", true}, TextCase{"Testa\u2019s mother called.", true},
        TextCase{"the Smythe family", true}, TextCase{"Mrs OBrien called", true},
        TextCase{"ZOE was there", true}, TextCase{"a brother, Uno, was there", true},
        TextCase{"a test of the testa of a seed", false},  // no capital: not a name
        TextCase{"NHS number 943 476 5919", true}, TextCase{"nhs 943-476-5919.", true},
        TextCase{"at rm11aa", true}, TextCase{"at 1 invented street", true},
        TextCase{"the invented primary school", true}, TextCase{"Invented Surgery", true},
        TextCase{"born on 2 January 2020", true}, TextCase{"02/01/2020", true},
        TextCase{"2020-01-02", true}, TextCase{"died on March 1, 2025", true},
        TextCase{"on 11 March", false}, TextCase{"on the 1/3/2025", true},
        TextCase{"in March 2025", false}, TextCase{"on March 1", true},
        TextCase{"on the 1st of March", true}, TextCase{"the 1ST MARCH", true},
        TextCase{"21 March, then 1 March", true}, TextCase{"in January 2020", false}));

TEST(TextForAPanel, IsNotJudgedByWhatIsNotKnown) {
  EXPECT_FALSE(TellsWho("Anything at 1 Street on 1 March 2025", pb::Particulars()));
}

pb::DeathAnalysis Analysis(const std::string& more = "modifiability: MODIFIABILITY_NONE") {
  return Parse<pb::DeathAnalysis>(
      "category: DEATH_CATEGORY_ACUTE "
      "factors { domain: FACTOR_DOMAIN_CHILD description: 'asthma' "
      "grade: FACTOR_GRADE_CONTRIBUTED } "
      "factors { domain: FACTOR_DOMAIN_SOCIAL_ENVIRONMENT description: 'none' "
      "grade: FACTOR_GRADE_UNLIKELY } "
      "factors { domain: FACTOR_DOMAIN_PHYSICAL_ENVIRONMENT description: 'not known' "
      "grade: FACTOR_GRADE_NO_INFORMATION } "
      "factors { domain: FACTOR_DOMAIN_SERVICE_PROVISION description: 'none' "
      "grade: FACTOR_GRADE_UNLIKELY } " +
      more);
}

constexpr char kSmoke[] =
    "factors { domain: FACTOR_DOMAIN_PHYSICAL_ENVIRONMENT description: 'smoke' modifiable: true "
    "grade: FACTOR_GRADE_CONTRIBUTED } ";

TEST(CheckAgreed, HasAFactorOfEachDomainAndADraftNeedNot) {
  EXPECT_TRUE(CheckAgreed(Analysis(), Child()).ok());
  pb::DeathAnalysis analysis = Analysis();
  analysis.mutable_factors()->RemoveLast();
  EXPECT_THAT(Violations(CheckAgreed(analysis, Child())), ElementsAre("analysis.factors"));
  EXPECT_TRUE(CheckDraft(analysis, Child()).ok());
}

TEST(CheckAgreed, AgreesWithItsFactorsOnWhatWasModifiable) {
  struct Case {
    std::string more;
    std::vector<std::string> wrong;
  };
  const std::vector<std::string> kWrong = {"analysis.modifiability"};
  const std::string smoke = kSmoke;
  for (const Case& c : std::vector<Case>{
           {"modifiability: MODIFIABILITY_NONE", {}},
           {"modifiability: MODIFIABILITY_INSUFFICIENT", {}},
           {"modifiability: MODIFIABILITY_IDENTIFIED", kWrong},
           {smoke + "modifiability: MODIFIABILITY_IDENTIFIED", {}},
           {smoke + "modifiability: MODIFIABILITY_NONE", kWrong},
           {smoke + "modifiability: MODIFIABILITY_INSUFFICIENT", kWrong},
       }) {
    EXPECT_EQ(Violations(CheckAgreed(Analysis(c.more), Child())), c.wrong) << c.more;
  }
}

TEST(CheckAgreed, CallsModifiableOnlyWhatMayHaveContributed) {
  for (const char* grade : {"FACTOR_GRADE_NO_INFORMATION", "FACTOR_GRADE_UNLIKELY"}) {
    EXPECT_THAT(Violations(CheckAgreed(
                    Analysis("factors { domain: FACTOR_DOMAIN_CHILD description: 'x' modifiable: "
                             "true grade: " +
                             std::string(grade) + " } modifiability: MODIFIABILITY_IDENTIFIED"),
                    Child())),
                ElementsAre("analysis.factors[4].modifiable"));
  }
}

TEST(CheckDraft, HasOneFactorALineAndEachOnce) {
  pb::DeathAnalysis analysis = Analysis();
  analysis.mutable_factors(0)->set_description("asthma\ncold");
  *analysis.add_factors() = analysis.factors(1);
  EXPECT_THAT(Violations(CheckDraft(analysis, Child())),
              ElementsAre("analysis.factors[0].description", "analysis.factors[4].description"));
}

TEST(CheckDraft, TellsNobodyWhoTheChildWas) {
  EXPECT_THAT(Violations(CheckDraft(
                  Analysis("factors { domain: FACTOR_DOMAIN_CHILD description: 'Testa fell' "
                           "grade: FACTOR_GRADE_CONTRIBUTED } modifiability: MODIFIABILITY_NONE "
                           "learning_points: 'listen' learning_points: 'listen to Uno'"),
                  Child())),
              ElementsAre("analysis.factors[4].description", "analysis.learning_points[1]"));
}

struct AgeCase {
  Day birth;
  Day death;
  pb::AgeBand band;
};

class AgeAtDeath : public ::testing::TestWithParam<AgeCase> {};

TEST_P(AgeAtDeath, IsOfTheBand) {
  pb::Particulars particulars;
  *particulars.mutable_birth_date() = DateToProto(GetParam().birth);
  *particulars.mutable_death_date() = DateToProto(GetParam().death);
  EXPECT_EQ(AgeBandOf(particulars), GetParam().band);
}

INSTANTIATE_TEST_SUITE_P(
    Ages, AgeAtDeath,
    ::testing::Values(AgeCase{Day(2025, 3, 1), Day(2025, 3, 1), pb::AGE_BAND_UNDER_28_DAYS},
                      AgeCase{Day(2025, 3, 1), Day(2025, 3, 28), pb::AGE_BAND_UNDER_28_DAYS},
                      AgeCase{Day(2025, 3, 1), Day(2025, 3, 29), pb::AGE_BAND_UNDER_1},
                      AgeCase{Day(2024, 3, 1), Day(2025, 2, 28), pb::AGE_BAND_UNDER_1},
                      AgeCase{Day(2024, 3, 1), Day(2025, 3, 1), pb::AGE_BAND_1_TO_4},
                      AgeCase{Day(2024, 2, 29), Day(2025, 2, 28), pb::AGE_BAND_UNDER_1},
                      AgeCase{Day(2024, 2, 29), Day(2025, 3, 1), pb::AGE_BAND_1_TO_4},
                      AgeCase{Day(2020, 3, 2), Day(2025, 3, 1), pb::AGE_BAND_1_TO_4},
                      AgeCase{Day(2020, 3, 1), Day(2025, 3, 1), pb::AGE_BAND_5_TO_9},
                      AgeCase{Day(2015, 3, 1), Day(2025, 3, 1), pb::AGE_BAND_10_TO_14},
                      AgeCase{Day(2010, 3, 1), Day(2025, 3, 1), pb::AGE_BAND_15_TO_17},
                      AgeCase{Day(2007, 3, 2), Day(2025, 3, 1), pb::AGE_BAND_15_TO_17}));

TEST(AgeBandOf, IsNotKnownWithoutADayOfBirth) {
  pb::Particulars particulars;
  *particulars.mutable_death_date() = DateToProto(Day(2025, 3, 1));
  EXPECT_EQ(AgeBandOf(particulars), pb::AGE_BAND_UNSPECIFIED);
}

}  // namespace
}  // namespace lscp::child_death_reviews
