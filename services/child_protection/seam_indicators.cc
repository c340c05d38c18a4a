#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "child_protection/seam_episode.h"

namespace lscp::child_protection {
namespace {

const char kSource[] = "Improvement report, vulnerable adolescents (SEAM)";
const char kMeetingWords[] = "SEAM meetings held in the period.";
const IndicatorSpan kSpan = {"s.started_on", "s.ended_on"};

Statement Episodes(const char* id, const char* title, const char* cohort, const std::string& when,
                   std::vector<Part> parts) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Episodes; a young person has one at most at a time.",
          .reports = {"R12"},
          .source = kSource,
          .from = WithChild("seam_episodes", "s"),
          .where = absl::StrCat(OfBorough("s"), " AND ", when),
          .parts = std::move(parts)};
}

Statement Meetings(const char* id, const char* title, const char* cohort, const char* day) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Meetings.",
          .reports = {"R12"},
          .source = kSource,
          .from =
              "seam_meetings w JOIN seam_episodes s ON s.borough = w.borough AND s.id = "
              "w.episode",
          .where = absl::StrCat(OfBorough("w"), " AND ", OnDayOfPeriod(day)),
          .parts = {{"type", NameSql<pb::SeamMeetingType>("w.type")}, TeamOf("s")}};
}

Statement Overdue(const char* id, const char* title, const char* cohort, const std::string& rules) {
  return {.id = id,
          .title = title,
          .cohort = cohort,
          .numerator = "Episodes.",
          .polarity = Definition::POLARITY_LOWER_IS_BETTER,
          .basis = Definition::BASIS_SNAPSHOT,
          .reports = {"R12"},
          .source = kSource,
          .from = ClockSql("seamEpisodes", "seam_episodes", "s"),
          .where = absl::StrCat(OfBorough("s"), " AND t.rule IN (", rules, ") AND ", kClockOverdue),
          .parts = {TeamOf("s")}};
}

std::string Quoted(const char* rule) { return absl::StrCat("'", rule, "'"); }

}  // namespace

std::vector<IndicatorQuery> SeamIndicators() {
  const auto lower = Definition::POLARITY_LOWER_IS_BETTER;
  return {
      QueryOf(StockOf(Episodes("seam_episodes_open", "Young people open to SEAM",
                               "SEAM episodes that are open at the end of the period.", "",
                               {Sex(), AdolescentAge("{last_day}"), TeamOf("s")}),
                      OfBorough("s"), kSpan)),
      QueryOf(Episodes("seam_episodes_started", "SEAM episodes started",
                       "SEAM episodes that started in the period.", kSpan.Came(), {TeamOf("s")})),
      QueryOf(Episodes("seam_episodes_ended", "SEAM episodes closed",
                       "SEAM episodes that ended in the period.", kSpan.Went(),
                       {{"reason", NameSql<pb::SeamCloseReason>("s.close_reason")}, TeamOf("s")})),
      QueryOf(Meetings("seam_meetings_held", "SEAM meetings", kMeetingWords, "w.held_on")),
      QueryOf(ShareOf(Meetings("seam_meetings_reviews", "SEAM meetings that are reviews",
                               kMeetingWords, "w.held_on"),
                      "Reviews.", IsOneOf("w.type", {pb::SEAM_MEETING_TYPE_REVIEW}))),
      QueryOf(MeanOf(Meetings("seam_score", "SEAM score, of 45", kMeetingWords, "w.held_on"),
                     "Sum of the scores.", "w.score", lower)),
      QueryOf(MeanOf(
          Meetings("seam_notes_working_days", "Working days until SEAM notes are signed off",
                   "SEAM meetings whose notes were signed off in the period.", "w.signed_off_on"),
          "Working days from the meeting to the sign-off.", "w.sign_off_working_days", lower)),
      QueryOf(
          Overdue("seam_meetings_overdue", "SEAM meetings overdue",
                  "SEAM episodes whose first meeting or review was due by the end of the period "
                  "and was then not held.",
                  absl::StrCat(Quoted(kSeamInitialMeeting), ", ", Quoted(kSeamReview)))),
      QueryOf(Overdue("seam_notes_overdue", "SEAM notes overdue",
                      "SEAM episodes with notes that were due by the end of the period and were "
                      "then not signed off.",
                      Quoted(kSeamNotes))),
  };
}

}  // namespace lscp::child_protection
