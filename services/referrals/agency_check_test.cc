#include "referrals/agency_check.h"

#include <gtest/gtest.h>

#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/workflow/transition_testing.h"

namespace lscp::referrals {
namespace {

using pb::AgencyCheck;
using pb::Contact;

const absl::Time kNow = absl::FromUnixSeconds(1741600800);
const Step kStep = {"n.nurse@health.example", kNow + absl::Hours(1)};

Contact Concern(Contact::State state) {
  Contact contact;
  contact.set_name("boroughs/testborough/contacts/c1");
  contact.set_state(state);
  contact.set_concerns("what the sender is worried about");
  contact.set_sender_name("Testsender");
  pb::ConcernedChild& child = *contact.add_children();
  child.set_id("1");
  child.set_given_name("Testa");
  child.set_family_name("Beispiel");
  child.set_present_at_incident(true);
  return contact;
}

AgencyCheck Asked(AgencyCheck::State state) {
  pb::AgencyQuestion question;
  question.set_agency("testhealth");
  question.set_question("Is the family known to you?");
  AgencyCheck check =
      AskAgency(Concern(Contact::STATE_RATED), 2, question, kNow + absl::Hours(4), kNow);
  check.set_state(state);
  return check;
}

pb::AnswerAgencyCheckRequest Known() {
  pb::AnswerAgencyCheckRequest request;
  request.set_known(true);
  request.set_information("Invented history.");
  return request;
}

TEST(AgencyCheckTransitions, LeadToEveryState) {
  EXPECT_TRUE(testing::IsWhole(kAgencyCheckTransitions));
}

TEST(AgencyCheckTransitions, StandInTheReadme) {
  EXPECT_TRUE(testing::FileHolds(LSCP_REFERRALS_README, MarkdownTable(kAgencyCheckTransitions)));
}

TEST(AgencyCheckTransitions, HoldForEveryStateAndVerb) {
  for (const auto& cell : testing::EveryStateAndVerb(kAgencyCheckTransitions)) {
    AgencyCheck check = Asked(cell.state);
    bool done = false;
    if (cell.verb == "AnswerAgencyCheck") {
      done = Answer(check, Concern(Contact::STATE_RATED), Known(), kStep).ok();
    } else if (cell.verb == "LapseAgencyCheck") {
      done = Lapse(check);
    } else {
      continue;  // asking makes a new one
    }
    EXPECT_EQ(done, cell.to.has_value()) << cell.verb << " in " << StateName(cell.state);
    EXPECT_EQ(check.state(), cell.to.value_or(cell.state)) << cell.verb;
  }
}

TEST(AskAgency, TellsWhoTheChildrenAreAndNothingOfTheConcern) {
  const AgencyCheck check = Asked(AgencyCheck::STATE_REQUESTED);
  EXPECT_EQ(check.children(0).given_name(), "Testa");
  EXPECT_EQ(check.question(), "Is the family known to you?");
  EXPECT_EQ(check.SerializeAsString().find("worried"), std::string::npos);
  EXPECT_EQ(check.SerializeAsString().find("Testsender"), std::string::npos);
}

TEST(CheckName, LeadsBackToTheContact) {
  EXPECT_EQ(CheckName("boroughs/testborough/contacts/c1", 12), "boroughs/testborough/checks/c1-12");
  EXPECT_EQ(ContactOfCheck("boroughs/testborough/checks/c1-12"),
            "boroughs/testborough/contacts/c1");
}

TEST(Answer, IsTakenWhileTheContactIsNotDecided) {
  for (const auto state : {Contact::STATE_RECEIVED, Contact::STATE_RATED}) {
    AgencyCheck check = Asked(AgencyCheck::STATE_ANSWERED);
    EXPECT_TRUE(Answer(check, Concern(state), Known(), kStep).ok());
  }
  for (const auto state :
       {Contact::STATE_DECIDED, Contact::STATE_CLOSED, Contact::STATE_DUPLICATE}) {
    AgencyCheck check = Asked(AgencyCheck::STATE_ANSWERED);
    EXPECT_EQ(ReasonOf(Answer(check, Concern(state), Known(), kStep)),
              reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  }
}

TEST(Answer, SaysWhatIsKnownWhenTheFamilyIsKnown) {
  AgencyCheck check = Asked(AgencyCheck::STATE_REQUESTED);
  pb::AnswerAgencyCheckRequest request;
  request.set_known(true);
  EXPECT_EQ(Answer(check, Concern(Contact::STATE_RATED), request, kStep).code(),
            absl::StatusCode::kInvalidArgument);
  request.set_known(false);
  EXPECT_TRUE(Answer(check, Concern(Contact::STATE_RATED), request, kStep).ok());
}

TEST(Answer, IsSignedByTheTokensPersonBeforeANameThatIsGiven) {
  AgencyCheck check = Asked(AgencyCheck::STATE_REQUESTED);
  auto request = Known();
  request.set_answered_by("Somebody else");
  ASSERT_TRUE(Answer(check, Concern(Contact::STATE_RATED), request, kStep).ok());
  EXPECT_EQ(check.answered_by(), kStep.person);
  ASSERT_TRUE(Answer(check, Concern(Contact::STATE_RATED), request, {"", kStep.now}).ok());
  EXPECT_EQ(check.answered_by(), "Somebody else");
  EXPECT_EQ(ProtoToTime(check.answer_time()), kStep.now);
}

}  // namespace
}  // namespace lscp::referrals
