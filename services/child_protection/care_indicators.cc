#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/indicator_sql.h"
#include "child_protection/indicators.h"
#include "child_protection/missing_episode.h"

namespace lscp::child_protection {
namespace {

const IndicatorSpan kCareSpan = {"i.started_on", "i.ended_on"};

// An episode `x` of the same child, whatever the record, that began in the period while the child
// was looked after.
std::string WentMissing() {
  const IndicatorSpan span = {"x.missing_at", "x.found_at", /*instants=*/true};
  return absl::StrCat(
      "EXISTS (SELECT 1 FROM missing_episodes x JOIN children k ON k.borough = x.borough AND "
      "k.id = x.child WHERE k.borough = i.borough AND k.survivor = c.id AND x.state <> ",
      int{pb::MissingEpisode::STATE_VOID}, " AND x.kind = ", int{pb::MISSING_KIND_MISSING},
      " AND NOT x.placed_here_by_other AND ", span.Came(),
      " AND x.missing_at >= i.started_on AND (i.ended_on IS NULL OR x.missing_at < i.ended_on))");
}

}  // namespace

std::vector<IndicatorQuery> CareIndicators() {
  const Statement in_care = {
      .id = "children_in_care_missing",
      .title = "Children in care who went missing",
      .cohort =
          "Children whom the borough looked after at some time of the period, as the children in "
          "care service tells; not those on short breaks only.",
      .numerator = "Children, each once.",
      .reports = {"Q11"},
      .source = "Annual report, missing children",
      .from = WithChild("care_periods", "i"),
      .where = absl::StrCat(OfBorough("i"), " AND NOT i.short_breaks AND ", kCareSpan.During()),
      .parts = {Sex(), AdolescentAge("{last_day}")},
      .each = ChildOf("i")};
  return {QueryOf(ShareOf(in_care,
                          "Those of whom a missing episode began in the period while they were "
                          "looked after.",
                          WentMissing(), Definition::POLARITY_LOWER_IS_BETTER))};
}

}  // namespace lscp::child_protection
