#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <tuple>

#include "child_protection/enquiry.h"
#include "child_protection/strategy_discussion.h"
#include "child_protection/testing/indicators_fixture.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;

class EnquiryIndicatorsTest : public IndicatorsFixture {
 protected:
  static absl::Time Day(int day) { return StartOfDay(CivilDay(2025, 3, day)); }

  void Discussion(const std::string& id, std::optional<absl::Time> held,
                  std::optional<absl::Time> decided = std::nullopt) {
    Row("strategy_discussions",
        {{"id", id}, {"held_at", held}, {"decided_at", decided}, {"team", "mash"}});
  }
  void Participant(const std::string& discussion, pb::AgencyKind kind, bool invited,
                   bool attended) {
    Row("strategy_participants",
        {{"discussion", discussion}, {"kind", kind}, {"invited", invited}, {"attended", attended}});
  }
  void Enquiry(const std::string& id, absl::Time started, std::optional<absl::Time> concluded,
               pb::EnquiryNextStep step, const Columns& more = {}) {
    Columns columns = {{"id", id},
                       {"child", id},
                       {"started_at", started},
                       {"concluded_at", concluded},
                       {"ended_at", concluded},
                       {"next_step", step},
                       {"team", "assessment-1"}};
    columns.insert(columns.end(), more.begin(), more.end());
    Row("enquiries", columns);
  }

  const CivilDay first_{2025, 3, 1}, last_{2025, 3, 31};
};

// The report's figures: invited of meetings, attended of invited, and attended of meetings.
TEST_F(EnquiryIndicatorsTest, AttendanceIsOfTheInvitedAndOfAllMeetings) {
  Discussion("d1", Day(3));
  Discussion("d2", Day(31) + absl::Hours(23));
  Discussion("d3", EndOfDay(last_));  // April
  Discussion("d4", std::nullopt);     // open, or cancelled
  for (const std::string id : {"d1", "d2", "d3", "d4"}) {
    Participant(id, pb::AGENCY_KIND_SOCIAL_CARE, true, true);
  }
  Participant("d1", pb::AGENCY_KIND_HEALTH, true, false);
  Participant("d1", pb::AGENCY_KIND_POLICE, false, true);  // came uninvited
  Participant("d2", pb::AGENCY_KIND_POLICE, true, true);
  Participant("d2", pb::AGENCY_KIND_HOUSING, true, true);  // not one of the four
  EXPECT_EQ(Figure("strategy_discussions_held", first_, last_), "2");
  EXPECT_THAT(PartsOf("strategy_agencies_invited", "agency_kind", first_, last_),
              ElementsAre("EDUCATION 0/2", "HEALTH 1/2", "POLICE 1/2", "SOCIAL_CARE 2/2"));
  EXPECT_EQ(Figure("strategy_agencies_invited", first_, last_), "4/8");
  EXPECT_THAT(PartsOf("strategy_agencies_attended_of_invited", "agency_kind", first_, last_),
              ElementsAre("HEALTH 0/1", "POLICE 1/1", "SOCIAL_CARE 2/2"));
  EXPECT_THAT(PartsOf("strategy_agencies_attended", "agency_kind", first_, last_),
              ElementsAre("EDUCATION 0/2", "HEALTH 0/2", "POLICE 2/2", "SOCIAL_CARE 2/2"));
}

TEST_F(EnquiryIndicatorsTest, DiscussionsAndTheirChildrenLeadToSection47Apart) {
  Discussion("d1", Day(3), Day(3));
  Discussion("d2", Day(4), Day(4));
  Discussion("d3", Day(31), EndOfDay(last_));  // decided in April
  for (const auto& [discussion, child, outcome] :
       {std::tuple("d1", "k1", pb::STRATEGY_OUTCOME_SECTION_47_JOINT),
        {"d1", "k2", pb::STRATEGY_OUTCOME_SECTION_47_SINGLE_AGENCY},
        {"d1", "k3", pb::STRATEGY_OUTCOME_ASSESSMENT},
        {"d2", "k1", pb::STRATEGY_OUTCOME_NO_FURTHER_ACTION},
        {"d3", "k1", pb::STRATEGY_OUTCOME_SECTION_47_JOINT}}) {
    Row("strategy_decisions", {{"discussion", discussion}, {"child", child}, {"outcome", outcome}});
  }
  EXPECT_EQ(Figure("strategy_children_to_section_47", first_, last_), "2/4");
  EXPECT_EQ(Figure("strategy_discussions_to_section_47", first_, last_), "1/2");
}

TEST_F(EnquiryIndicatorsTest, TheFunnelFollowsThoseThatStartedAsFarAsTheyHadCome) {
  Enquiry("e1", Day(3), Day(10), pb::ENQUIRY_NEXT_STEP_INITIAL_CONFERENCE,
          {{"conference_at", Day(20)}});
  Enquiry("e2", Day(4), Day(11), pb::ENQUIRY_NEXT_STEP_INITIAL_CONFERENCE,
          {{"conference_at", EndOfDay(last_)}});
  Enquiry("e3", Day(5), Day(12), pb::ENQUIRY_NEXT_STEP_NO_FURTHER_ACTION, {{"joint", true}});
  Enquiry("e4", Day(31), EndOfDay(last_), pb::ENQUIRY_NEXT_STEP_INITIAL_CONFERENCE);
  Enquiry("e5", Day(6), Day(7), pb::ENQUIRY_NEXT_STEP_UNSPECIFIED,
          {{"state", pb::Enquiry::STATE_CANCELLED}});
  Enquiry("e6", Day(1) - absl::Minutes(1), Day(2), pb::ENQUIRY_NEXT_STEP_ASSESSMENT);
  EXPECT_EQ(Figure("section_47_started", first_, last_), "4");
  EXPECT_THAT(PartsOf("section_47_started", "outcome", first_, last_),
              ElementsAre("INITIAL_CONFERENCE 2", "NOT_CONCLUDED 1", "NO_FURTHER_ACTION 1"));
  EXPECT_THAT(PartsOf("section_47_started", "joint", first_, last_),
              ElementsAre("ALONE 3", "WITH_POLICE 1"));
  EXPECT_EQ(Figure("section_47_to_conference", first_, last_), "2/4");
  EXPECT_EQ(Figure("section_47_no_further_action", first_, last_), "1/4");
  EXPECT_EQ(Figure("section_47_conferences_held", first_, last_), "1/2");
  // Concluded in the month, whenever they started.
  EXPECT_EQ(Figure("section_47_concluded", first_, last_), "4");
  EXPECT_EQ(Figure("section_47_days_open", first_, last_), "22/4");
  // e4 had concluded when April ended.
  EXPECT_EQ(Figure("section_47_to_conference", first_, CivilDay(2025, 4, 30)), "3/4");
}

}  // namespace
}  // namespace lscp::child_protection
