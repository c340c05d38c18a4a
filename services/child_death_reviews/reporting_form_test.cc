#include "child_death_reviews/reporting_form.h"

#include "child_death_reviews/asked_agency.h"
#include "common/testing/rules.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::ExpectEveryStateAndVerb;
using lscp::testing::FileHolds;
using lscp::testing::IsWhole;
using lscp::testing::LondonTime;
using lscp::testing::Violations;
using pb::ReportingForm;
using ::testing::ElementsAre;
using ::testing::SizeIs;

const Step kSchool = {"", "testschool", LondonTime(2025, 3, 10, 10)};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

ReportingForm In(ReportingForm::State state) {
  auto form = Parse<ReportingForm>("name: 'boroughs/testborough/reportingForms/r1-1'");
  form.set_state(state);
  return form;
}

absl::Status SubmitIt(ReportingForm& form, const std::string& content = "") {
  return Submit(
      form,
      Parse<pb::SubmitReportingFormRequest>("returned_by: 'h.head' content { " + content + " }"),
      kSchool);
}

TEST(ReportingFormStates, AreAsTheTableSaysInEveryCell) {
  const std::map<std::string, std::function<absl::Status(ReportingForm&)>> verbs = {
      {"ChaseReportingForms",
       [](ReportingForm& f) {
         ReportingForm tried = f;
         return Chase(f, kSchool.now) ? absl::OkStatus()
                                      : Withdraw(tried, "x");  // the same refusal, said aloud
       }},
      {"SubmitReportingForm", [](ReportingForm& f) { return SubmitIt(f); }},
      {"DeclareChildNotKnown",
       [](ReportingForm& f) { return DeclareNotKnown(f, {}, kSchool.now); }},
      {"WithdrawReportingForm", [](ReportingForm& f) { return Withdraw(f, "x"); }},
  };
  ExpectEveryStateAndVerb(kReportingFormTransitions, "RequestReportingForms", verbs, In);
}

TEST(ReportingFormStates, AreInTheReadme) {
  EXPECT_TRUE(IsWhole(kReportingFormTransitions));
  EXPECT_TRUE(FileHolds(LSCP_CHILD_DEATH_REVIEWS_README, MarkdownTable(kReportingFormTransitions)));
}

TEST(FormNames, LeadToTheDeathReview) {
  EXPECT_EQ(FormName("boroughs/testborough/deathReviews/r1", 12),
            "boroughs/testborough/reportingForms/r1-12");
  EXPECT_EQ(ReviewOfForm("boroughs/testborough/reportingForms/r1-12"),
            "boroughs/testborough/deathReviews/r1");
}

TEST(AllowAgencies, AsksEachOnceUnlessItWasWithdrawn) {
  const auto request = Parse<pb::RequestReportingFormsRequest>(
      "agencies { agency: 'a' } agencies { agency: 'b' } agencies { agency: "
      "'a' }");
  EXPECT_THAT(Violations(AllowAgencies<ReportingForm>(request, {})),
              ElementsAre("agencies[2].agency"));
  ReportingForm asked = In(ReportingForm::STATE_RETURNED);
  asked.set_agency("b");
  EXPECT_THAT(Violations(AllowAgencies<ReportingForm>(request, {asked})),
              ElementsAre("agencies[1].agency", "agencies[2].agency"));
  asked.set_state(ReportingForm::STATE_WITHDRAWN);
  EXPECT_THAT(Violations(AllowAgencies<ReportingForm>(request, {asked})),
              ElementsAre("agencies[2].agency"));
}

TEST(Submit, KeepsEveryVersionAndTheTimeOfTheFirst) {
  ReportingForm form = In(ReportingForm::STATE_REQUESTED);
  ASSERT_TRUE(SubmitIt(form, "involvement: 'one'").ok());
  const Step later = {"h.head", "testschool", kSchool.now + absl::Hours(24)};
  ASSERT_TRUE(
      Submit(form, Parse<pb::SubmitReportingFormRequest>("content { involvement: 'two' }"), later)
          .ok());
  ASSERT_THAT(form.versions(), SizeIs(2));
  EXPECT_EQ(form.versions(0).content().involvement(), "one");
  EXPECT_EQ(form.versions(0).person(), "h.head");
  EXPECT_EQ(*ProtoToTime(form.return_time()), kSchool.now);
}

TEST(Submit, HoldsTheSupplementaryFormsThatWereAskedForAndNoOthers) {
  const auto submit = [](const std::string& supplementary) {
    ReportingForm form = In(ReportingForm::STATE_REQUESTED);
    form.add_supplementary(pb::SUPPLEMENTARY_FORM_ASTHMA);
    return Violations(SubmitIt(form, supplementary));
  };
  EXPECT_THAT(submit(""), ElementsAre("content.supplementary"));
  EXPECT_THAT(submit("supplementary { form: SUPPLEMENTARY_FORM_ASTHMA }"), SizeIs(0));
  EXPECT_THAT(submit("supplementary { form: SUPPLEMENTARY_FORM_ASTHMA } "
                     "supplementary { form: SUPPLEMENTARY_FORM_ASTHMA }"),
              ElementsAre("content.supplementary[1].form"));
  EXPECT_THAT(submit("supplementary { form: SUPPLEMENTARY_FORM_FIRE }"),
              ElementsAre("content.supplementary[0].form", "content.supplementary"));
}

struct DueCase {
  absl::Time asked;
  absl::CivilDay last_day;
};

class FormDue : public ::testing::TestWithParam<DueCase> {};

TEST_P(FormDue, IsWorkingDaysAfterItWasAskedFor) {
  const auto rule = ReportingFormRule(Settings::Create({}, {})->Of("testborough"));
  EXPECT_EQ(LastDayOf(DueAt(GetParam().asked, rule.due_after, WorkingDayCalendar())),
            GetParam().last_day);
}

INSTANTIATE_TEST_SUITE_P(
    Days, FormDue,
    ::testing::Values(DueCase{LondonTime(2025, 3, 10, 10), absl::CivilDay(2025, 3, 31)},
                      DueCase{LondonTime(2025, 4, 10, 10), absl::CivilDay(2025, 5, 6)},  // Easter
                      DueCase{LondonTime(2024, 2, 12, 10), absl::CivilDay(2024, 3, 4)},  // leap day
                      DueCase{LondonTime(2025, 12, 15, 10), absl::CivilDay(2026, 1, 8)}));

}  // namespace
}  // namespace lscp::child_death_reviews
