#include "children_in_care/child_in_care.h"

#include <utility>

#include "children_in_care/care_record.h"
#include "children_in_care/testing/rules.h"
#include "common/workflow/transition_testing.h"
#include "gmock/gmock.h"
#include "safeguarding/children_in_care/v1/events.pb.h"

namespace lscp::children_in_care {
namespace {

using ::testing::ElementsAre;
using testing::FileHolds;
using testing::IsWhole;

constexpr char kFarAway[] =
    "type: PLACEMENT_TYPE_FOSTER provider: PLACEMENT_PROVIDER_PRIVATE area_code: 'E08000025'";
const Step kStep = {.person = "d.director", .agency = "barnet-council", .now = absl::Time()};

TEST(Table, IsInTheReadme) {
  EXPECT_TRUE(IsWhole(kChildInCareTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILDREN_IN_CARE_README, MarkdownTable(kChildInCareTransitions)));
}

Career InCare(const char* placement = kFoster) {
  Career career;
  EXPECT_EQ(career.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_SECTION_20", placement),
            absl::OkStatus());
  return career;
}

TEST(Table, AChildWhoIsNotLookedAfterCanOnlyComeIntoCareOrBeCorrected) {
  Career career = InCare();
  EXPECT_EQ(ReasonOf(career.Start(CivilDay(2024, 2, 1))),
            reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  ASSERT_EQ(career.End(CivilDay(2024, 3, 1)), absl::OkStatus());
  EXPECT_EQ(career.record.state(), pb::ChildInCare::STATE_CEASED);
  for (const absl::Status& status :
       {career.ChangeLegal(CivilDay(2024, 4, 1), "LEGAL_STATUS_REMAND"),
        career.Move(CivilDay(2024, 4, 1), "type: PLACEMENT_TYPE_HOSPITAL"),
        career.Return(CivilDay(2024, 4, 1)), career.End(CivilDay(2024, 4, 1)),
        AssignChildInCare(career.record, {}),
        RecordAreaNotice(career.record, {}, career.facts, kStep),
        ApprovePlacement(career.record, {}, career.facts, kStep)}) {
    EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  }
  EXPECT_EQ(career.Correct(career.Correction()), absl::OkStatus());
  EXPECT_EQ(career.Start(CivilDay(2024, 4, 1)), absl::OkStatus());
}

TEST(Correction, MakesTheChainAnewAndKeepsWhatIsKnownOfAPlacement) {
  Career career = InCare(kFarAway);
  ASSERT_EQ(RecordAreaNotice(career.record,
                             ParseText<pb::RecordAreaNoticeRequest>(
                                 "notice { notify_date { year: 2024 month: 1 day: 5 } }"),
                             career.facts, kStep),
            absl::OkStatus());
  ASSERT_EQ(career.ChangeLegal(CivilDay(2024, 2, 1), "LEGAL_STATUS_INTERIM_CARE_ORDER"),
            absl::OkStatus());
  auto request = career.Correction();
  *request.mutable_steps(1)->mutable_date() = DateToProto(CivilDay(2024, 1, 25));
  request.mutable_steps(0)->mutable_placement()->mutable_notice()->set_person("somebody else");
  auto& added = *request.add_steps();
  added.set_kind(pb::CARE_STEP_KIND_END);
  *added.mutable_date() = DateToProto(CivilDay(2024, 2, 10));
  added.set_end_reason(pb::EPISODE_END_REASON_HOME_PLANNED);
  ASSERT_EQ(career.Correct(request), absl::OkStatus());
  EXPECT_EQ(career.record.state(), pb::ChildInCare::STATE_CEASED);
  EXPECT_EQ(*ProtoToDate(career.record.episodes(0).end_date()), CivilDay(2024, 1, 25));
  EXPECT_EQ(career.record.placements(0).notice().person(), "d.director");
  EXPECT_EQ(career.record.steps(2).id(), "3");
}

TEST(Correction, NamesTheStepThatDoesNotFit) {
  Career career = InCare();
  ASSERT_EQ(career.ChangeLegal(CivilDay(2024, 2, 1), "LEGAL_STATUS_INTERIM_CARE_ORDER"),
            absl::OkStatus());
  auto request = career.Correction();
  *request.mutable_steps(1)->mutable_date() = DateToProto(CivilDay(2024, 1, 8));
  EXPECT_THAT(Violations(career.Correct(request)), ElementsAre("steps[1].date"));
  request = career.Correction();
  request.mutable_steps(1)->set_id("7");
  EXPECT_THAT(Violations(career.Correct(request)), ElementsAre("steps[1].id"));
  request.mutable_steps(1)->set_id("1");
  EXPECT_THAT(Violations(career.Correct(request)), ElementsAre("steps[1].id"));
}

TEST(Correction, AnIdIsNeverGivenTwice) {
  Career career = InCare();
  ASSERT_EQ(career.ChangeLegal(CivilDay(2024, 2, 1), "LEGAL_STATUS_INTERIM_CARE_ORDER"),
            absl::OkStatus());
  auto request = career.Correction();
  request.mutable_steps()->RemoveLast();
  ASSERT_EQ(career.Correct(request), absl::OkStatus());
  ASSERT_EQ(career.ChangeLegal(CivilDay(2024, 3, 1), "LEGAL_STATUS_FULL_CARE_ORDER"),
            absl::OkStatus());
  EXPECT_EQ(career.record.steps(1).id(), "3");
}

TEST(BirthDate, IsNotHeldAgainstWhatWasRecordedBeforeItWasCorrected) {
  Career career;
  career.facts = Born(CivilDay(2000, 6, 1));
  ASSERT_EQ(career.Start(CivilDay(2016, 7, 1), "LEGAL_STATUS_SECTION_20",
                         "type: PLACEMENT_TYPE_SUPPORTED_ACCOMMODATION provider: "
                         "PLACEMENT_PROVIDER_PRIVATE"),
            absl::OkStatus());
  career.facts = Born(CivilDay(2001, 6, 1));
  EXPECT_EQ(career.ChangeLegal(CivilDay(2017, 6, 2), "LEGAL_STATUS_INTERIM_CARE_ORDER"),
            absl::OkStatus());
  EXPECT_EQ(BrokenRule(career.Correct(career.Correction())), "age_of_placement");
}

TEST(Placement, AtADistanceIsApprovedOnce) {
  Career career = InCare(kFarAway);
  const auto request = ParseText<pb::ApprovePlacementRequest>(
      "approval { decide_date { year: 2024 month: 1 day: 5 } rationale: 'Invented.' }");
  ASSERT_EQ(ApprovePlacement(career.record, request, career.facts, kStep), absl::OkStatus());
  EXPECT_EQ(LastPlacement(career.record).approval().person(), "d.director");
  EXPECT_EQ(BrokenRule(ApprovePlacement(career.record, request, career.facts, kStep)),
            "placement_approval");
  career = InCare();
  EXPECT_EQ(BrokenRule(ApprovePlacement(career.record, request, career.facts, kStep)),
            "placement_approval");
  EXPECT_EQ(BrokenRule(RecordAreaNotice(career.record, {}, career.facts, kStep)), "area_notice");
}

std::string TypeOf(const std::optional<Event>& event) { return event ? event->type : ""; }

TEST(Event, TellsWhatHappened) {
  Career career;
  pb::ChildInCare before = career.record;
  const auto told = [&] {
    return TypeOf(EventOf(std::exchange(before, career.record), career.record));
  };
  ASSERT_EQ(career.Start(CivilDay(2024, 1, 8)), absl::OkStatus());
  EXPECT_EQ(told(), "children_in_care.care_started");
  ASSERT_EQ(career.ChangeLegal(CivilDay(2024, 2, 1), "LEGAL_STATUS_FULL_CARE_ORDER"),
            absl::OkStatus());
  EXPECT_EQ(told(), "");
  ASSERT_EQ(career.Move(CivilDay(2024, 2, 3), "type: PLACEMENT_TYPE_HOSPITAL"), absl::OkStatus());
  EXPECT_EQ(told(), "children_in_care.placement_changed");
  ASSERT_EQ(career.Return(CivilDay(2024, 2, 5)), absl::OkStatus());
  EXPECT_EQ(told(), "children_in_care.placement_changed");
  ASSERT_EQ(career.End(CivilDay(2024, 3, 1)), absl::OkStatus());
  EXPECT_EQ(told(), "children_in_care.care_ended");
  ASSERT_EQ(career.Start(CivilDay(2024, 4, 8)), absl::OkStatus());
  EXPECT_EQ(told(), "children_in_care.care_started");
}

TEST(Event, TellsThatShortBreaksBecameAnotherKindOfCare) {
  Career career;
  ASSERT_EQ(career.Start(CivilDay(2024, 1, 8), "LEGAL_STATUS_SHORT_BREAK"), absl::OkStatus());
  const pb::ChildInCare before = career.record;
  ASSERT_EQ(career.ChangeLegal(CivilDay(2024, 1, 20), "LEGAL_STATUS_SECTION_20"), absl::OkStatus());
  EXPECT_EQ(TypeOf(EventOf(before, career.record)), "children_in_care.care_corrected");
}

}  // namespace
}  // namespace lscp::children_in_care
