#include "child_death_reviews/particulars.h"

#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::LondonTime;
using lscp::testing::Violations;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kArea[] = "E09000016";

pb::Particulars Of(const std::string& text) {
  pb::Particulars particulars;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &particulars)) << text;
  return particulars;
}

pb::Particulars Died(absl::CivilDay birth, absl::CivilDay death, const std::string& more = "") {
  pb::Particulars particulars = Of("given_name: 'Testa' family_name: 'Beispiel' " + more);
  *particulars.mutable_birth_date() = DateToProto(birth);
  *particulars.mutable_death_date() = DateToProto(death);
  return particulars;
}

struct AgeCase {
  absl::CivilDay birth;
  absl::CivilDay death;
  bool adult;
};

class Age : public ::testing::TestWithParam<AgeCase> {};

TEST_P(Age, IsThatOfAChildUntilTheEighteenthBirthday) {
  const pb::ScopeFinding found =
      ScopeOf(Died(GetParam().birth, GetParam().death, "residence_area: 'E09000016'"), kArea);
  EXPECT_EQ(found, GetParam().adult ? pb::SCOPE_FINDING_ADULT : pb::SCOPE_FINDING_RESIDENT);
}

INSTANTIATE_TEST_SUITE_P(
    Dates, Age,
    ::testing::Values(
        AgeCase{absl::CivilDay(2007, 5, 10), absl::CivilDay(2025, 5, 9), false},
        AgeCase{absl::CivilDay(2007, 5, 10), absl::CivilDay(2025, 5, 10), true},
        AgeCase{absl::CivilDay(2008, 2, 29), absl::CivilDay(2026, 2, 28), false},  // a leap day
        AgeCase{absl::CivilDay(2008, 2, 29), absl::CivilDay(2026, 3, 1), true},
        AgeCase{absl::CivilDay(2007, 3, 1), absl::CivilDay(2025, 2, 28), false},
        AgeCase{absl::CivilDay(2025, 5, 10), absl::CivilDay(2025, 5, 10), false}));  // a first day

struct ScopeCase {
  std::string told;
  pb::ScopeFinding finding;
};

class Scope : public ::testing::TestWithParam<ScopeCase> {};

TEST_P(Scope, IsAsTheGuidanceSays) {
  const pb::Particulars particulars =
      Died(absl::CivilDay(2020, 1, 1), absl::CivilDay(2025, 1, 1), GetParam().told);
  const pb::ScopeFinding found = ScopeOf(particulars, kArea);
  EXPECT_EQ(found, GetParam().finding) << GetParam().told;
  EXPECT_FALSE(IsInScope(found) && IsOutOfScope(found));
  EXPECT_EQ(IsInScope(found) || IsOutOfScope(found), found != pb::SCOPE_FINDING_UNKNOWN);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Scope,
    ::testing::Values(ScopeCase{"residence_area: 'E09000016' death_area: 'E09000026'",
                                pb::SCOPE_FINDING_RESIDENT},
                      ScopeCase{"residence_area: 'E09000016'", pb::SCOPE_FINDING_RESIDENT},
                      ScopeCase{"residence_area: 'E09000026' death_area: 'E09000016'",
                                pb::SCOPE_FINDING_DIED_HERE},
                      ScopeCase{"death_area: 'E09000016'", pb::SCOPE_FINDING_DIED_HERE},
                      ScopeCase{"residence_area: 'E09000026' death_area: 'E09000026'",
                                pb::SCOPE_FINDING_OTHER_AREA},
                      ScopeCase{"residence_area: 'E09000026'", pb::SCOPE_FINDING_UNKNOWN},
                      ScopeCase{"", pb::SCOPE_FINDING_UNKNOWN},
                      ScopeCase{"residence_area: 'E09000016' birth: BIRTH_KIND_LIVE",
                                pb::SCOPE_FINDING_RESIDENT},
                      ScopeCase{"residence_area: 'E09000016' birth: BIRTH_KIND_STILLBIRTH_ATTENDED",
                                pb::SCOPE_FINDING_STILLBIRTH},
                      ScopeCase{"residence_area: 'E09000016' birth: "
                                "BIRTH_KIND_STILLBIRTH_UNATTENDED",
                                pb::SCOPE_FINDING_RESIDENT},
                      ScopeCase{"residence_area: 'E09000016' birth: BIRTH_KIND_TERMINATION",
                                pb::SCOPE_FINDING_TERMINATION}));

TEST(Scope, CannotBeToldWithoutADayOfBirth) {
  EXPECT_EQ(ScopeOf(Of("death_date { year: 2025 month: 1 day: 1 } "
                       "residence_area: 'E09000016'"),
                    kArea),
            pb::SCOPE_FINDING_UNKNOWN);
}

TEST(CheckParticulars, FindsDaysThatCannotBe) {
  pb::Particulars particulars = Died(absl::CivilDay(2025, 1, 2), absl::CivilDay(2025, 1, 1));
  *particulars.mutable_death_time() = TimeToProto(LondonTime(2025, 1, 2, 0, 30));
  EXPECT_THAT(Violations(CheckParticulars(particulars)),
              ElementsAre("particulars.death_date", "particulars.death_time"));
  // Half past midnight in summer is the day before in UTC.
  particulars = Died(absl::CivilDay(2025, 1, 2), absl::CivilDay(2025, 7, 2));
  *particulars.mutable_death_time() = TimeToProto(LondonTime(2025, 7, 2, 0, 30));
  EXPECT_TRUE(CheckParticulars(particulars).ok());
}

TEST(TimeOfDeath, IsTheEndOfTheDayWhenNoTimeIsKnownAndNeverInTheFuture) {
  pb::Particulars particulars = Died(absl::CivilDay(2020, 1, 1), absl::CivilDay(2025, 3, 29));
  EXPECT_EQ(TimeOfDeath(particulars, LondonTime(2025, 4, 2, 10)),
            LondonTime(2025, 3, 30, 0) - absl::Microseconds(1));
  EXPECT_EQ(TimeOfDeath(particulars, LondonTime(2025, 3, 29, 10)), LondonTime(2025, 3, 29, 10));
  *particulars.mutable_death_time() = TimeToProto(LondonTime(2025, 3, 29, 9));
  EXPECT_EQ(TimeOfDeath(particulars, LondonTime(2025, 3, 29, 10)), LondonTime(2025, 3, 29, 9));
}

TEST(Keys, AreTheSameHoweverANameIsWritten) {
  const auto keys = [](const std::string& text) {
    return KeysOf(
        Of("birth_date { year: 2020 month: 1 day: 1 } "
           "death_date { year: 2025 month: 1 day: 1 } " +
           text));
  };
  const auto plain = keys("given_name: 'Zoe' family_name: 'Beispiel-Muster'");
  EXPECT_EQ(keys("given_name: 'ZOË Anna' family_name: 'beispiel muster'"), plain);
  EXPECT_NE(keys("given_name: 'Zara' family_name: 'Beispiel-Muster'"), plain);
  EXPECT_THAT(keys("family_name: 'Beispiel'"),
              IsEmpty());  // twins who died together
  EXPECT_THAT(keys("family_name: 'Beispiel' nhs_number: '9990000018'"),
              ElementsAre("nhs:9990000018"));
}

TEST(FillIn, TakesWhatWasOpenAndListsWhatContradicts) {
  pb::Particulars known =
      Of("given_name: 'Testa' family_name: 'Beispiel' death_date { year: 2025 "
         "month: 1 day: 1 } "
         "circumstances: 'as the police saw it' other_names: 'Tess' "
         "siblings { given_name: 'Uno' }");
  const pb::Particulars told =
      Of("given_name: 'Testa' family_name: 'Muster' death_date { year: 2025 "
         "month: 1 day: 2 } "
         "circumstances: 'as the ward saw it' nhs_number: '9990000018' sex: "
         "SEX_FEMALE "
         "other_names: 'Tess' other_names: 'Tessy' siblings { given_name: 'Uno' } "
         "siblings { given_name: 'Due' }");
  EXPECT_THAT(FillIn(known, told), ElementsAre("family_name", "death_date"));
  EXPECT_EQ(known.family_name(), "Beispiel");
  EXPECT_EQ(known.death_date().day(), 1);
  EXPECT_EQ(known.circumstances(), "as the police saw it");
  EXPECT_EQ(known.nhs_number(), "9990000018");
  EXPECT_EQ(known.sex(), pb::SEX_FEMALE);
  EXPECT_THAT(known.other_names(), ElementsAre("Tess", "Tessy"));
  EXPECT_EQ(known.siblings_size(), 2);
  EXPECT_THAT(FillIn(known, known), IsEmpty());
}

}  // namespace
}  // namespace lscp::child_death_reviews
