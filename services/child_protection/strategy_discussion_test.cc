#include "child_protection/strategy_discussion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "common/status/error.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/workflow/transition_testing.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_protection {
namespace {

using pb::StrategyDiscussion;

absl::Time London(int year, int month, int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), lscp::London());
}

const absl::Time kNow = London(2025, 3, 10, 10);  // a Monday
const Step kWorker = {"w.worker", "testcouncil", kNow};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

const Settings::Borough& Borough() {
  static const auto settings = Settings::Create({}, {});
  return settings->Of("testborough");
}

constexpr char kTwoChildren[] =
    "children: 'boroughs/testborough/children/b' children: 'boroughs/testborough/children/a' "
    "reason: STRATEGY_REASON_MISSING requester: STRATEGY_REQUESTER_SOCIAL_CARE concerns: 'x' ";
constexpr char kAllThere[] =
    "chair: 'c.chair' information_shared: 'x' "
    "participants { kind: AGENCY_KIND_SOCIAL_CARE attended: true } "
    "participants { kind: AGENCY_KIND_POLICE agency: 'testpolice' attended: true } "
    "participants { kind: AGENCY_KIND_HEALTH sent_information: true } ";
constexpr char kBothDecided[] =
    "decisions { child: 'boroughs/testborough/children/a' "
    "outcome: STRATEGY_OUTCOME_SECTION_47_JOINT } "
    "decisions { child: 'boroughs/testborough/children/b' "
    "outcome: STRATEGY_OUTCOME_NO_FURTHER_ACTION } rationale: 'x' ";

StrategyDiscussion Opened(const std::string& fields = "") {
  const auto discussion = OpenDiscussion(
      Parse<pb::OpenStrategyDiscussionRequest>(kTwoChildren + fields), kWorker, Borough());
  EXPECT_TRUE(discussion.ok()) << discussion.status();
  return *discussion;
}

absl::Status HoldWith(StrategyDiscussion& discussion, const std::string& fields) {
  return Hold(discussion, Parse<pb::HoldStrategyDiscussionRequest>(fields),
              {"w.worker", "testcouncil", kNow + absl::Hours(3)});
}

using Operation = std::function<absl::Status(StrategyDiscussion&)>;

const std::map<std::string, Operation>& Operations() {
  static const auto& operations = *new std::map<std::string, Operation>{
      {"AddChildren",
       [](StrategyDiscussion& d) {
         return AddChildren(
             d, Parse<pb::AddChildrenRequest>("children: 'boroughs/testborough/children/a'"));
       }},
      {"InviteAgencies",
       [](StrategyDiscussion& d) {
         return Invite(
             d, Parse<pb::InviteAgenciesRequest>("agencies { kind: AGENCY_KIND_EDUCATION }"));
       }},
      {"HoldStrategyDiscussion", [](StrategyDiscussion& d) { return HoldWith(d, kAllThere); }},
      {"DecideStrategyDiscussion",
       [](StrategyDiscussion& d) {
         return Decide(d, Parse<pb::DecideStrategyDiscussionRequest>(kBothDecided), kWorker);
       }},
      {"CancelStrategyDiscussion",
       [](StrategyDiscussion& d) {
         return Cancel(d, Parse<pb::CancelStrategyDiscussionRequest>("reason: 'twice'"));
       }},
  };
  return operations;
}

TEST(StrategyDiscussionStates, AreAsTheTableSaysInEveryCell) {
  for (const auto& cell : testing::EveryStateAndVerb(kStrategyDiscussionTransitions)) {
    if (cell.verb == "OpenStrategyDiscussion") continue;  // makes a new one, whatever there is
    StrategyDiscussion discussion = Opened();
    discussion.set_state(cell.state);
    const absl::Status status = Operations().at(cell.verb)(discussion);
    SCOPED_TRACE(cell.verb + " in " + StateName(cell.state));
    if (cell.to) {
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_EQ(discussion.state(), *cell.to);
    } else {
      EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
    }
  }
}

TEST(StrategyDiscussionStates, AreInTheReadme) {
  EXPECT_TRUE(testing::IsWhole(kStrategyDiscussionTransitions));
  EXPECT_TRUE(testing::FileHolds(LSCP_CHILD_PROTECTION_README,
                                 MarkdownTable(kStrategyDiscussionTransitions)));
}

TEST(OpenDiscussion, HoldsEachChildOnceAndWhoAskedForIt) {
  const StrategyDiscussion discussion =
      Opened("children: 'boroughs/testborough/children/a' team: 'assessment-1'");
  EXPECT_THAT(discussion.children(), ::testing::ElementsAre("boroughs/testborough/children/a",
                                                            "boroughs/testborough/children/b"));
  EXPECT_EQ(discussion.requested_by(), "w.worker");
  EXPECT_EQ(discussion.requesting_agency(), "testcouncil");
  EXPECT_EQ(discussion.state(), StrategyDiscussion::STATE_OPEN);
  EXPECT_FALSE(discussion.independent_chair_required());
}

TEST(OpenDiscussion, IsNotForAnybodyToDoInTheFrontDoorsName) {
  EXPECT_EQ(OpenDiscussion(Parse<pb::OpenStrategyDiscussionRequest>(
                               "requester: STRATEGY_REQUESTER_FRONT_DOOR"),
                           kWorker, Borough())
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

struct DueCase {
  absl::Time requested;
  bool urgent;
  absl::CivilDay last_day;
};

class Due : public ::testing::TestWithParam<DueCase> {};

TEST_P(Due, IsTheSameDayOrThreeWorkingDays) {
  pb::OpenStrategyDiscussionRequest request;
  request.set_urgent(GetParam().urgent);
  *request.mutable_request_time() = TimeToProto(GetParam().requested);
  const auto discussion = OpenDiscussion(request, kWorker, Borough());
  EXPECT_EQ(LastDayOf(*ProtoToTime(discussion->due_time())), GetParam().last_day);
}

INSTANTIATE_TEST_SUITE_P(
    Dates, Due,
    ::testing::Values(
        DueCase{London(2025, 3, 10, 10), true, absl::CivilDay(2025, 3, 10)},
        DueCase{London(2025, 3, 10, 23, 59), true, absl::CivilDay(2025, 3, 10)},
        DueCase{London(2025, 3, 10, 10), false, absl::CivilDay(2025, 3, 13)},
        DueCase{London(2025, 3, 6, 10), false, absl::CivilDay(2025, 3, 11)},       // over a weekend
        DueCase{London(2025, 3, 8, 10), false, absl::CivilDay(2025, 3, 12)},       // on a Saturday
        DueCase{London(2025, 4, 16, 10), false, absl::CivilDay(2025, 4, 23)},      // over Easter
        DueCase{London(2024, 2, 28, 10), false, absl::CivilDay(2024, 3, 4)},       // a leap day
        DueCase{London(2025, 3, 28, 10), false, absl::CivilDay(2025, 4, 2)},       // clocks go on
        DueCase{London(2025, 10, 24, 23), false, absl::CivilDay(2025, 10, 29)},    // clocks go back
        DueCase{London(2025, 12, 24, 17), false, absl::CivilDay(2025, 12, 31)}));  // Christmas

TEST(Hold, NeedsSocialCarePoliceAndHealthOrTheReasonWithout) {
  const std::string without_health =
      "chair: 'c.chair' participants { kind: AGENCY_KIND_SOCIAL_CARE attended: true } "
      "participants { kind: AGENCY_KIND_POLICE attended: true } ";
  StrategyDiscussion discussion = Opened();
  EXPECT_EQ(ReasonOf(HoldWith(discussion, without_health)), reason::ERROR_REASON_RULE_NOT_MET);
  discussion = Opened();
  EXPECT_TRUE(HoldWith(discussion, without_health + "absence_reason: 'nobody on call'").ok());
}

TEST(Hold, NeedsAnIndependentChairForAChildMissingFromCareAtHighRisk) {
  StrategyDiscussion discussion = Opened("high_risk_missing_from_care: true");
  ASSERT_TRUE(discussion.independent_chair_required());
  EXPECT_EQ(ReasonOf(HoldWith(discussion, kAllThere)), reason::ERROR_REASON_RULE_NOT_MET);
  discussion = Opened("high_risk_missing_from_care: true");
  EXPECT_TRUE(HoldWith(discussion, std::string(kAllThere) + "chair_independent: true").ok());
}

TEST(Hold, IsNotBeforeItWasAskedFor) {
  StrategyDiscussion discussion = Opened();
  EXPECT_EQ(HoldWith(discussion, std::string(kAllThere) + "hold_time { seconds: 1 }").code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Hold, TellsWhoWasInvitedFromWhoCame) {
  StrategyDiscussion discussion = Opened();
  ASSERT_TRUE(Invite(discussion, Parse<pb::InviteAgenciesRequest>(
                                     "agencies { kind: AGENCY_KIND_POLICE } "
                                     "agencies { kind: AGENCY_KIND_EDUCATION agency: 'school' }"))
                  .ok());
  ASSERT_TRUE(HoldWith(discussion, kAllThere).ok());
  std::vector<std::string> parts;
  for (const auto& p : discussion.participants()) parts.push_back(p.ShortDebugString());
  EXPECT_THAT(parts,
              ::testing::ElementsAre(
                  "kind: AGENCY_KIND_POLICE agency: \"testpolice\" invited: true attended: true",
                  "kind: AGENCY_KIND_EDUCATION agency: \"school\" invited: true",
                  "kind: AGENCY_KIND_SOCIAL_CARE attended: true",
                  "kind: AGENCY_KIND_HEALTH sent_information: true"));
}

TEST(Decide, IsForEveryChildOnce) {
  for (const char* decisions : {"decisions { child: 'boroughs/testborough/children/a' }",
                                "decisions { child: 'boroughs/testborough/children/a' } "
                                "decisions { child: 'boroughs/testborough/children/a' }",
                                "decisions { child: 'boroughs/testborough/children/c' }"}) {
    StrategyDiscussion discussion = Opened();
    discussion.set_state(StrategyDiscussion::STATE_HELD);
    EXPECT_EQ(
        Decide(discussion, Parse<pb::DecideStrategyDiscussionRequest>(decisions), kWorker).code(),
        absl::StatusCode::kInvalidArgument)
        << decisions;
  }
}

}  // namespace
}  // namespace lscp::child_protection
