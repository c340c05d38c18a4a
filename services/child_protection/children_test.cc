#include "child_protection/children.h"

#include "absl/strings/str_cat.h"
#include "child_protection/testing/fixture.h"
#include "common/status/error.h"
#include "domain/child_rows.h"
#include "gmock/gmock.h"
#include "safeguarding/child_protection/v1/strategy_discussions_service.pb.h"

namespace lscp::child_protection {
namespace {

namespace register_pb = safeguarding::referrals::v1;
using ::testing::ElementsAre;

class ChildrenTest : public Fixture {
 protected:
  absl::Status CheckAs(const std::string& person, const std::string& child) {
    Call call = harness_.CallOf(pb::OpenStrategyDiscussionRequest());
    call.caller.person = person;
    return children_.CheckOne(harness_.Database(), call, child);
  }
  void Merge(const std::string& duplicate, const std::string& survivor) {
    register_pb::ChildrenMerged merge;
    merge.set_child(survivor);
    merge.set_duplicate(duplicate);
    EXPECT_TRUE(children_.Merge(harness_.Database(), merge).ok());
  }
  std::vector<std::string> NamesOf(const std::string& child) {
    return *domain::NamesOfChild(harness_.Database(), child);
  }
};

TEST_F(ChildrenTest, AChildIsThereOnceTheRegisterHasToldOfIt) {
  EXPECT_EQ(CheckAs("w.worker", "boroughs/barnet/children/k1").code(),
            absl::StatusCode::kPermissionDenied);
  const std::string child = Child("k1");
  EXPECT_TRUE(CheckAs("w.worker", child).ok());
  EXPECT_EQ(CheckAs("w.worker", "boroughs/camden/children/k1").code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(ChildrenTest, ARestrictedChildIsThereForThePeopleNamed) {
  const std::string child = Child("k1", "restricted: true allowed_people: 'l.lead'");
  EXPECT_TRUE(CheckAs("l.lead", child).ok());
  const absl::Status hidden = CheckAs("w.worker", child);
  const absl::Status absent = CheckAs("w.worker", "boroughs/barnet/children/k2");
  EXPECT_EQ(hidden.code(), absent.code());
  EXPECT_EQ(ReasonOf(hidden), ReasonOf(absent));
  Child("k1", "restricted: false", 2);
  EXPECT_TRUE(CheckAs("w.worker", child).ok());
}

TEST_F(ChildrenTest, WhatComesLateChangesNothing) {
  const std::string child = Child("k1", "restricted: true allowed_people: 'l.lead'", 3);
  Child("k1", "", 2);
  EXPECT_FALSE(CheckAs("w.worker", child).ok());
}

TEST_F(ChildrenTest, MergedRecordsAreOneChildUntilTheyAreParted) {
  const std::string a = Child("a");
  const std::string b = Child("b");
  const std::string c = Child("c");
  Merge(a, b);
  Merge(b, c);
  EXPECT_THAT(NamesOf(a), ElementsAre(c, a, b));
  register_pb::ChildrenUnmerged unmerge;
  unmerge.set_child(c);
  unmerge.set_duplicate(b);
  ASSERT_TRUE(children_.Unmerge(harness_.Database(), unmerge).ok());
  EXPECT_THAT(NamesOf(a), ElementsAre(b, a));
  EXPECT_THAT(NamesOf(c), ElementsAre(c));
}

TEST_F(ChildrenTest, BirthDatesComeInTheOrderOfTheNames) {
  const std::string a = Child("a", "birth_date { year: 2018 month: 5 day: 1 }");
  const std::string unborn = Child("b");
  const std::string c = Child("c", "birth_date { year: 2012 month: 2 day: 29 }");
  const auto dates =
      BirthDatesOfAll(harness_.Database(), {c, unborn, "boroughs/barnet/children/nobody", a, c});
  ASSERT_TRUE(dates.ok()) << dates.status();
  EXPECT_THAT(*dates, ElementsAre(absl::CivilDay(2012, 2, 29), std::nullopt, std::nullopt,
                                  absl::CivilDay(2018, 5, 1), absl::CivilDay(2012, 2, 29)));
  EXPECT_TRUE(BirthDatesOfAll(harness_.Database(), {})->empty());
}

TEST_F(ChildrenTest, WhatTheRulesNeedIsKnownOfAChildOfTheRegister) {
  const std::string child =
      Child("a", "birth_date { year: 2018 month: 5 day: 1 } family_group: 'f1'");
  EXPECT_EQ(FindChild(harness_.Database(), child)->birth_date, absl::CivilDay(2018, 5, 1));
  EXPECT_EQ(LockChild(harness_.Database(), child)->family_group, "f1");
  EXPECT_EQ(FindChild(harness_.Database(), "boroughs/barnet/children/b")->birth_date, std::nullopt);
}

// Whether a child may be seen is asked in every call: what it costs must not grow with the borough.
TEST_F(ChildrenTest, ToSeeOneChildTheOthersAreNotRead) {
  const std::string child = Child("k1");
  std::string others =
      "INSERT INTO children (borough, id, revision, survivor, restricted, sex, ethnicity) VALUES ";
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&others, i == 0 ? "" : ", ", "('barnet', 'o", i, "', 1, 'o", i, "', ", i % 2,
                    ", 0, 0)");
  }
  ASSERT_TRUE(harness_.Database().Execute(others, {}).ok());
  const auto rows_read = [this] {
    return harness_.Database()
        .Query(
            "SELECT SUM(variable_value) FROM information_schema.session_status WHERE "
            "variable_name IN ('HANDLER_READ_NEXT', 'HANDLER_READ_RND_NEXT')",
            {})
        ->front()
        .Int(0);
  };
  rows_read();
  const int64_t before = rows_read();
  const int64_t own = rows_read() - before;  // to look costs something, too
  ASSERT_TRUE(CheckAs("w.worker", child).ok());
  EXPECT_LT(rows_read() - before - 2 * own, 50);
}

}  // namespace
}  // namespace lscp::child_protection
