#include "referrals/child.h"

#include "common/workflow/transition_testing.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

pb::Child Parse(const std::string& text) {
  pb::Child child;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &child)) << text;
  return child;
}

pb::Child ActiveChild(const std::string& id) {
  return Parse("name: 'boroughs/barnet/children/" + id + "' state: STATE_ACTIVE");
}

google::protobuf::RepeatedPtrField<std::string> People(std::initializer_list<const char*> people) {
  return {people.begin(), people.end()};
}

struct Record {
  const char* title;
  const char* text;
  std::vector<std::string> faulty;
};
class ChildRecord : public ::testing::TestWithParam<Record> {};

TEST_P(ChildRecord, HasItsFaultsNamed) {
  std::vector<std::string> faulty;
  for (const FieldViolation& fault : FaultsOf(Parse(GetParam().text), "child")) {
    faulty.push_back(fault.field);
  }
  EXPECT_EQ(faulty, GetParam().faulty);
}

INSTANTIATE_TEST_SUITE_P(
    All, ChildRecord,
    ::testing::Values(
        Record{"Nothing", "", {"child.family_name", "child.birth_date"}},
        Record{"Born", "family_name: 'x' birth_date { year: 2015 month: 3 day: 4 }", {}},
        Record{"Unborn", "family_name: 'x' expected_birth_date { year: 2025 month: 3 day: 4 }", {}},
        Record{"BornAfterExpected",
               "family_name: 'x' expected_birth_date { year: 2025 month: 3 day: 4 } "
               "birth_date { year: 2025 month: 3 day: 1 }",
               {}},
        Record{"NoneAlone",
               "family_name: 'x' birth_date { year: 2015 month: 3 day: 4 } "
               "disabilities: DISABILITY_NONE",
               {}},
        Record{"NoneWithAnother",
               "family_name: 'x' birth_date { year: 2015 month: 3 day: 4 } "
               "disabilities: DISABILITY_NONE disabilities: DISABILITY_AUTISM",
               {"child.disabilities"}},
        Record{"DisabilityTwice",
               "family_name: 'x' birth_date { year: 2015 month: 3 day: 4 } "
               "disabilities: DISABILITY_VISION disabilities: DISABILITY_VISION",
               {"child.disabilities"}},
        Record{"DiedBeforeBirth",
               "family_name: 'x' birth_date { year: 2015 month: 3 day: 4 } "
               "death_date { year: 2015 month: 3 day: 3 }",
               {"child.death_date"}},
        Record{"DiedOnTheDayOfBirth",
               "family_name: 'x' birth_date { year: 2015 month: 3 day: 4 } "
               "death_date { year: 2015 month: 3 day: 4 }",
               {}},
        Record{"AddressBackwards",
               "family_name: 'x' birth_date { year: 2015 month: 3 day: 4 } addresses { } "
               "addresses { from_date { year: 2016 month: 1 day: 2 } "
               "to_date { year: 2016 month: 1 day: 1 } }",
               {"child.addresses[1].to_date"}},
        Record{"RelationToNobody",
               "family_name: 'x' birth_date { year: 2015 month: 3 day: 4 } relationships { }",
               {"child.relationships[0]"}},
        Record{"RelationToTwo",
               "family_name: 'x' birth_date { year: 2015 month: 3 day: 4 } relationships { "
               "child: 'boroughs/barnet/children/b' person_name: 'y' }",
               {"child.relationships[0]"}},
        Record{"RelationToOneself",
               "name: 'boroughs/barnet/children/a' family_name: 'x' "
               "birth_date { year: 2015 month: 3 day: 4 } "
               "relationships { child: 'boroughs/barnet/children/a' }",
               {"child.relationships[0].child"}},
        Record{"UpnKnownAndUnknown",
               "family_name: 'x' birth_date { year: 2015 month: 3 day: 4 } upn: 'B801200005001' "
               "upn_unknown_reason: UPN_UNKNOWN_REASON_NOT_OBTAINABLE",
               {"child.upn_unknown_reason"}}),
    [](const auto& info) { return std::string(info.param.title); });

TEST(ChildStates, LeadEverywhereAndStandInTheReadme) {
  EXPECT_TRUE(testing::IsWhole(kChildTransitions));
  EXPECT_TRUE(testing::FileHolds(LSCP_REFERRALS_README, MarkdownTable(kChildTransitions)));
}

TEST(Merging, PartingRestoresBothRecords) {
  pb::Child survivor = ActiveChild("a");
  pb::Child duplicate = ActiveChild("b");
  ASSERT_TRUE(Merge(survivor, duplicate, "same birth certificate").ok());
  EXPECT_EQ(survivor.SerializeAsString(), ActiveChild("a").SerializeAsString());
  EXPECT_EQ(duplicate.state(), pb::Child::STATE_MERGED);
  EXPECT_EQ(duplicate.merged_into(), survivor.name());
  EXPECT_EQ(duplicate.merge_reason(), "same birth certificate");

  ASSERT_TRUE(Unmerge(survivor, duplicate, "cousins").ok());
  EXPECT_EQ(survivor.SerializeAsString(), ActiveChild("a").SerializeAsString());
  EXPECT_EQ(duplicate.merge_reason(), "cousins");
  duplicate.clear_merge_reason();
  EXPECT_EQ(duplicate.SerializeAsString(), ActiveChild("b").SerializeAsString());
}

TEST(Merging, NeedsTwoRecordsInUse) {
  pb::Child a = ActiveChild("a");
  pb::Child b = ActiveChild("b");
  pb::Child c = ActiveChild("c");
  EXPECT_EQ(Merge(a, a, "x").code(), absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(Merge(a, b, "x").ok());
  EXPECT_EQ(ReasonOf(Merge(c, b, "x")), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  EXPECT_EQ(ReasonOf(Merge(b, c, "x")), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  EXPECT_TRUE(Merge(c, a, "x").ok());
}

TEST(Merging, ARestrictedRecordIsNotJoinedToAnOpenOne) {
  pb::Child open = ActiveChild("a");
  pb::Child restricted = ActiveChild("b");
  ASSERT_TRUE(Restrict(restricted, People({"ann"}), "x", "ann").ok());
  EXPECT_EQ(ReasonOf(Merge(open, restricted, "x")), reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_TRUE(Merge(restricted, open, "x").ok());
}

TEST(Parting, NeedsTheSurvivorThatItWasMergedInto) {
  pb::Child a = ActiveChild("a");
  pb::Child b = ActiveChild("b");
  pb::Child c = ActiveChild("c");
  EXPECT_EQ(ReasonOf(Unmerge(a, b, "x")), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  ASSERT_TRUE(Merge(a, b, "x").ok());
  EXPECT_EQ(ReasonOf(Unmerge(c, b, "x")), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  EXPECT_TRUE(Unmerge(a, b, "x").ok());
}

TEST(Restriction, IsToThePeopleNamedEachOnce) {
  pb::Child child = ActiveChild("a");
  EXPECT_TRUE(MaySee(child, "bob"));
  EXPECT_TRUE(MaySee(child, ""));
  ASSERT_TRUE(Restrict(child, People({"cal", "ann", "cal"}), "relative on the staff", "ann").ok());
  EXPECT_THAT(child.allowed_people(), ElementsAre("ann", "cal"));
  EXPECT_EQ(child.restriction_reason(), "relative on the staff");
  EXPECT_TRUE(MaySee(child, "ann"));
  EXPECT_FALSE(MaySee(child, "bob"));
  EXPECT_FALSE(MaySee(child, ""));
}

TEST(Restriction, CanBeReplacedAndLifted) {
  pb::Child child = ActiveChild("a");
  ASSERT_TRUE(Restrict(child, People({"ann"}), "x", "ann").ok());
  ASSERT_TRUE(Restrict(child, People({"bob"}), "y", "bob").ok());
  EXPECT_FALSE(MaySee(child, "ann"));
  ASSERT_TRUE(Lift(child, "relative has left").ok());
  EXPECT_TRUE(MaySee(child, "ann"));
  EXPECT_THAT(child.allowed_people(), IsEmpty());
  EXPECT_EQ(child.restriction_reason(), "relative has left");
}

TEST(Restriction, LocksNobodyOut) {
  pb::Child child = ActiveChild("a");
  EXPECT_EQ(ReasonOf(Restrict(child, People({"ann"}), "x", "bob")),
            reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_FALSE(child.restricted());
}

TEST(Restriction, NeedsARecordInUseAndLiftingNeedsARestriction) {
  pb::Child a = ActiveChild("a");
  pb::Child b = ActiveChild("b");
  EXPECT_EQ(ReasonOf(Lift(a, "x")), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  ASSERT_TRUE(Merge(a, b, "x").ok());
  EXPECT_EQ(ReasonOf(Restrict(b, People({"ann"}), "x", "ann")),
            reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  EXPECT_EQ(ReasonOf(Lift(b, "x")), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
}

TEST(ChangeOf, HoldsWhatEveryServiceKeepsAndNoAddress) {
  const pb::ChildChanged change = ChangeOf(
      Parse("name: 'boroughs/barnet/children/a' family_name: 'Inventado' given_name: 'Ada' "
            "other_names: 'Adi' nhs_number: '9990000018' addresses { confidential: true } "
            "birth_date { year: 2015 month: 3 day: 4 } sex: SEX_FEMALE "
            "ethnicity: ETHNICITY_CHINESE disabilities: DISABILITY_VISION family_group: 'f1' "
            "restricted: true allowed_people: 'ann'"),
      7);
  pb::ChildChanged expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "child: 'boroughs/barnet/children/a' revision: 7 birth_date { year: 2015 month: 3 day: 4 } "
      "sex: SEX_FEMALE ethnicity: ETHNICITY_CHINESE disabilities: DISABILITY_VISION "
      "family_group: 'f1' restricted: true allowed_people: 'ann' nhs_number: '9990000018' "
      "given_name: 'Ada' family_name: 'Inventado' other_names: 'Adi'",
      &expected));
  EXPECT_EQ(change.DebugString(), expected.DebugString());
}

}  // namespace
}  // namespace lscp::referrals
