#include "children_in_care/child_in_care_service.h"

#include "children_in_care/care_clocks.h"
#include "children_in_care/testing/fixture.h"
#include "common/status/error.h"
#include "gmock/gmock.h"

namespace lscp::children_in_care {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ChildrenInCareTest : public Fixture {
 protected:
  template <typename Request>
  auto Change(const pb::ChildInCare& record, const std::string& text) {
    return Of<Request>(record, text);
  }
  std::string Told() const {
    return harness_.entries.empty() || !harness_.entries[0].event ? ""
                                                                  : harness_.entries[0].event->type;
  }
  pb::ListChildrenTonightResponse Tonight(const std::string& fields = "") {
    const auto response =
        harness_.Run(children_, &ChildrenInCare::ListTonight,
                     Parse<pb::ListChildrenTonightRequest>("parent: 'boroughs/barnet' " + fields));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : pb::ListChildrenTonightResponse();
  }
};

TEST_F(ChildrenInCareTest, AChildComesIntoCareMovesAndLeaves) {
  const std::string child = Child("a");
  pb::ChildInCare record = InCare(child);
  EXPECT_EQ(Told(), "children_in_care.care_started");
  EXPECT_EQ(record.state(), pb::ChildInCare::STATE_LOOKED_AFTER);
  EXPECT_EQ(record.child(), child);

  const auto moved = harness_.Run(
      children_, &ChildrenInCare::Change,
      Of<pb::ChangeCareRequest>(
          record,
          "change_date { year: 2025 month: 2 day: 10 } placement { type: "
          "PLACEMENT_TYPE_CHILDRENS_HOME provider: PLACEMENT_PROVIDER_PRIVATE area_code: "
          "'E08000025' } placement_change_reason: PLACEMENT_CHANGE_REASON_CARE_PLAN"));
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(Told(), "children_in_care.placement_changed");
  EXPECT_EQ(ClockOf(record.name(), kAreaNotice), "due 2025-02-10");
  EXPECT_EQ(ClockOf(record.name(), kPlacementApproval), "due 2025-02-10");
  // Whoever has read it before is told so.
  EXPECT_EQ(ReasonOf(harness_
                         .Run(children_, &ChildrenInCare::End,
                              Of<pb::EndCareRequest>(record,
                                                     "end_date { year: 2025 month: 3 day: 1 } "
                                                     "end_reason: EPISODE_END_REASON_HOME_PLANNED"))
                         .status()),
            reason::ERROR_REASON_ETAG_MISMATCH);

  const auto approved = harness_.Run(
      children_, &ChildrenInCare::Approve,
      Of<pb::ApprovePlacementRequest>(
          moved->child_in_care(),
          "approval { decide_date { year: 2025 month: 2 day: 7 } rationale: 'Invented.' }"));
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_EQ(ClockOf(record.name(), kPlacementApproval), "due 2025-02-10 met 2025-02-10");
  const auto ended =
      harness_.Run(children_, &ChildrenInCare::End,
                   Of<pb::EndCareRequest>(approved->child_in_care(),
                                          "end_date { year: 2025 month: 3 day: 1 } "
                                          "end_reason: EPISODE_END_REASON_HOME_PLANNED"));
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(Told(), "children_in_care.care_ended");
  EXPECT_EQ(ClockOf(record.name(), kAreaNotice), "due 2025-02-10 cancelled 2025-03-03");
  EXPECT_THAT(Tonight().children(), IsEmpty());

  // Again: the record is the child's one.
  harness_.clock.Set(harness_.clock.Now() + absl::Hours(24 * 7));
  auto again = Parse<pb::StartCareRequest>(
      std::string("parent: 'boroughs/barnet' start_date { year: 2025 month: 3 day: 8 } need: "
                  "NEED_CATEGORY_ABUSE_OR_NEGLECT ") +
      kSection20InFosterCare);
  again.set_child(child);
  const auto started = harness_.Run(children_, &ChildrenInCare::Start, again);
  ASSERT_TRUE(started.ok()) << started.status();
  EXPECT_EQ(started->child_in_care().name(), record.name());
  EXPECT_EQ(started->child_in_care().periods_size(), 2);
  EXPECT_EQ(ReasonOf(harness_.Run(children_, &ChildrenInCare::Start, again).status()),
            reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
}

TEST_F(ChildrenInCareTest, ACorrectionLeavesTheChainBeforeItReadable) {
  const pb::ChildInCare record = InCare(Child("a"));
  auto request = Of<pb::CorrectCareRequest>(record, "reason: 'Started a day later.'");
  *request.mutable_steps() = record.steps();
  request.mutable_steps(0)->mutable_date()->set_day(4);
  const auto corrected = harness_.Run(children_, &ChildrenInCare::Correct, request);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(Told(), "children_in_care.care_corrected");

  pb::ListCareRevisionsRequest list;
  list.set_name(record.name());
  list.set_page_size(1);
  auto page = harness_.Run(children_, &ChildrenInCare::ListRevisions, list);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->revisions_size(), 1);
  EXPECT_EQ(page->revisions(0).revision(), 2);
  EXPECT_TRUE(page->revisions(0).correction());
  EXPECT_EQ(page->revisions(0).reason(), "Started a day later.");
  EXPECT_EQ(page->revisions(0).person(), "ann.example");
  EXPECT_EQ(page->revisions(0).episodes(0).start_date().day(), 4);
  list.set_page_token(page->next_page_token());
  page = harness_.Run(children_, &ChildrenInCare::ListRevisions, list);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->revisions(0).episodes(0).start_date().day(), 3);
  EXPECT_EQ(page->next_page_token(), "");
}

TEST_F(ChildrenInCareTest, ACorrectionHasTheConsequencesOfItsSteps) {
  const pb::ChildInCare record =
      InCare(Child("a"), 3,
             "legal { status: LEGAL_STATUS_POLICE_PROTECTION } placement { type: "
             "PLACEMENT_TYPE_FOSTER provider: PLACEMENT_PROVIDER_OWN_AUTHORITY }");
  EXPECT_EQ(ClockOf(record.name(), kPoliceProtection), "due 2025-02-05");
  auto request = Of<pb::CorrectCareRequest>(record, "reason: 'An order.'");
  *request.mutable_steps() = record.steps();
  request.mutable_steps(0)->mutable_legal()->set_status(
      pb::LEGAL_STATUS_EMERGENCY_PROTECTION_ORDER);
  ASSERT_TRUE(harness_.Run(children_, &ChildrenInCare::Correct, request).ok());
  EXPECT_EQ(ClockOf(record.name(), kPoliceProtection), "due 2025-02-05 cancelled 2025-03-03");
  EXPECT_EQ(ClockOf(record.name(), kEmergencyOrder), "due 2025-02-11");
}

TEST_F(ChildrenInCareTest, TonightEveryChildInCareIsSomewhere) {
  InCare(Child("a"), 3);
  const pb::ChildInCare away = InCare(Child("b"), 4);
  InCare(Child("c"), 5,
         "legal { status: LEGAL_STATUS_SECTION_20 } placement { type: PLACEMENT_TYPE_FOSTER "
         "provider: PLACEMENT_PROVIDER_OWN_AUTHORITY area_code: 'E09000005' }");
  ASSERT_TRUE(harness_
                  .Run(children_, &ChildrenInCare::MoveTemporarily,
                       Of<pb::MoveTemporarilyRequest>(
                           away,
                           "move_date { year: 2025 month: 3 day: 1 } placement { type: "
                           "PLACEMENT_TYPE_HOSPITAL address: '2 Invented Road' }"))
                  .ok());
  const auto tonight = Tonight();
  ASSERT_EQ(tonight.children_size(), 3);
  EXPECT_EQ(tonight.children(0).whereabouts(), pb::WHEREABOUTS_PLACED);
  EXPECT_EQ(tonight.children(1).whereabouts(), pb::WHEREABOUTS_TEMPORARY);
  EXPECT_EQ(tonight.children(1).placement().address(), "2 Invented Road");
  EXPECT_EQ(tonight.children(2).whereabouts(), pb::WHEREABOUTS_ADDRESS_NOT_KNOWN);
  EXPECT_EQ(harness_.disclosed.size(), 3u);
  EXPECT_EQ(Tonight("out_of_area: true").children_size(), 1);
  EXPECT_EQ(Tonight("not_placed: true").children(0).child(), "boroughs/barnet/children/c");
  EXPECT_EQ(Tonight("page_size: 2").children_size(), 2);
}

TEST_F(ChildrenInCareTest, ARestrictedChildIsThereForThoseNamed) {
  const pb::ChildInCare record = InCare(Child("a"));
  Child("a", "restricted: true allowed_people: 'n.named'", 2);
  pb::GetChildInCareRequest get;
  get.set_name(record.name());
  EXPECT_TRUE(
      absl::IsPermissionDenied(harness_.Run(children_, &ChildrenInCare::Get, get).status()));
  EXPECT_THAT(Tonight().children(), IsEmpty());
  harness_.caller.person = "n.named";
  EXPECT_EQ(Tonight().children_size(), 1);
  EXPECT_TRUE(harness_.Run(children_, &ChildrenInCare::Get, get).ok());
}

TEST_F(ChildrenInCareTest, AreFoundByWhatIsAskedFor) {
  InCare(Child("a"), 3);
  InCare(Child("b"), 4,
         "legal { status: LEGAL_STATUS_FULL_CARE_ORDER } placement { type: "
         "PLACEMENT_TYPE_PARENTS provider: PLACEMENT_PROVIDER_PARENTS }");
  const auto found = [&](const std::string& fields) {
    std::vector<std::string> children;
    const auto response =
        harness_.Run(children_, &ChildrenInCare::List,
                     Parse<pb::ListChildrenInCareRequest>("parent: 'boroughs/barnet' " + fields));
    EXPECT_TRUE(response.ok()) << response.status();
    for (const auto& record : response->children_in_care()) {
      EXPECT_TRUE(record.steps().empty());
      children.push_back(record.child().substr(record.child().size() - 1));
    }
    return children;
  };
  EXPECT_THAT(found(""), ElementsAre("b", "a"));
  EXPECT_THAT(found("legal_statuses: LEGAL_STATUS_SECTION_20"), ElementsAre("a"));
  EXPECT_THAT(found("placement_types: PLACEMENT_TYPE_PARENTS"), ElementsAre("b"));
  EXPECT_THAT(found("child: 'boroughs/barnet/children/a'"), ElementsAre("a"));
  EXPECT_THAT(found("worker: 's.worker' team: 'cic-1' states: STATE_LOOKED_AFTER"),
              ElementsAre("b", "a"));
  EXPECT_THAT(found("states: STATE_CEASED"), IsEmpty());
  EXPECT_THAT(found("out_of_area: true"), IsEmpty());
}

TEST_F(ChildrenInCareTest, TheClocksGoWithWhoAnswersForTheChild) {
  const pb::ChildInCare record =
      InCare(Child("a"), 3,
             "legal { status: LEGAL_STATUS_SHORT_BREAK } placement { type: PLACEMENT_TYPE_FOSTER "
             "provider: PLACEMENT_PROVIDER_OWN_AUTHORITY }");
  const auto assigned =
      harness_.Run(children_, &ChildrenInCare::Assign,
                   Of<pb::AssignChildInCareRequest>(record, "team: 'cic-2' worker: 'o.other'"));
  ASSERT_TRUE(assigned.ok()) << assigned.status();
  const auto rows = harness_.Database().Query("SELECT owner FROM timescales", {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ((*rows)[0].Text(0), "o.other");
}

}  // namespace
}  // namespace lscp::children_in_care
