#include "child_protection/concern_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/testing/fixture.h"

namespace lscp::child_protection {
namespace {

using pb::Concern;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ConcernsTest : public Fixture {
 protected:
  Concern Record(const std::string& fields) {
    const auto response = harness_.Run(
        concerns_, &Concerns::Record,
        Parse<pb::RecordConcernRequest>(
            "parent: 'boroughs/barnet' title: 'Invented' description: 'Invented.' " + fields));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->concern() : Concern();
  }
  absl::StatusOr<Concern> Link(const Concern& concern, const std::string& child) {
    auto request = Of<pb::LinkChildToConcernRequest>(concern);
    request.set_child(child);
    const auto response = harness_.Run(concerns_, &Concerns::Link, request);
    if (!response.ok()) return response.status();
    return response->concern();
  }
  std::vector<std::string> Listed(const std::string& filter) {
    const auto response =
        harness_.Run(concerns_, &Concerns::List, Parse<pb::ListConcernsRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const Concern& concern : response->concerns()) {
      names.push_back(concern.name());
      EXPECT_EQ(concern.description(), "");
    }
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }

  Concerns concerns_{parts_};
};

TEST_F(ConcernsTest, ListsByWhatIsAskedAndByChild) {
  const std::string child = Child("c1");
  const Concern place = Record("role: CONCERN_ROLE_LOCATION children: '" + child + "'");
  harness_.clock.Advance(absl::Hours(1));
  const Concern person = Record("role: CONCERN_ROLE_OFFENDER");
  EXPECT_THAT(Listed(""), ElementsAre(person.name(), place.name()));
  EXPECT_THAT(Listed("role: CONCERN_ROLE_OFFENDER"), ElementsAre(person.name()));
  EXPECT_THAT(Listed("child: '" + child + "'"), ElementsAre(place.name()));
  ASSERT_TRUE(Link(person, child).ok());
  EXPECT_THAT(Listed("child: '" + child + "'"), ElementsAre(person.name(), place.name()));
  EXPECT_THAT(Listed("states: STATE_CLOSED"), IsEmpty());
}

TEST_F(ConcernsTest, OneToWhichAHiddenChildIsTiedIsHidden) {
  const std::string child = Child("c1");
  const Concern concern = Record("role: CONCERN_ROLE_THEME children: '" + child + "'");
  Child("c1", "restricted: true allowed_people: 'somebody.else'", 2);
  EXPECT_THAT(Listed(""), IsEmpty());
  pb::GetConcernRequest get;
  get.set_name(concern.name());
  EXPECT_EQ(harness_.Run(concerns_, &Concerns::Get, get).status().code(),
            absl::StatusCode::kPermissionDenied);
  const Concern other = Record("role: CONCERN_ROLE_THEME");
  EXPECT_EQ(Link(other, child).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(ConcernsTest, NoticesAreInForceUntilTheirLastDay) {
  const Concern concern = Record("role: CONCERN_ROLE_OFFENDER");
  const auto noted =
      harness_.Run(concerns_, &Concerns::AddNotice,
                   Of<pb::RecordDisruptionNoticeRequest>(
                       concern,
                       "kind: DISRUPTION_KIND_SEXUAL_RISK_ORDER reference: 'R1' "
                       "agency: 'testpolice' issue_date { year: 2025 month: 3 day: 1 } "
                       "expiry_date { year: 2025 month: 3 day: 4 }"));
  ASSERT_TRUE(noted.ok()) << noted.status();
  EXPECT_THAT(Listed("notice_in_force: true"), ElementsAre(concern.name()));
  harness_.clock.Advance(absl::Hours(24));
  EXPECT_THAT(Listed("notice_in_force: true"), ElementsAre(concern.name()));
  harness_.clock.Advance(absl::Hours(24));
  EXPECT_THAT(Listed("notice_in_force: true"), IsEmpty());
}

TEST_F(ConcernsTest, IsCorrectedClosedAndOpenedAgain) {
  const Concern concern = Record("role: CONCERN_ROLE_VICTIM");
  auto patch = Parse<pb::UpdateConcernRequest>("concern { title: 'Corrected' }");
  patch.mutable_concern()->set_name(concern.name());
  patch.set_etag(concern.etag());
  const auto updated = harness_.Run(concerns_, &Concerns::Update, patch);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->concern().title(), "Corrected");
  const auto closed =
      harness_.Run(concerns_, &Concerns::Close,
                   Of<pb::CloseConcernRequest>(updated->concern(), "reason: 'Invented.'"));
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_THAT(Listed("states: STATE_CLOSED"), ElementsAre(concern.name()));
  const auto reopened =
      harness_.Run(concerns_, &Concerns::Reopen,
                   Of<pb::ReopenConcernRequest>(closed->concern(), "reason: 'Invented.'"));
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ(reopened->concern().state(), Concern::STATE_OPEN);
}

}  // namespace
}  // namespace lscp::child_protection
