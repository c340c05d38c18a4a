#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
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
std::string HeldOf(const std::vector<Conference::Type>& types) {
  std::string list;
  for (const Conference::Type type : types)
    absl::StrAppend(&list, list.empty() ? "" : ", ", int{type});
  return absl::StrCat("f.borough = {borough} AND ", InPeriod("f.held_at"), " AND f.type IN (", list,
                      ")");
}

std::string Initial() { return HeldOf({Conference::TYPE_INITIAL, Conference::TYPE_PRE_BIRTH}); }

std::string IsOneOf(const std::vector<int>& codes) {
  std::string list;
  for (const int code : codes) absl::StrAppend(&list, list.empty() ? "" : ", ", code);
  return absl::StrCat("o.participation IN (", list, ")");
}

Part Team() { return {"team", "f.team"}; }
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
      .parts = {Team()}};
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
      .parts = {{"decision", NameSql<pb::ConferenceDecision>("o.decision")}, Team()}};
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
      QueryOf(Share("review_conferences_in_time", "Review conferences in time",
                    "Children whose review conference was held in the period.",
                    "Those whose review was held by its due date: three months after the initial "
                    "conference, later six months after the review before.",
                    HeldOf({Conference::TYPE_REVIEW}), "o.in_time", {Team()})),
      QueryOf(Share("conference_child_attended", "Children who attended their conference",
                    old_enough, "Those who attended (PN1 to PN4).", of_four,
                    IsOneOf({pb::PARTICIPATION_CODE_SPOKE, pb::PARTICIPATION_CODE_ADVOCATE_PRESENT,
                             pb::PARTICIPATION_CODE_SYMBOLIC, pb::PARTICIPATION_CODE_SILENT}),
                    {Participation()})),
      QueryOf(
          Share("conference_child_views", "Children whose views reached their conference",
                old_enough, "Those whose views reached it (PN1, PN2, PN3, PN5, PN6).", of_four,
                IsOneOf({pb::PARTICIPATION_CODE_SPOKE, pb::PARTICIPATION_CODE_ADVOCATE_PRESENT,
                         pb::PARTICIPATION_CODE_SYMBOLIC, pb::PARTICIPATION_CODE_ADVOCATE_ABSENT,
                         pb::PARTICIPATION_CODE_SENT_VIEWS}),
                {Participation()})),
  };
}

}  // namespace lscp::child_protection
