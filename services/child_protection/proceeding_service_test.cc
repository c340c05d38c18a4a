#include "child_protection/proceeding_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/testing/fixture.h"
#include "common/status/error.h"

namespace lscp::child_protection {
namespace {

using pb::Proceeding;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ProceedingsTest : public Fixture {
 protected:
  absl::StatusOr<Proceeding> TryStart(const std::string& child) {
    auto request = Parse<pb::StartPreProceedingsRequest>(
        "parent: 'boroughs/barnet' concerns: 'Invented.' team: 'court'");
    request.set_child(child);
    const auto response = harness_.Run(proceedings_, &Proceedings::Start, request);
    if (!response.ok()) return response.status();
    return response->proceeding();
  }
  Proceeding Start(const std::string& child) {
    const auto proceeding = TryStart(child);
    EXPECT_TRUE(proceeding.ok()) << proceeding.status();
    return proceeding.ok() ? *proceeding : Proceeding();
  }
  template <typename Request, typename Response>
  Proceeding Do(absl::StatusOr<Response> (Proceedings::*handler)(const Request&, Transaction&),
                const Proceeding& proceeding, const std::string& fields) {
    const auto response = harness_.Run(proceedings_, handler, Of<Request>(proceeding, fields));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->proceeding() : Proceeding();
  }
  std::vector<std::string> Listed(const std::string& filter) {
    const auto response =
        harness_.Run(proceedings_, &Proceedings::List, Parse<pb::ListProceedingsRequest>(filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (!response.ok()) return names;
    for (const Proceeding& proceeding : response->proceedings()) {
      names.push_back(proceeding.name());
      EXPECT_EQ(proceeding.concerns(), "");
    }
    EXPECT_EQ(names, harness_.disclosed);
    return names;
  }

  Proceedings proceedings_{parts_};
};

TEST_F(ProceedingsTest, GoFromTheLetterToTheOrders) {
  Proceeding proceeding = Start(Child("c1"));
  EXPECT_EQ(ClockOf(proceeding.name(), "pre_proceedings"), "due 2025-06-23");
  proceeding = Do(&Proceedings::SendLetter, proceeding, "");
  proceeding =
      Do(&Proceedings::FamilyMeeting, proceeding, "offer_date { year: 2025 month: 3 day: 3 }");
  proceeding = Do(&Proceedings::HoldMeeting, proceeding,
                  "agreed: 'Invented.' meeting_date { year: 2025 month: 3 day: 3 }");
  harness_.clock.Advance(absl::Hours(24 * 28));
  proceeding = Do(&Proceedings::Decide, proceeding,
                  "outcome: PRE_PROCEEDINGS_OUTCOME_ISSUE rationale: 'Invented.'");
  EXPECT_EQ(proceeding.decided_by(), harness_.caller.person);
  EXPECT_EQ(ClockOf(proceeding.name(), "pre_proceedings"), "due 2025-06-23 met 2025-03-31");
  proceeding = Do(&Proceedings::Issue, proceeding, "court_reference: 'ZZ25C00001'");
  EXPECT_EQ(ClockOf(proceeding.name(), "pre_proceedings"), "due 2025-06-23 met 2025-03-31");
  EXPECT_EQ(ClockOf(proceeding.name(), "care_proceedings"), "due 2025-09-29");
  harness_.clock.Advance(absl::Hours(24 * 190));
  EXPECT_THAT(Listed("court_overdue: true"), ElementsAre(proceeding.name()));
  proceeding = Do(&Proceedings::End, proceeding, "orders: COURT_ORDER_CARE_ORDER");
  EXPECT_EQ(proceeding.court_days(), 190);
  EXPECT_EQ(ClockOf(proceeding.name(), "care_proceedings"), "due 2025-09-29 met 2025-10-07");
  EXPECT_THAT(Listed("court_overdue: true"), IsEmpty());
}

TEST_F(ProceedingsTest, AChildHasOneThatHasNotEnded) {
  const std::string child = Child("c1");
  const Proceeding proceeding = Start(child);
  EXPECT_EQ(ReasonOf(TryStart(child).status()), reason::ERROR_REASON_RULE_NOT_MET);
  Do(&Proceedings::Decide, proceeding,
     "outcome: PRE_PROCEEDINGS_OUTCOME_STEP_DOWN_CLOSED rationale: 'Invented.'");
  EXPECT_TRUE(TryStart(child).ok());
}

TEST_F(ProceedingsTest, AHiddenChildHasNone) {
  EXPECT_EQ(
      TryStart(Child("c1", "restricted: true allowed_people: 'somebody.else'")).status().code(),
      absl::StatusCode::kPermissionDenied);
}

TEST_F(ProceedingsTest, ListsByWhatIsAskedAlsoThoseWithoutPreProceedings) {
  const std::string child = Child("c1");
  const Proceeding first = Start(child);
  harness_.clock.Advance(absl::Hours(24));
  auto request = Parse<pb::IssueWithoutPreProceedingsRequest>(
      "parent: 'boroughs/barnet' concerns: 'Invented.' team: 'other'");
  request.set_child(Child("c2"));
  const auto urgent = harness_.Run(proceedings_, &Proceedings::IssueAtOnce, request);
  ASSERT_TRUE(urgent.ok()) << urgent.status();
  const std::string second = urgent->proceeding().name();
  EXPECT_EQ(ClockOf(second, "care_proceedings"), "due 2025-09-02");
  EXPECT_THAT(Listed(""), ElementsAre(second, first.name()));
  EXPECT_THAT(Listed("child: '" + child + "'"), ElementsAre(first.name()));
  EXPECT_THAT(Listed("states: STATE_CARE_PROCEEDINGS"), ElementsAre(second));
  EXPECT_THAT(Listed("team: 'other'"), ElementsAre(second));
}

}  // namespace
}  // namespace lscp::child_protection
