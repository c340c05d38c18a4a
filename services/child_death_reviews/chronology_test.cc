#include "child_death_reviews/chronology.h"

#include "child_death_reviews/testing/incidents.h"
#include "common/testing/rules.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::ExpectEveryStateAndVerb;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::LondonTime;
using lscp::testing::Violations;
using pb::Chronology;
using ::testing::ElementsAre;
using ::testing::SizeIs;

const Step kSchool = {"", "testschool", LondonTime(2025, 3, 10, 10)};

Chronology In(Chronology::State state, const std::string& agency = "testschool") {
  auto chronology = ParseText<Chronology>(
      "name: 'boroughs/testborough/chronologies/s1-1' "
      "from_date { year: 2024 month: 1 day: 1 } to_date { year: 2024 month: 12 day: 31 }");
  chronology.set_state(state);
  chronology.set_agency(agency);
  return chronology;
}

std::string Entry(int year, int month, int day, const std::string& event = "x") {
  return absl::StrCat("entries { event: '", event, "' date { year: ", year, " month: ", month,
                      " day: ", day, " } } ");
}

absl::Status SubmitIt(Chronology& chronology, const std::string& content = Entry(2024, 5, 1),
                      const Step& step = kSchool) {
  return Submit(
      chronology,
      ParseText<pb::SubmitChronologyRequest>("returned_by: 'h.head' content { " + content + " }"),
      step);
}

TEST(ChronologyStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(Chronology&)>> verbs = {
      {"ChaseChronologies",
       [](Chronology& c) {
         Chronology tried = c;
         return Chase(c, kSchool.now) ? absl::OkStatus()
                                      : Withdraw(tried, {});  // the same refusal, said aloud
       }},
      {"SubmitChronology", [](Chronology& c) { return SubmitIt(c); }},
      {"DeclareNothingHeld", [](Chronology& c) { return DeclareNothing(c, {}, kSchool.now); }},
      {"WithdrawChronology", [](Chronology& c) { return Withdraw(c, {}); }},
  };
  ExpectEveryStateAndVerb(kChronologyTransitions, "RequestChronologies", verbs,
                          [](Chronology::State state) { return In(state); });
}

TEST(ChronologyStates, AreInTheReadme) {
  EXPECT_TRUE(IsWhole(kChronologyTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILD_DEATH_REVIEWS_README, MarkdownTable(kChronologyTransitions)));
}

TEST(AskForChronology, ShowsWhomToLookForAndNothingOfWhatHappened) {
  const auto incident = ParseText<pb::SeriousIncident>(
      "name: 'boroughs/testborough/seriousIncidents/s1' summary: 'x' "
      "children { given_name: 'Testa' nhs_number: '9990000000' harm: 'x' "
      "  birth_date { year: 2020 month: 1 day: 2 } ethnicity: ETHNICITY_OTHER } "
      "scope { questions: 'q' from_date { year: 2024 month: 1 day: 1 } "
      "  to_date { year: 2024 month: 12 day: 31 } }");
  const Chronology asked =
      AskForChronology(incident, 12, "testschool", kSchool.now + absl::Hours(1), kSchool.now);
  EXPECT_EQ(asked.name(), "boroughs/testborough/chronologies/s1-12");
  EXPECT_EQ(IncidentOfChronology(asked.name()), incident.name());
  ASSERT_THAT(asked.children(), SizeIs(1));
  EXPECT_EQ(asked.children(0).given_name(), "Testa");
  EXPECT_EQ(asked.children(0).birth_date().day(), 2);
  EXPECT_EQ(asked.children(0).harm(), "");
  EXPECT_EQ(asked.children(0).ethnicity(), pb::ETHNICITY_UNSPECIFIED);
  EXPECT_EQ(asked.to_date().month(), 12);
  EXPECT_THAT(asked.questions(), ElementsAre("q"));
}

TEST(Submit, KeepsEveryVersionAndTheTimeOfTheFirst) {
  Chronology chronology = In(Chronology::STATE_REQUESTED);
  ASSERT_TRUE(SubmitIt(chronology, Entry(2024, 5, 1, "one")).ok());
  const Step later = {"h.deputy", "testschool", kSchool.now + absl::Hours(24)};
  ASSERT_TRUE(SubmitIt(chronology, Entry(2024, 5, 1, "two"), later).ok());
  ASSERT_THAT(chronology.versions(), SizeIs(2));
  EXPECT_EQ(chronology.versions(0).content().entries(0).event(), "one");
  EXPECT_EQ(chronology.versions(0).person(), "h.head");
  EXPECT_EQ(chronology.versions(1).person(), "h.deputy");
  EXPECT_EQ(*ProtoToTime(chronology.return_time()), kSchool.now);
}

TEST(Submit, IsOfTheTimeThatIsAskedFor) {
  Chronology chronology = In(Chronology::STATE_REQUESTED);
  EXPECT_THAT(Violations(SubmitIt(chronology, Entry(2023, 12, 31) + Entry(2024, 1, 1) +
                                                  Entry(2024, 12, 31) + Entry(2025, 1, 1))),
              ElementsAre("content.entries[0].date", "content.entries[3].date"));
}

TEST(Combine, PutsTheLatestVersionsInTheOrderOfTheDays) {
  Chronology school = In(Chronology::STATE_REQUESTED, "school");
  ASSERT_TRUE(SubmitIt(school, Entry(2024, 1, 1, "old")).ok());
  ASSERT_TRUE(SubmitIt(school, Entry(2024, 6, 1, "c") + Entry(2024, 2, 1, "a")).ok());
  Chronology police = In(Chronology::STATE_REQUESTED, "police");
  ASSERT_TRUE(SubmitIt(police, Entry(2024, 3, 1, "b") + Entry(2024, 6, 1, "d")).ok());
  const auto combined = Combine({school, police, In(Chronology::STATE_REQUESTED, "practice"),
                                 In(Chronology::STATE_NOTHING_HELD, "hospital")});
  std::string order;
  for (const pb::CombinedEntry& entry : combined.entries()) order += entry.entry().event();
  EXPECT_EQ(order, "abcd");
  EXPECT_EQ(combined.entries(1).agency(), "police");
  EXPECT_THAT(combined.missing(), ElementsAre("practice"));
}

struct DueCase {
  absl::Time asked;
  absl::CivilDay last_day;
};

class ChronologyDue : public ::testing::TestWithParam<DueCase> {};

TEST_P(ChronologyDue, IsWorkingDaysAfterItWasAskedFor) {
  const auto rule = ChronologyRule(Settings::Create({}, {})->Of("testborough"));
  EXPECT_EQ(LastDayOf(DueAt(GetParam().asked, rule.due_after, WorkingDayCalendar())),
            GetParam().last_day);
}

INSTANTIATE_TEST_SUITE_P(
    Days, ChronologyDue,
    ::testing::Values(DueCase{LondonTime(2025, 3, 10, 10), absl::CivilDay(2025, 3, 31)},
                      DueCase{LondonTime(2025, 4, 10, 10), absl::CivilDay(2025, 5, 6)},  // Easter
                      DueCase{LondonTime(2025, 12, 15, 10), absl::CivilDay(2026, 1, 8)}));

}  // namespace
}  // namespace lscp::child_death_reviews
