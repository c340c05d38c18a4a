#include "child_protection/concern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "child_protection/testing/rules.h"

namespace lscp::child_protection {
namespace {

using pb::Concern;
using ::testing::ElementsAre;

const Step kStep = {"w.worker", "testcouncil", LondonTime(2025, 3, 10, 10)};

Concern Recorded() {
  Concern concern = *NewConcern(
      ParseRequest<pb::RecordConcernRequest>(
          "role: CONCERN_ROLE_LOCATION title: 'Invented arcade' themes: EXPLOITATION_THEME_SEXUAL "
          "children: 'boroughs/testborough/children/k1'"),
      kStep);
  concern.set_name("boroughs/testborough/concerns/c1");
  return concern;
}

absl::Status LinkOf(Concern& concern, const std::string& id) {
  return Link(concern,
              ParseRequest<pb::LinkChildToConcernRequest>(
                  "note: 'seen there' child: 'boroughs/testborough/children/" + id + "'"),
              kStep);
}

absl::Status NoticeOf(Concern& concern, const std::string& fields) {
  return AddNotice(
      concern,
      ParseRequest<pb::RecordDisruptionNoticeRequest>("reference: 'CAWN-1' agency: 'testpolice' "
                                                      "issue_date { year: 2025 month: 3 day: 5 } " +
                                                      fields),
      kStep);
}

absl::Status Change(Concern& concern, const std::string& fields) {
  return Write(concern, ParseRequest<pb::UpdateConcernRequest>("concern { " + fields + " }"));
}

TEST(ConcernTransitions, AreWholeAndAsTheReadmeSays) {
  EXPECT_TRUE(testing::IsWhole(kConcernTransitions));
  EXPECT_TRUE(testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kConcernTransitions)));
}

TEST(ConcernTransitions, HoldForEveryStateAndVerb) {
  const std::map<std::string, std::function<absl::Status(Concern&)>> verbs = {
      {"UpdateConcern", [](Concern& c) { return Change(c, "title: 'Other'"); }},
      {"LinkChildToConcern", [](Concern& c) { return LinkOf(c, "k2"); }},
      {"RecordDisruptionNotice",
       [](Concern& c) { return NoticeOf(c, "kind: DISRUPTION_KIND_LICENSING"); }},
      {"CloseConcern",
       [](Concern& c) { return Close(c, ParseRequest<pb::CloseConcernRequest>("reason: 'x'")); }},
      {"ReopenConcern",
       [](Concern& c) { return Reopen(c, ParseRequest<pb::ReopenConcernRequest>("reason: 'x'")); }},
  };
  ExpectEveryStateAndVerb(kConcernTransitions, "RecordConcern", verbs, [](auto state) {
    Concern concern = Recorded();
    concern.set_state(state);
    return concern;
  });
}

TEST(RecordConcern, TiesItsChildren) {
  const Concern concern = Recorded();
  EXPECT_THAT(concern.children(), ElementsAre("boroughs/testborough/children/k1"));
  EXPECT_EQ(concern.links(0).linked_by(), "w.worker");
}

TEST(RecordConcern, NamesNothingTwice) {
  const auto twice = NewConcern(
      ParseRequest<pb::RecordConcernRequest>(
          "role: CONCERN_ROLE_THEME title: 'x' themes: EXPLOITATION_THEME_GANGS "
          "themes: EXPLOITATION_THEME_GANGS children: 'boroughs/testborough/children/k1' "
          "children: 'boroughs/testborough/children/k1'"),
      kStep);
  EXPECT_THAT(Violations(twice.status()), ElementsAre("themes", "children"));
}

TEST(LinkChildToConcern, TiesAChildOnceAndKeepsEveryNote) {
  Concern concern = Recorded();
  ASSERT_TRUE(LinkOf(concern, "k2").ok());
  ASSERT_TRUE(LinkOf(concern, "k2").ok());
  EXPECT_EQ(concern.children_size(), 2);
  EXPECT_EQ(concern.links_size(), 3);
  EXPECT_EQ(concern.links(2).note(), "seen there");
}

TEST(UpdateConcern, ChangesWhatIsKnownAndNothingElse) {
  Concern concern = Recorded();
  ASSERT_TRUE(Change(concern, "description: 'invented' state: STATE_CLOSED").ok());
  EXPECT_EQ(concern.description(), "invented");
  EXPECT_EQ(concern.title(), "Invented arcade");
  EXPECT_EQ(concern.state(), Concern::STATE_OPEN);
  EXPECT_THAT(Violations(Change(concern,
                                "themes: EXPLOITATION_THEME_GANGS themes: "
                                "EXPLOITATION_THEME_GANGS")),
              ElementsAre("concern.themes"));
}

TEST(RecordDisruptionNotice, SaysWhatIsWrong) {
  Concern concern = Recorded();
  EXPECT_THAT(Violations(NoticeOf(concern,
                                  "kind: DISRUPTION_KIND_OTHER "
                                  "expiry_date { year: 2025 month: 3 day: 4 }")),
              ElementsAre("expiry_date", "note"));
  ASSERT_TRUE(NoticeOf(concern, "kind: DISRUPTION_KIND_CHILD_ABDUCTION_WARNING_NOTICE").ok());
  EXPECT_EQ(concern.notices(0).reference(), "CAWN-1");
  EXPECT_FALSE(concern.notices(0).has_expiry_date());
}

}  // namespace
}  // namespace lscp::child_protection
