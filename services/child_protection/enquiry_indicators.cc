#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "safeguarding/child_protection/v1/enquiries_service.pb.h"

namespace lscp::child_protection {
namespace {

namespace pb = safeguarding::child_protection::v1;

const char kSource[] = "Improvement report, section 47 page; annual report, section 47";
const char kStartedWords[] =
    "Section 47 enquiries started in the period, one for each child; those started by mistake are "
    "left out.";
const char kConcluded[] = "(e.concluded_at IS NOT NULL AND e.concluded_at < {end})";

// A conference that is still due does not keep an enquiry open.
const IndicatorSpan kSpan = {"e.started_at", "e.concluded_at", /*instants=*/true};

std::string Meant() {
  return absl::StrCat(OfBorough("e"), " AND e.state <> ", int{pb::Enquiry::STATE_CANCELLED});
}

Part Finding() { return {"finding", NameSql<pb::EnquiryFinding>("e.finding")}; }
Part NextStep() { return {"next_step", NameSql<pb::EnquiryNextStep>("e.next_step")}; }
Part Joint() { return {"joint", "IF(e.joint, 'WITH_POLICE', 'ALONE')"}; }
// What had become of an enquiry at the end of the period.
Part Outcome() {
  return {"outcome", absl::StrCat("CASE WHEN NOT ", kConcluded, " THEN 'NOT_CONCLUDED' ELSE ",
                                  NameSql<pb::EnquiryNextStep>("e.next_step"), " END")};
}

std::string ConcludedWith(pb::EnquiryNextStep step) {
  return absl::StrCat("(", kConcluded, " AND e.next_step = ", int{step}, ")");
}

// Ages are on the day of the start in UTC, which in summer lags an hour behind London's.
Statement Started() {
  return {.id = "section_47_started",
          .title = "Section 47 enquiries started",
          .cohort = kStartedWords,
          .numerator = "Enquiries; their outcome as concluded by the end of the period.",
          .reports = {"A3", "R5", "Q6"},
          .source = kSource,
          .from = WithChild("enquiries", "e"),
          .where = absl::StrCat(Meant(), " AND ", kSpan.Came()),
          .parts = {Outcome(), TeamOf("e"), Joint(), ProtectionAge("DATE(e.started_at)")}};
}

// The funnel follows the enquiries that started, as far as they had come when the period ended.
Statement Funnel(const char* id, const char* title, const char* numerator, std::string adds) {
  Statement statement = ShareOf(Started(), numerator, std::move(adds));
  statement.id = id;
  statement.title = title;
  statement.reports = {"R5", "Q6"};
  statement.parts = {TeamOf("e")};
  return statement;
}

Statement Concluded(const char* id, const char* title) {
  return {.id = id,
          .title = title,
          .cohort =
              "Section 47 enquiries concluded in the period, one for each child; of one concluded "
              "twice the last time.",
          .numerator = "Enquiries.",
          .reports = {"R5"},
          .source = kSource,
          .from = "enquiries e",
          .where = absl::StrCat(Meant(), " AND ", kSpan.Went()),
          .parts = {NextStep(), Finding(), TeamOf("e")}};
}

Statement Held() {
  Statement statement =
      Funnel("section_47_conferences_held", "From section 47 to a conference that was held",
             "Those whose initial conference was held by the end of the period.",
             "(e.conference_at IS NOT NULL AND e.conference_at < {end})");
  statement.cohort =
      "Section 47 enquiries started in the period, one for each child, that by its end had "
      "concluded that an initial conference is needed.";
  statement.polarity = Definition::POLARITY_HIGHER_IS_BETTER;
  absl::StrAppend(&statement.where, " AND ",
                  ConcludedWith(pb::ENQUIRY_NEXT_STEP_INITIAL_CONFERENCE));
  return statement;
}

Statement Open() {
  return StockOf({.id = "section_47_open",
                  .title = "Section 47 enquiries open",
                  .cohort = "Section 47 enquiries that are not concluded at the end of the period.",
                  .numerator = "Enquiries; a child has one at most at a time.",
                  .reports = {"R5"},
                  .source = kSource,
                  .from = "enquiries e",
                  .parts = {TeamOf("e")}},
                 Meant(), kSpan);
}

}  // namespace

std::vector<IndicatorQuery> EnquiryIndicators() {
  return {
      QueryOf(Started()),
      QueryOf(Open()),
      QueryOf(Concluded("section_47_concluded", "Section 47 enquiries concluded")),
      QueryOf(MeanOf(Concluded("section_47_days_open", "Days that section 47 enquiries were open"),
                     "Whole days by the clock from the start to the conclusion.",
                     "TIMESTAMPDIFF(DAY, e.started_at, e.concluded_at)",
                     Definition::POLARITY_LOWER_IS_BETTER)),
      QueryOf(Funnel("section_47_to_conference", "From section 47 to an initial conference",
                     "Those that by the end of the period had concluded that an initial conference "
                     "is needed.",
                     ConcludedWith(pb::ENQUIRY_NEXT_STEP_INITIAL_CONFERENCE))),
      QueryOf(
          Funnel("section_47_no_further_action", "From section 47 to no further action",
                 "Those that by the end of the period had concluded that nothing more is needed.",
                 ConcludedWith(pb::ENQUIRY_NEXT_STEP_NO_FURTHER_ACTION))),
      QueryOf(Held()),
  };
}

}  // namespace lscp::child_protection
