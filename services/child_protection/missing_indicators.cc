#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "child_protection/missing_episode.h"

namespace lscp::child_protection {
namespace {

const char kSource[] =
    "Annual report, missing children; improvement report, vulnerable adolescents";
const char kBeganWords[] =
    "Missing episodes that began in the period; not those of children whom another authority "
    "placed here, which that authority counts, nor those recorded by mistake.";
const char kReturnedWords[] =
    "Missing episodes after which the 72 hours for the return interview ended in the period; not "
    "those of children whom another authority placed here, who were found dead, or whose episode "
    "was recorded by mistake.";

const IndicatorSpan kSpan = {"m.missing_at", "m.found_at", /*instants=*/true};

// Episodes of a kind that were not recorded by mistake.
std::string OfKind(pb::MissingKind kind) {
  return absl::StrCat(OfBorough("m"), " AND m.state <> ", int{pb::MissingEpisode::STATE_VOID},
                      " AND m.kind = ", int{kind});
}

// Of the children for whom this borough is responsible, so that two boroughs do not count one.
std::string Ours(pb::MissingKind kind) { return OfKind(kind) + " AND NOT m.placed_here_by_other"; }
std::string Missing() { return Ours(pb::MISSING_KIND_MISSING); }

Part From() { return {"missing_from", NameSql<pb::MissingFrom>("m.missing_from")}; }
Part FromOfChild() {
  Part part = From();
  part.overlapping = true;
  return part;
}

Statement Episodes(const char* id, const char* title, const char* cohort, std::string where,
                   std::vector<const char*> reports) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Episodes; a child may have several.",
          .reports = std::move(reports),
          .source = kSource,
          .from = WithChild("missing_episodes", "m"),
          .where = std::move(where),
          .parts = {From(), TeamOf("m")}};
}

Statement Began() {
  return Episodes("missing_episodes", "Missing episodes", kBeganWords,
                  absl::StrCat(Missing(), " AND ", kSpan.Came()), {"Q11", "R12"});
}

// The same episodes as of Began, by child.
Statement Children(const char* id, const char* title) {
  Statement statement = Began();
  statement.id = id;
  statement.title = title;
  statement.numerator = "Children, each once however many episodes; age at the end of the period.";
  statement.parts = {FromOfChild(), Sex(), AdolescentAge("{last_day}")};
  statement.each = ChildOf("m");
  return statement;
}

Statement PerChild() {
  Statement statement = MeanOf(Children("missing_episodes_per_child", "Episodes per missing child"),
                               "Episodes.", "1", Definition::POLARITY_LOWER_IS_BETTER);
  statement.denominator = "Children who have the episodes, each once.";
  return statement;
}

Statement Hours() {
  return MeanOf(Episodes("missing_hours", "Hours missing; divided by 24, the days",
                         "Missing episodes that ended in the period; not those of children whom "
                         "another authority placed here, nor those recorded by mistake.",
                         absl::StrCat(Missing(), " AND ", kSpan.Went()), {"R12"}),
                "Hours from when the child was missing until found, each rounded.",
                "ROUND(TIMESTAMPDIFF(MINUTE, m.missing_at, m.found_at) / 60)",
                Definition::POLARITY_LOWER_IS_BETTER);
}

// A child who declines stays in the cohort: the interview is owed, and was not held.
Statement Interviews(const char* id, const char* title, const char* numerator, std::string adds) {
  return ShareOf(
      Episodes(id, title, kReturnedWords,
               absl::StrCat(Missing(), " AND ", FallsDueInPeriod("m.interview_due_at")), {"Q11"}),
      numerator, std::move(adds), Definition::POLARITY_HIGHER_IS_BETTER);
}

std::string Done(const char* column, const char* by) {
  return absl::StrCat("(", column, " IS NOT NULL AND ", column, " ", by, ")");
}

Statement MeetingsInTime() {
  return {.id = "missing_strategy_meetings_in_time",
          .title = "Strategy meetings about missing children in time",
          .cohort =
              "Strategy meetings, owed after repeated episodes or at high risk, that fell due in "
              "the period; those of episodes recorded by mistake are left out.",
          .numerator = "Those held by then.",
          .denominator = "All of the cohort.",
          .unit = Definition::UNIT_PERCENT,
          .polarity = Definition::POLARITY_HIGHER_IS_BETTER,
          .reports = {"Q11"},
          .source = kSource,
          .from = ClockSql("missingEpisodes", "missing_episodes", "m"),
          .where = absl::StrCat("t.borough = {borough} AND t.rule = '", kMissingStrategyMeeting,
                                "' AND ", FallsDueInPeriod("t.due_at"),
                                " AND (t.cancelled_at IS NULL OR t.cancelled_at > t.due_at) AND ",
                                "m.state <> ", int{pb::MissingEpisode::STATE_VOID}),
          .adds = kClockMet,
          .parts = {From(), TeamOf("m")}};
}

// Who is missing, whoever is responsible: the daily report.
Statement MissingAtEnd() {
  Statement statement =
      StockOf(Episodes("children_missing", "Children who are missing",
                       "Children who are missing at the end of the period, those placed here by "
                       "other authorities among them.",
                       "", {"Q12"}),
              OfKind(pb::MISSING_KIND_MISSING), kSpan);
  statement.numerator = "Children; a child has one open episode at most.";
  statement.polarity = Definition::POLARITY_LOWER_IS_BETTER;
  statement.parts = {From(),
                     {"placed",
                      "CASE WHEN m.placed_here_by_other THEN 'HERE_BY_OTHER_AUTHORITY' WHEN "
                      "m.placed_elsewhere THEN 'OUTSIDE_THE_BOROUGH' ELSE 'NEITHER' END"},
                     {"risk", NameSql<pb::MissingRisk>("m.risk")},
                     Sex(),
                     AdolescentAge("{last_day}"),
                     TeamOf("m")};
  return statement;
}

}  // namespace

std::vector<IndicatorQuery> MissingIndicators() {
  return {
      QueryOf(MissingAtEnd()),
      QueryOf(Began()),
      QueryOf(Children("children_missing_in_period", "Children who went missing")),
      QueryOf(PerChild()),
      QueryOf(Hours()),
      QueryOf(Interviews("return_interviews_within_72_hours", "Return interviews within 72 hours",
                         "Those whose interview was held within the 72 hours.",
                         Done("m.interviewed_at", "<= m.interview_due_at"))),
      QueryOf(Interviews("return_interviews_held", "Return interviews held",
                         "Those whose interview was held by the end of the period.",
                         Done("m.interviewed_at", "< {end}"))),
      QueryOf(Interviews("return_interviews_offered_within_72_hours",
                         "Return interviews offered within 72 hours",
                         "Those after which an interview was first offered within the 72 hours.",
                         Done("m.offered_at", "<= m.interview_due_at"))),
      QueryOf(MeetingsInTime()),
      QueryOf(Episodes("missing_episodes_of_children_placed_here",
                       "Missing episodes of children whom others placed here",
                       "Missing episodes that began in the period, of children whom another "
                       "authority placed here; not those recorded by mistake.",
                       absl::StrCat(OfKind(pb::MISSING_KIND_MISSING),
                                    " AND m.placed_here_by_other AND ", kSpan.Came()),
                       {"Q12"})),
      QueryOf(Episodes(
          "away_without_leave_episodes", "Children away from placement without leave",
          "Times that a child was away without leave, and not missing, that began in "
          "the period; not of children whom another authority placed here.",
          absl::StrCat(Ours(pb::MISSING_KIND_AWAY_WITHOUT_LEAVE), " AND ", kSpan.Came()), {"Q11"})),
  };
}

}  // namespace lscp::child_protection
