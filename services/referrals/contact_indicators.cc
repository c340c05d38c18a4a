#include "absl/strings/str_cat.h"
#include "referrals/indicator_sql.h"
#include "referrals/indicators.h"
#include "safeguarding/referrals/v1/contacts_service.pb.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

const char kCounts[] = "Improvement report, MASH page (contacts)";
const char kOneWorkingDay[] =
    "Working Together to Safeguard Children, chapter 3; Keeping children safe in education";

const std::string kInBorough = "c.borough = {borough}";
const std::string kNotDuplicate = absl::StrCat("c.state <> ", int{pb::Contact::STATE_DUPLICATE});

// Contacts that ask for a response: not what another contact tells already, and not information for
// universal services, which is no referral unless it is reclassified.
const std::string kConcerns =
    absl::StrCat(kInBorough, " AND ", kNotDuplicate, " AND c.form_type <> ",
                 int{pb::FORM_TYPE_INFORMATION_SHARING_FORM});

const char kDayAfterReceipt[] = "(c.received_at + INTERVAL 24 HOUR)";
const char kDecidedByEnd[] = "c.decided_at IS NOT NULL AND c.decided_at < {end}";

Part SourceGroup() { return {"source_group", SourceGroupSql("c.source")}; }
Part FormType() { return {"form_type", NameSql<pb::FormType>("c.form_type")}; }
Part InitialBrag() { return {"initial_brag", NameSql<pb::Brag>("c.initial_brag")}; }

// What had become of a contact at the end of the period.
std::string OutcomeByEnd() {
  return absl::StrCat("CASE WHEN NOT (", kNotDuplicate, ") THEN 'DUPLICATE' WHEN NOT (",
                      kDecidedByEnd, ") THEN 'NOT_DECIDED' ELSE ",
                      NameSql<pb::ContactOutcome>("c.outcome"), " END");
}

// Sex and age, e.g. "F 5-9". The census's age bands.
std::string SexAndAge() {
  const std::string age = "TIMESTAMPDIFF(YEAR, k.birth_date, c.received_on)";
  return absl::StrCat(
      "CONCAT(COALESCE(CASE k.sex WHEN 1 THEN 'M' WHEN 2 THEN 'F' WHEN 3 THEN 'U' END,"
      " 'NOT_RECORDED'), ' ', CASE WHEN k.unborn THEN 'UNBORN' WHEN k.birth_date IS NULL THEN"
      " 'NOT_RECORDED' WHEN ",
      age, " < 1 THEN '0' WHEN ", age, " < 5 THEN '1-4' WHEN ", age, " < 10 THEN '5-9' WHEN ", age,
      " < 16 THEN '10-15' WHEN ", age, " < 18 THEN '16-17' ELSE '18+' END)");
}

// Of concerns with a deadline in the period, the share that met it.
Statement InTime(const char* id, const char* title, const char* cohort, const char* numerator,
                 const std::string& done, const std::string& deadline) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = numerator,
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R1"},
          .source = kOneWorkingDay,
          .from = "contacts c",
          .where = absl::StrCat(kConcerns, " AND ", FallsDueInPeriod(deadline)),
          .adds = absl::StrCat(done, " IS NOT NULL AND ", done, " <= ", deadline),
          .parts = {SourceGroup()}};
}

Statement Received() {
  return {.id = "contacts_received",
          .title = "Contacts received",
          .cohort = "Contacts received in the period, of every form, duplicates too.",
          .numerator = "Contacts; their outcome and final rating as decided by the period's end.",
          .reports = {"R1"},
          .source = kCounts,
          .from = "contacts c",
          .where = absl::StrCat(kInBorough, " AND ", InPeriod("c.received_at")),
          .parts = {{"outcome", OutcomeByEnd()},
                    {"source", SourceSql("c.source")},
                    SourceGroup(),
                    FormType(),
                    InitialBrag(),
                    {"final_brag", absl::StrCat("CASE WHEN ", kDecidedByEnd, " THEN ",
                                                NameSql<pb::Brag>("c.final_brag"), " END")}}};
}

Statement Children() {
  return {
      .id = "children_in_contacts",
      .title = "Children in contacts, by sex and age",
      .cohort =
          "Children named in contacts received in the period that are no duplicates; a "
          "child in two contacts counts twice.",
      .numerator = "Children; age on the day of receipt.",
      .reports = {"R1"},
      .source = kCounts,
      .from = "contacts c JOIN contact_children k ON k.borough = c.borough AND k.contact = c.id",
      .where = absl::StrCat(kInBorough, " AND ", kNotDuplicate, " AND ", InPeriod("c.received_at")),
      .parts = {{"sex_and_age", SexAndAge()}}};
}

// Anonymous contacts (census source 9, no agency): nobody can be told anything.
constexpr char kFromSomebody[] = " AND (c.source <> '9' OR c.source_agency <> '')";

Statement Undecided() {
  return {.id = "contacts_not_decided",
          .title = "Contacts not decided",
          .cohort =
              "Contacts received by the end of the period and then neither decided nor "
              "duplicates.",
          .numerator = "Contacts.",
          .polarity = Definition::POLARITY_LOWER_IS_BETTER,
          .basis = Definition::BASIS_SNAPSHOT,
          .reports = {"R1"},
          .source = kCounts,
          .from = "contacts c",
          .where = absl::StrCat(kInBorough, " AND ", kNotDuplicate,
                                " AND c.received_at < {end} AND NOT (", kDecidedByEnd, ")"),
          .parts = {InitialBrag(),
                    {"due", "IF(c.decision_due_at <= {end}, 'OVERDUE', 'NOT_YET_DUE')"}}};
}

Statement WithinBoroughTime() {
  Statement statement = InTime(
      "contacts_decided_within_borough_time", "Contacts decided in the borough's time",
      "Concerns (contacts but duplicates and information sharing forms) whose time for a decision, "
      "by their rating and the borough's hours, ended in the period.",
      "Those decided by then.", "c.decided_at", "c.decision_due_at");
  statement.source = "Borough's hours by rating (settings); improvement report, MASH page";
  statement.parts = {SourceGroup(), InitialBrag()};
  return statement;
}

Statement Conversion() {
  return {.id = "contacts_converted_to_referrals",
          .title = "Contacts that became referrals",
          .cohort =
              "Concerns (contacts but duplicates and information sharing forms) decided in "
              "the period.",
          .numerator = "Those referred to children's social care.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .reports = {"R1"},
          .source = kCounts,
          .from = "contacts c",
          .where = absl::StrCat(kConcerns, " AND ", InPeriod("c.decided_at")),
          .adds = absl::StrCat("c.outcome = ", int{pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE}),
          .parts = {SourceGroup(), FormType()}};
}

// Why the number of referrals is not the number of contacts that were referred.
Statement ReferralsPerContact() {
  return {.id = "referrals_per_referred_contact",
          .title = "Referrals for each contact that was referred",
          .cohort = "Contacts decided in the period and referred to children's social care.",
          .numerator = "Referrals that they led to, one for each child.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_MEAN,
          .reports = {"R1", "R2"},
          .source = "Reconciles contacts with referrals: a contact may refer several children",
          .from = "contacts c",
          .where = absl::StrCat(kInBorough, " AND ", InPeriod("c.decided_at"), " AND c.outcome = ",
                                int{pb::CONTACT_OUTCOME_REFERRAL_TO_SOCIAL_CARE}),
          .adds =
              "(SELECT COUNT(*) FROM referrals r WHERE r.borough = c.borough AND r.contact = "
              "c.id)"};
}

Statement Acknowledged() {
  Statement statement =
      InTime("contacts_acknowledged_within_24_hours", "Contacts acknowledged within 24 hours",
             "Concerns (contacts but duplicates, information sharing forms and anonymous ones) "
             "whose first "
             "24 hours ended in the period.",
             "Those whose sender was told within 24 hours that they arrived.", "c.acknowledged_at",
             kDayAfterReceipt);
  statement.where += kFromSomebody;
  statement.reports = {"R1", "Q2"};
  statement.source = "Annual report: referrals acknowledged within 24 hours";
  statement.parts = {SourceGroup(), {"channel", NameSql<pb::ContactChannel>("c.channel")}};
  return statement;
}

Statement Feedback() {
  return {.id = "contacts_with_feedback",
          .title = "Contacts whose sender was told the outcome",
          .cohort =
              "Concerns (contacts but duplicates, information sharing forms and anonymous ones) "
              "decided in the period.",
          .numerator = "Those whose sender was told the outcome by the end of the period.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R1"},
          .source = "Keeping children safe in education: the referrer hears the outcome",
          .from = "contacts c",
          .where = absl::StrCat(kConcerns, " AND ", InPeriod("c.decided_at"), kFromSomebody),
          .adds = "c.feedback_at IS NOT NULL AND c.feedback_at < {end}",
          .parts = {{"source_agency", "IF(c.source_agency = '', 'PUBLIC', c.source_agency)"},
                    SourceGroup()}};
}

Statement ChecksInTime() {
  return {.id = "agency_checks_answered_in_time",
          .title = "Agency checks answered in time",
          .cohort =
              "Checks whose time to answer ended in the period, but those that lapsed before "
              "because their contact was decided or a duplicate.",
          .numerator = "Those answered by then.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R1"},
          .source = "Hub's practice: the time is set with each request",
          .from = ClockSql("checks", "agency_checks", "k"),
          .where = absl::StrCat("t.borough = {borough} AND t.rule = 'agency_check_answer' AND ",
                                FallsDueInPeriod("t.due_at"),
                                " AND (t.cancelled_at IS NULL OR t.cancelled_at > t.due_at)"),
          .adds = kClockMet,
          .parts = {{"agency", "k.agency"}}};
}

}  // namespace

std::vector<IndicatorQuery> ContactIndicators() {
  const char* day_cohort =
      "Concerns (contacts but duplicates and information sharing forms) whose first 24 hours ended "
      "in the period.";
  const char* working_day_cohort =
      "Concerns (contacts but duplicates and information sharing forms) whose first working day "
      "after the day of receipt ended in the period.";
  return {
      QueryOf(Received()),
      QueryOf(Children()),
      QueryOf(Undecided()),
      QueryOf(InTime("contacts_decided_within_24_hours", "Contacts decided within 24 hours",
                     day_cohort, "Those decided within 24 hours of receipt.", "c.decided_at",
                     kDayAfterReceipt)),
      QueryOf(InTime("contacts_decided_within_one_working_day",
                     "Contacts decided within one working day", working_day_cohort,
                     "Those decided by then.", "c.decided_at", "c.working_day_ends_at")),
      QueryOf(WithinBoroughTime()),
      QueryOf(Conversion()),
      QueryOf(ReferralsPerContact()),
      QueryOf(Acknowledged()),
      QueryOf(Feedback()),
      QueryOf(ChecksInTime()),
  };
}

}  // namespace lscp::referrals
