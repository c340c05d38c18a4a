#include "child_protection/child_check_service.h"

#include "absl/strings/str_cat.h"
#include "child_protection/child_status.h"
#include "child_protection/testing/fixture.h"
#include "common/time/london.h"
#include "gmock/gmock.h"

namespace lscp::child_protection {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr auto kPlan = pb::CHILD_STATUS_CHILD_PROTECTION_PLAN;
constexpr auto kMissing = pb::CHILD_STATUS_MISSING;
constexpr char kSource[] = "boroughs/barnet/plans/p1";
constexpr char kAda[] =
    "nhs_number: '9990000018' family_name: 'Inventado' given_name: 'Ada' "
    "birth_date { year: 2015 month: 3 day: 4 }";
constexpr char kByNumber[] = "nhs_number: '9990000018'";
constexpr char kByName[] =
    "family_name: 'INVENTADO' given_name: 'Ada Mae' birth_date { year: 2015 month: 3 day: 4 }";

class ChildChecksTest : public Fixture {
 protected:
  ChildChecksTest() {
    harness_.caller.agency = "example-ambulance-service";
    harness_.caller.person = "";
    harness_.caller.purpose = "vital interests";
  }
  pb::CheckChildResponse Check(const std::string& fields) {
    harness_.clock.Advance(absl::Seconds(1));
    const auto response =
        harness_.Run(checks_, &ChildChecks::Check,
                     Parse<pb::CheckChildRequest>("parent: 'boroughs/barnet' " + fields));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(pb::CheckChildResponse());
  }
  // What an agency is told, as "1 now" or "1 recent" for each status.
  std::vector<std::string> Told(const std::string& fields) {
    std::vector<std::string> told;
    const pb::CheckChildResponse response = Check(fields);
    for (const auto& status : response.statuses()) {
      told.push_back(absl::StrCat(status.status(), status.current() ? " now" : " recent"));
    }
    return told;
  }
  std::vector<pb::ChildCheck> List(const std::string& filter) {
    const auto response =
        harness_.Run(checks_, &ChildChecks::List,
                     Parse<pb::ListChildChecksRequest>("parent: 'boroughs/barnet' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->checks().begin(), response->checks().end()};
  }
  void Begin(const std::string& child, pb::ChildStatus status, absl::CivilDay from) {
    EXPECT_TRUE(BeginStatus(harness_.Database(), child, status, kSource, from).ok());
  }
  void End(const std::string& child, pb::ChildStatus status, absl::CivilDay to) {
    EXPECT_TRUE(EndStatus(harness_.Database(), child, status, kSource, to).ok());
  }
  absl::CivilDay today() const { return LondonDay(harness_.clock.Now()); }

  ChildChecks checks_{parts_};
};

TEST_F(ChildChecksTest, TellAPlanByNumberAndByNamesAndWhomToCall) {
  Begin(Child("k1", kAda), kPlan, today());
  EXPECT_THAT(Told(kByNumber), ElementsAre("1 now"));
  EXPECT_THAT(Told(kByName), ElementsAre("1 now"));
  EXPECT_EQ(Check(kByName).contact().phone(), "020 7946 0001");
}

TEST_F(ChildChecksTest, TellWhatTheNumberOrTheNamesFind) {
  Begin(Child("k1", kAda), kPlan, today());
  EXPECT_THAT(Told("nhs_number: '9990000026' " + std::string(kByName)), ElementsAre("1 now"));
}

TEST_F(ChildChecksTest, TellAnUnbornChildsPlanByTheMothersName) {
  Begin(Child("k1", "family_name: 'Inventado' expected_birth_date { year: 2025 month: 6 day: 4 }"),
        kPlan, today());
  EXPECT_THAT(Told("family_name: 'Inventado' expected_birth_date { year: 2025 month: 6 day: 20 }"),
              ElementsAre("1 now"));
}

TEST_F(ChildChecksTest, TellAPlanForTwelveMonthsAfterItsEndAndTheRestWhileItHolds) {
  const std::string child = Child("k1", kAda);
  Begin(child, kPlan, absl::CivilDay(2023, 1, 1));
  Begin(child, kMissing, absl::CivilDay(2025, 3, 1));
  EXPECT_THAT(Told(kByNumber), ElementsAre("1 now", "3 now"));
  End(child, kMissing, today());
  End(child, kPlan, absl::CivilDay(2024, 3, 3));
  EXPECT_THAT(Told(kByNumber), ElementsAre("1 recent"));
  harness_.clock.Advance(absl::Hours(24));
  EXPECT_THAT(Told(kByNumber), IsEmpty());
}

TEST_F(ChildChecksTest, TellNothingThatIsYetToCome) {
  Begin(Child("k1", kAda), kPlan, today() + 1);
  EXPECT_THAT(Told(kByNumber), IsEmpty());
}

TEST_F(ChildChecksTest, AnswerAlikeWhenThereIsNobodyNothingToTellOrNothingToBeKnown) {
  const std::string nobody = Check(kByNumber).SerializeAsString();
  const std::string child = Child("k1", kAda);
  EXPECT_EQ(Check(kByNumber).SerializeAsString(), nobody);
  Begin(child, kPlan, today());
  Child("k1", std::string(kAda) + " restricted: true allowed_people: 'l.lead'", 2);
  EXPECT_EQ(Check(kByNumber).SerializeAsString(), nobody);
  EXPECT_EQ(Check(kByName).SerializeAsString(), nobody);
}

TEST_F(ChildChecksTest, FindWhatIsKnownUnderAnyRecordOfTheChild) {
  const std::string old = Child("old");
  Begin(old, kPlan, today());
  safeguarding::referrals::v1::ChildrenMerged merge;
  merge.set_duplicate(old);
  merge.set_child(Child("k1", kAda));
  ASSERT_TRUE(children_.Merge(harness_.Database(), merge).ok());
  EXPECT_THAT(Told(kByNumber), ElementsAre("1 now"));
}

TEST_F(ChildChecksTest, NeedEnoughToRecogniseAChildBy) {
  for (const char* fields : {"", "family_name: 'Inventado'", "given_name: 'Ada'",
                             "family_name: 'Inventado' given_name: 'Ada'",
                             "family_name: '-' expected_birth_date { year: 2025 month: 6 day: 1 }",
                             "family_name: 'I' birth_date { year: 2015 month: 3 day: 4 }"}) {
    EXPECT_EQ(
        harness_
            .Run(checks_, &ChildChecks::Check,
                 Parse<pb::CheckChildRequest>(std::string("parent: 'boroughs/barnet' ") + fields))
            .status()
            .code(),
        absl::StatusCode::kInvalidArgument)
        << fields;
  }
}

TEST_F(ChildChecksTest, AreOnRecordForTheBoroughWithTheirPurposeAndWithoutWhatWasAsked) {
  const std::string child = Child("k1", kAda);
  Begin(child, kPlan, today());
  Check(kByName);
  ASSERT_THAT(harness_.entries, SizeIs(1));
  ASSERT_TRUE(harness_.entries[0].event.has_value());
  EXPECT_EQ(harness_.entries[0].event->type, "child_protection.child_checked");
  EXPECT_EQ(harness_.entries[0].event->subject, child);
  EXPECT_THAT(harness_.entries[0].payload, Not(HasSubstr("INVENTADO")));
  Check("nhs_number: '9990000026'");
  EXPECT_FALSE(harness_.entries[0].event.has_value());
  harness_.caller.person = "w.worker";
  const auto checks = List("child: '" + child + "'");
  ASSERT_THAT(checks, SizeIs(1));
  EXPECT_EQ(checks[0].agency(), "example-ambulance-service");
  EXPECT_EQ(checks[0].purpose(), "vital interests");
  EXPECT_THAT(checks[0].statuses(), SizeIs(1));
  EXPECT_THAT(List(""), SizeIs(2));
  EXPECT_THAT(List("agency: 'example-police'"), IsEmpty());
}

TEST_F(ChildChecksTest, OfARestrictedChildAreOnRecordForThePeopleNamed) {
  const std::string child =
      Child("k1", std::string(kAda) + " restricted: true allowed_people: 'l.lead'");
  Check(kByNumber);
  harness_.caller.person = "w.worker";
  EXPECT_THAT(List(""), IsEmpty());
  harness_.caller.person = "l.lead";
  EXPECT_THAT(List("child: '" + child + "'"), SizeIs(1));
}

}  // namespace
}  // namespace lscp::child_protection
