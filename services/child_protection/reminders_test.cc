#include "child_protection/reminders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "child_protection/testing/conferences_fixture.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

// The conference is on Thursday 20 March 2025, the reports are due on Tuesday the 18th; the borough
// reminds a working day before.
class RemindersTest : public ConferencesFixture {
 protected:
  RemindersTest() : conference_(Invited(Convened({Child("k1")}))) {}

  int Run() {
    const ChoreRunner::Pass pass = runner_.Run();
    EXPECT_TRUE(pass.failure.ok()) << pass.failure;
    return pass.done;
  }
  void GoTo(int month, int day, int hour) {
    const absl::Time then =
        absl::FromCivil(absl::CivilHour(2025, month, day, hour), absl::UTCTimeZone());
    harness_.clock.Advance(then - harness_.clock.Now());
  }
  std::vector<int> RemindersOf(const pb::Conference& conference) {
    std::vector<int> reminders;
    const auto invitations = InvitationStore().Of(harness_.Database(), conference.name());
    EXPECT_TRUE(invitations.ok()) << invitations.status();
    for (const pb::Invitation& invitation : *invitations) {
      reminders.push_back(invitation.reminders());
    }
    return reminders;
  }
  int64_t Journalled(const std::string& where) {
    return harness_.Database()
        .Query(
            "SELECT COUNT(*) FROM journal WHERE method = 'child-protection/RemindInvitees' AND " +
                where,
            {})
        ->front()
        .Int(0);
  }

  const pb::Conference conference_;
  ChoreRunner runner_{&harness_.database(), &harness_.clock, "child-protection", Reminders(parts_)};
};

TEST_F(RemindersTest, TheServiceRemindsOnceOnTheDaysThatTheBoroughHasSet) {
  GoTo(3, 16, 23);
  EXPECT_EQ(Run(), 0);
  GoTo(3, 17, 0);
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(Run(), 0);
  GoTo(3, 18, 12);
  EXPECT_EQ(Run(), 0);
  EXPECT_THAT(RemindersOf(conference_), ElementsAre(1, 1, 1));
  EXPECT_EQ(Journalled("agency = 'service.child-protection' AND person = '' AND borough = 'barnet' "
                       "AND event_type = 'child_protection.conference_report_reminded'"),
            3);
}

TEST_F(RemindersTest, WhoHasReportedIsNotReminded) {
  As("testschool");
  ASSERT_TRUE(Report(Mine()[0]).ok());
  AsCouncil();
  GoTo(3, 17, 9);
  EXPECT_EQ(Run(), 2);
}

TEST_F(RemindersTest, NobodyIsRemindedForAConferenceThatWasCancelled) {
  ASSERT_TRUE(harness_
                  .Run(conferences_, &Conferences::Cancel,
                       Of<pb::CancelConferenceRequest>(Read(conference_), "reason: 'invented'"))
                  .ok());
  GoTo(3, 17, 9);
  EXPECT_EQ(Run(), 0);
}

TEST_F(RemindersTest, ARestrictedChildsConferenceRemindsToo) {
  Child("k1", "restricted: true allowed_people: 'n.named'", 2);
  GoTo(3, 17, 9);
  EXPECT_EQ(Run(), 3);
}

TEST_F(RemindersTest, ARescheduledConferenceRemindsForItsNewDay) {
  GoTo(3, 17, 9);
  EXPECT_EQ(Run(), 3);
  auto request =
      Of<pb::RescheduleConferenceRequest>(Read(conference_), "reason: 'invented' late_reason: 'x'");
  *request.mutable_plan_time() =
      TimeToProto(absl::FromCivil(absl::CivilHour(2025, 3, 27, 10), absl::UTCTimeZone()));
  const auto rescheduled = harness_.Run(conferences_, &Conferences::Reschedule, request);
  ASSERT_TRUE(rescheduled.ok()) << rescheduled.status();
  GoTo(3, 23, 12);
  EXPECT_EQ(Run(), 0);
  GoTo(3, 24, 1);
  EXPECT_EQ(Run(), 3);
  EXPECT_THAT(RemindersOf(conference_), Each(2));
}

// Whatever it had begun is undone, and whoever comes next does it.
TEST_F(RemindersTest, AProcessThatDiesHasRemindedNobodyTwice) {
  GoTo(3, 17, 9);
  Chore dying = Reminders(parts_);
  int acted = 0;
  dying.act = [&acted, act = dying.act](const std::string& name, Transaction& tx) {
    const absl::Status status = act(name, tx);
    return ++acted == 2 ? absl::UnavailableError("died before COMMIT") : status;
  };
  ChoreRunner one{&harness_.database(), &harness_.clock, "child-protection", std::move(dying)};
  EXPECT_EQ(one.Run().done, 2);
  EXPECT_EQ(Run(), 0) << "another process has the lease";
  EXPECT_EQ(one.Run().done, 1);
  EXPECT_THAT(RemindersOf(conference_), Each(1));
  EXPECT_EQ(Journalled("TRUE"), 3);
}

}  // namespace
}  // namespace lscp::child_protection
