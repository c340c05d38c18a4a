#include "referrals/indicators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "common/time/london.h"
#include "referrals/testing/cases_fixture.h"

namespace lscp::referrals {
namespace {

using Definition = safeguarding::indicators::v1::IndicatorDefinition;
using ::testing::IsSupersetOf;

std::vector<IndicatorQuery> All() {
  static const Settings settings =
      *Settings::Create(Parse<pb::ReferralsSettings>(
                            "boroughs { id: 'barnet' populations { year: 2020 under_18: 80000 } "
                            "populations { year: 2024 under_18: 90000 } "
                            "populations { year: 2026 under_18: 95000 } }"),
                        {"barnet"});
  return Indicators(settings, {"barnet"});
}

std::string Text(const safeguarding::indicators::v1::Figure& figure) {
  return figure.denominator() == 0 ? absl::StrCat(figure.numerator())
                                   : absl::StrCat(figure.numerator(), "/", figure.denominator());
}

TEST(IndicatorDefinitions, SayEverything) {
  std::set<std::string> ids, reports;
  for (const IndicatorQuery& query : All()) {
    const Definition& definition = query.definition;
    EXPECT_TRUE(ids.insert(definition.id()).second) << definition.id();
    for (const std::string& text :
         {definition.title(), definition.cohort(), definition.numerator(), definition.source()}) {
      EXPECT_FALSE(text.empty()) << definition.id();
    }
    EXPECT_NE(definition.unit(), Definition::UNIT_UNSPECIFIED) << definition.id();
    EXPECT_NE(definition.polarity(), Definition::POLARITY_UNSPECIFIED) << definition.id();
    EXPECT_NE(definition.basis(), Definition::BASIS_UNSPECIFIED) << definition.id();
    EXPECT_EQ(definition.denominator().empty(), definition.unit() == Definition::UNIT_COUNT)
        << definition.id();
    EXPECT_FALSE(definition.reports().empty()) << definition.id();
    reports.insert(definition.reports().begin(), definition.reports().end());
    ASSERT_EQ(definition.breakdowns_size(), static_cast<int>(query.breakdowns.size()));
    for (size_t i = 0; i < query.breakdowns.size(); ++i) {
      EXPECT_EQ(definition.breakdowns(static_cast<int>(i)), query.breakdowns[i].name);
    }
  }
  EXPECT_THAT(reports,
              IsSupersetOf(std::vector<std::string>{"R1", "R2", "R6", "Q1", "Q2", "Q3", "Q7"}));
}

class IndicatorsTest : public CasesFixture {
 protected:
  void At(int month, int day, int hour, int minute = 0) {
    harness_.clock.Set(
        absl::FromCivil(absl::CivilMinute(2025, month, day, hour, minute), lscp::London()));
  }

  // The indicator from one day to another, as "total; breakdown: part figure, …".
  std::string Computed(const IndicatorQuery& query, absl::CivilDay first, absl::CivilDay last) {
    const auto value = Compute(harness_.Database(), query,
                               {"barnet", first, last, StartOfDay(first), EndOfDay(last)});
    EXPECT_TRUE(value.ok()) << query.definition.id() << ": " << value.status();
    if (!value.ok()) return "";
    std::string text = Text(value->total());
    for (const auto& breakdown : value->breakdowns()) {
      absl::StrAppend(&text, "; ", breakdown.name(), ":");
      const char* separator = " ";
      for (const auto& part : breakdown.parts()) {
        absl::StrAppend(&text, separator, part.key(), " ", Text(part.figure()));
        separator = ", ";
      }
    }
    return text;
  }
  std::string Computed(const std::string& id, absl::CivilDay first, absl::CivilDay last) {
    for (const IndicatorQuery& query : All()) {
      if (query.definition.id() == id) return Computed(query, first, last);
    }
    return "no such indicator";
  }

  void ContactsOfMarch();
  void ContactsAtItsEnd();
  void AssessmentsOfMarch();
  void AssessmentOfMay();

  pb::Referral first_, second_;
  pb::Assessment open_;
};

// One that is referred after a check, one by telephone that is late in everything, one that is
// information for others, and one that says the same as the first.
void IndicatorsTest::ContactsOfMarch() {
  At(3, 3, 10);  // a Monday
  const std::string referred = Arrived("", "testschool").name();
  Rated(referred);
  const pb::Contact asked = Asked(referred, {"testhealth", "testpolice"});
  At(3, 3, 11);
  As("testhealth", "d.doctor");
  ASSERT_TRUE(harness_
                  .Run(checks_, &AgencyChecks::Answer,
                       Of<pb::AnswerAgencyCheckRequest>(asked.agency_checks(0)))
                  .ok());
  AsHub();
  At(3, 3, 12);
  const auto decided = DecidedContact(referred, pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE);
  ASSERT_TRUE(decided.ok()) << decided.status();
  first_.set_name(decided->referrals(0));

  At(3, 4, 10);
  const pb::Contact called = Recorded("testhealth");
  At(3, 5, 12);
  ASSERT_TRUE(harness_
                  .Run(contacts_, &Contacts::Acknowledge,
                       About<pb::AcknowledgeContactRequest>(called.name()))
                  .ok());
  At(3, 6, 10);
  ASSERT_TRUE(DecidedContact(called.name(), pb::CONTACT_OUTCOME_NO_FURTHER_ACTION).ok());

  At(3, 7, 9);
  const auto information = About<pb::ReclassifyContactRequest>(
      ContactsFixture::Submitted(), "form_type: FORM_TYPE_INFORMATION_SHARING_FORM reason: 'x'");
  ASSERT_TRUE(harness_.Run(contacts_, &Contacts::Reclassify, information).ok());

  At(3, 10, 9);
  auto duplicate = About<pb::MarkDuplicateContactRequest>(ContactsFixture::Submitted(),
                                                          "reason: 'x' feedback: 'x'");
  duplicate.set_duplicate_of(referred);
  ASSERT_TRUE(harness_.Run(contacts_, &Contacts::MarkDuplicate, duplicate).ok());
}

// Half an hour before midnight by British Summer Time, and ten minutes after it.
void IndicatorsTest::ContactsAtItsEnd() {
  At(3, 31, 23, 30);
  const pb::Contact last = Arrived(Read(first_).child(), "testschool");
  At(4, 1, 0, 10);
  ContactsFixture::Submitted();
  At(4, 1, 0, 30);
  const auto decided = DecidedContact(last.name(), pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE);
  ASSERT_TRUE(decided.ok()) << decided.status();
  second_.set_name(decided->referrals(0));
  At(4, 3, 9);
  ASSERT_TRUE(Decide(Read(second_), pb::REFERRAL_DECISION_EARLY_HELP).ok());
}

void IndicatorsTest::AssessmentsOfMarch() {
  At(3, 4, 9);
  ASSERT_TRUE(Decide(Read(first_), pb::REFERRAL_DECISION_ASSESSMENT).ok());
  const auto first = Start(first_);
  ASSERT_TRUE(first.ok()) << first.status();
  At(3, 10, 15);
  ASSERT_TRUE(
      Authorise(Submitted(*first, "ASSESSMENT_FACTOR_NEGLECT, ASSESSMENT_FACTOR_GANGS", true),
                pb::ASSESSMENT_OUTCOME_CHILD_IN_NEED_PLAN)
          .ok());
  At(3, 11, 9);
  const auto second = Start(first_);
  ASSERT_TRUE(second.ok()) << second.status();
  At(3, 20, 9);
  ASSERT_TRUE(Authorise(Submitted(*second, "ASSESSMENT_FACTOR_NO_FACTORS"),
                        pb::ASSESSMENT_OUTCOME_NO_FURTHER_ACTION)
                  .ok());
  At(3, 21, 9);
  const auto third = Start(first_);
  ASSERT_TRUE(third.ok()) << third.status();
  open_ = *third;
}

// Due on 8 May, and a day late.
void IndicatorsTest::AssessmentOfMay() {
  At(5, 8, 10);
  const auto extended =
      harness_.Run(assessments_, &Assessments::Extend,
                   Of<pb::ExtendAssessmentRequest>(
                       open_, "reason: 'x' until_date { year: 2025 month: 5 day: 30 }"));
  ASSERT_TRUE(extended.ok()) << extended.status();
  At(5, 9, 10);
  ASSERT_TRUE(Authorise(Submitted(extended->assessment(), "ASSESSMENT_FACTOR_NEGLECT"),
                        pb::ASSESSMENT_OUTCOME_CONTINUE_CURRENT_PLAN)
                  .ok());
}

TEST_F(IndicatorsTest, CountNothingWhereThereIsNothing) {
  for (const IndicatorQuery& query : All()) {
    const std::string value =
        Computed(query, absl::CivilDay(2025, 3, 1), absl::CivilDay(2025, 3, 31));
    EXPECT_EQ(value.substr(0, value.find_first_of(";/")), "0") << query.definition.id();
  }
}

struct Expected {
  const char* id;
  const char* value;
};

constexpr Expected kMarch[] = {
    {"contacts_received",
     "5; outcome: DUPLICATE 1, NOT_DECIDED 2, NO_FURTHER_ACTION 1, REFERRAL_TO_SOCIAL_CARE 1; "
     "source: SCHOOL 5; source_group: SCHOOL_EDUCATION 5; form_type: INFORMATION_SHARING_FORM 1, "
     "REFERRAL_FORM 4; initial_brag: NOT_RECORDED 4, AMBER 1; final_brag: NOT_RECORDED 3, RED 2"},
    {"children_in_contacts", "8; sex_and_age: F 5-9 4, M 5-9 4"},
    {"contacts_not_decided", "2; initial_brag: NOT_RECORDED 2; due: NOT_YET_DUE 1, OVERDUE 1"},
    {"contacts_decided_within_24_hours", "1/2; source_group: SCHOOL_EDUCATION 1/2"},
    {"contacts_decided_within_one_working_day", "1/2; source_group: SCHOOL_EDUCATION 1/2"},
    {"contacts_decided_within_borough_time",
     "1/2; source_group: SCHOOL_EDUCATION 1/2; initial_brag: NOT_RECORDED 0/1, AMBER 1/1"},
    {"contacts_converted_to_referrals",
     "1/2; source_group: SCHOOL_EDUCATION 1/2; form_type: REFERRAL_FORM 1/2"},
    {"referrals_per_referred_contact", "1/1"},
    {"contacts_acknowledged_within_24_hours",
     "1/2; source_group: SCHOOL_EDUCATION 1/2; channel: API 1/1, TELEPHONE 0/1"},
    {"contacts_with_feedback",
     "1/2; source_agency: testhealth 0/1, testschool 1/1; source_group: SCHOOL_EDUCATION 1/2"},
    {"agency_checks_answered_in_time", "1/1; agency: testhealth 1/1"},
    {"referrals_received",
     "2; source_group: SCHOOL_EDUCATION 2; source: SCHOOL 2; primary_need: ABUSE_OR_NEGLECT 2; "
     "team: assessment-1 2"},
    {"referrals_per_child", "2/90000"},
    {"re_referrals_within_12_months",
     "1/2; source_group: SCHOOL_EDUCATION 1/2; primary_need: ABUSE_OR_NEGLECT 1/2; team: "
     "assessment-1 1/2"},
    {"referrals_decided_within_one_working_day",
     "1/1; source_group: SCHOOL_EDUCATION 1/1; team: assessment-1 1/1"},
    {"referrals_decided", "1; decision: ASSESSMENT 1; team: assessment-1 1"},
    {"assessments_authorised",
     "2; outcome: CHILD_IN_NEED_PLAN 1, NO_FURTHER_ACTION 1; team: assessment-1 2; type: SINGLE 2; "
     "working_days: 0-25 2"},
    {"assessments_within_45_working_days",
     "2/2; team: assessment-1 2/2; type: SINGLE 2/2; outcome: CHILD_IN_NEED_PLAN 1/1, "
     "NO_FURTHER_ACTION 1/1"},
    {"assessment_working_days", "18/2; team: assessment-1 18/2"},
    {"assessments_child_seen", "2/2; team: assessment-1 2/2"},
    {"assessments_child_seen_alone", "1/2; team: assessment-1 1/2"},
    {"assessments_first_of_referral", "1/2; team: assessment-1 1/2"},
    {"assessments_with_factors", "1/2; factor: GANGS 1/2, NEGLECT 1/2, NO_FACTORS 1/2"},
    {"factors_per_assessment", "2/1; team: assessment-1 2/1"},
    {"assessments_extended",
     "0/2; team: assessment-1 0/2; outcome: CHILD_IN_NEED_PLAN 0/1, NO_FURTHER_ACTION 0/1"},
    {"open_assessments_overdue", "0/1; team: assessment-1 0/1"},
};

TEST_F(IndicatorsTest, CountWhatHappenedInThePeriodAndNothingOfWhatCameAfter) {
  ContactsOfMarch();
  AssessmentsOfMarch();
  ContactsAtItsEnd();
  AssessmentOfMay();
  const std::vector<IndicatorQuery> all = All();
  ASSERT_EQ(all.size(), std::size(kMarch));
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].definition.id(), kMarch[i].id);
    EXPECT_EQ(Computed(all[i], absl::CivilDay(2025, 3, 1), absl::CivilDay(2025, 3, 31)),
              kMarch[i].value)
        << kMarch[i].id;
  }
  // What arrived at the end of March falls due in April.
  const absl::CivilDay april(2025, 4, 1), end_of_april(2025, 4, 30);
  EXPECT_EQ(Computed("contacts_decided_within_24_hours", april, end_of_april),
            "1/2; source_group: SCHOOL_EDUCATION 1/2");
  EXPECT_EQ(Computed("referrals_decided_within_one_working_day", april, april),
            "0/1; source_group: SCHOOL_EDUCATION 0/1; team: assessment-1 0/1");
  // The 45th working day is in time to its end.
  EXPECT_EQ(
      Computed("open_assessments_overdue", absl::CivilDay(2025, 5, 1), absl::CivilDay(2025, 5, 7)),
      "0/1; team: assessment-1 0/1");
  EXPECT_EQ(
      Computed("open_assessments_overdue", absl::CivilDay(2025, 5, 1), absl::CivilDay(2025, 5, 8)),
      "1/1; team: assessment-1 1/1");
  EXPECT_EQ(Computed("assessments_within_45_working_days", absl::CivilDay(2025, 5, 1),
                     absl::CivilDay(2025, 5, 31)),
            "0/1; team: assessment-1 0/1; type: SINGLE 0/1; outcome: CONTINUE_CURRENT_PLAN 0/1");
  EXPECT_EQ(
      Computed("assessments_extended", absl::CivilDay(2025, 5, 1), absl::CivilDay(2025, 5, 31)),
      "1/1; team: assessment-1 1/1; outcome: CONTINUE_CURRENT_PLAN 1/1");
}

}  // namespace
}  // namespace lscp::referrals
