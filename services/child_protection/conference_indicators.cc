#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "safeguarding/child_protection/v1/conferences_service.pb.h"

namespace lscp::child_protection {
namespace {

namespace pb = safeguarding::child_protection::v1;
using pb::Conference;

const char kSource[] =
    "Working Together to Safeguard Children, chapter 3; improvement report, conferences";
const char kChildren[] =
    "conference_outcomes o JOIN conferences f ON f.borough = o.borough AND f.id = o.conference";

// Conferences `f` of these types that were held in the period.
std::string HeldOf(const std::vector<int>& types) {
  return absl::StrCat(OfBorough("f"), " AND ", InPeriod("f.held_at"), " AND ",
                      IsOneOf("f.type", types));
}

std::string Initial() { return HeldOf({Conference::TYPE_INITIAL, Conference::TYPE_PRE_BIRTH}); }

Part Participation() {
  return {"participation", NameSql<pb::ParticipationCode>("o.participation")};
}

Statement InTime() {
  return {
      .id = "initial_conferences_in_time",
      .title = "Initial conferences within 15 working days",
      .cohort = "Initial and pre-birth conferences held in the period; conferences, not children.",
      .numerator =
          "Those held by the 15th working day after the start of the earliest section 47 "
          "enquiry of their children.",
      .denominator = "All of the cohort.",
      .unit = Definition::UNIT_PERCENT,
      .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
      .reports = {"R5", "Q9"},
      .source = kSource,
      .from = "conferences f",
      .where = Initial(),
      .adds = "f.working_days <= 15",
      .parts = {TeamOf("f")}};
}

Statement Considered() {
  return {
      .id = "children_at_initial_conferences",
      .title = "Children considered at initial conferences",
      .cohort = "Children whom an initial or pre-birth conference held in the period considered.",
      .numerator = "Children, once for each conference.",
      .reports = {"R5", "Q9"},
      .source = kSource,
      .from = kChildren,
      .where = Initial(),
      .parts = {{"decision", NameSql<pb::ConferenceDecision>("o.decision")}, TeamOf("f")}};
}

// Not once for each conference, as above: the board counts children.
Statement Subjects() {
  return {.id = "children_subject_to_initial_conference",
          .title = "Children subject to an initial conference",
          .cohort = "Children whom initial or pre-birth conferences held in the period considered.",
          .numerator = "Children, once however many conferences they had.",
          .reports = {"A4", "Q6"},
          .source = "Board's indicators, A4",
          .from = absl::StrCat(WithChild("conference_outcomes", "o"),
                               " JOIN conferences f ON f.borough = o.borough AND f.id = "
                               "o.conference"),
          .where = Initial(),
          .parts = {ProtectionAge("{last_day}"), Sex()},
          .each = ChildOf("o")};
}

Statement ToPlan() {
  Statement statement = ShareOf(Considered(), "Those for whom it decided on a plan.",
                                IsOneOf("o.decision", {pb::CONFERENCE_DECISION_PLAN}));
  statement.id = "initial_conferences_to_plan";
  statement.title = "From the initial conference to a protection plan";
  statement.reports = {"R5", "Q6"};
  statement.parts = {TeamOf("f")};
  return statement;
}

// An agency that came without an invitation is no part of it.
Statement Attended() {
  return {.id = "conference_agencies_attended",
          .title = "Invited agencies that attended conferences",
          .cohort =
              "Invitations of agencies to conferences held in the period, once for each agency and "
              "conference.",
          .numerator = "Those of agencies that attended.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R5", "Q9"},
          .source = kSource,
          .from =
              "conference_invitations i JOIN conferences f ON f.borough = i.borough AND f.id = "
              "i.conference",
          .where = absl::StrCat(OfBorough("f"), " AND ", InPeriod("f.held_at")),
          .adds = "i.attended",
          .parts = {{"agency_kind", NameSql<pb::AgencyKind>("i.kind")}}};
}

Statement Share(const char* id, const char* title, const char* cohort, const char* numerator,
                std::string where, std::string adds, std::vector<Part> parts) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = numerator,
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"R8", "Q9"},
          .source = kSource,
          .from = kChildren,
          .where = std::move(where),
          .adds = std::move(adds),
          .parts = std::move(parts)};
}

}  // namespace

std::vector<IndicatorQuery> ConferenceIndicators() {
  const std::string any = HeldOf({Conference::TYPE_INITIAL, Conference::TYPE_REVIEW,
                                  Conference::TYPE_TRANSFER_IN, Conference::TYPE_RECEIVING_IN});
  const std::string of_four =
      absl::StrCat(any, " AND o.participation <> ", int{pb::PARTICIPATION_CODE_UNDER_FOUR});
  const char old_enough[] =
      "Children of four or older whom a conference held in the period considered, but for "
      "pre-birth "
      "conferences.";
  return {
      QueryOf(InTime()),
      QueryOf(Considered()),
      QueryOf(Subjects()),
      QueryOf(ToPlan()),
      QueryOf(Attended()),
      QueryOf(Share("review_conferences_in_time", "Review conferences in time",
                    "Children whose review conference was held in the period.",
                    "Those whose review was held by its due date: three months after the initial "
                    "conference, later six months after the review before.",
                    HeldOf({Conference::TYPE_REVIEW}), "o.in_time", {TeamOf("f")})),
      QueryOf(Share("conference_child_attended", "Children who attended their conference",
                    old_enough, "Those who attended (PN1 to PN4).", of_four,
                    IsOneOf("o.participation",
                            {pb::PARTICIPATION_CODE_SPOKE, pb::PARTICIPATION_CODE_ADVOCATE_PRESENT,
                             pb::PARTICIPATION_CODE_SYMBOLIC, pb::PARTICIPATION_CODE_SILENT}),
                    {Participation()})),
      QueryOf(
          Share("conference_child_views", "Children whose views reached their conference",
                old_enough, "Those whose views reached it (PN1, PN2, PN3, PN5, PN6).", of_four,
                IsOneOf("o.participation",
                        {pb::PARTICIPATION_CODE_SPOKE, pb::PARTICIPATION_CODE_ADVOCATE_PRESENT,
                         pb::PARTICIPATION_CODE_SYMBOLIC, pb::PARTICIPATION_CODE_ADVOCATE_ABSENT,
                         pb::PARTICIPATION_CODE_SENT_VIEWS}),
                {Participation()})),
  };
}

}  // namespace lscp::child_protection
