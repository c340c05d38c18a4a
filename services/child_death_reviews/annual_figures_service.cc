#include "child_death_reviews/annual_figures_service.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "child_death_reviews/annual_figures.h"
#include "common/db/connection.h"
#include "common/journal/transaction.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/london.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"
#include "safeguarding/child_death_reviews/v1/panel_codes.pb.h"
#include "safeguarding/child_death_reviews/v1/recommendations_service.pb.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathReview;

// In the order of CountedReview.
constexpr char kCounted[] =
    "SELECT borough, notified_on, reviewed_on, completed_on, birth_date, death_date, sex, "
    "ethnicity, death_place_kind, expectedness, category, modifiability FROM death_reviews WHERE ";

CountedReview ReviewOf(const db::Row& row) {
  return {.borough = row.Text(0),
          .notified_on = row.OptDay(1).value(),
          .reviewed_on = row.OptDay(2),
          .completed_on = row.OptDay(3),
          .birth_date = row.OptDay(4),
          .death_date = row.OptDay(5).value(),
          .sex = static_cast<int>(row.Int(6)),
          .ethnicity = static_cast<int>(row.Int(7)),
          .place = static_cast<int>(row.Int(8)),
          .expectedness = static_cast<int>(row.Int(9)),
          .category = static_cast<int>(row.Int(10)),
          .modifiability = static_cast<int>(row.Int(11))};
}

// Whatever the report says is counted from these rows, of one query: what is written meanwhile is
// in all figures or in none.
absl::StatusOr<std::vector<CountedReview>> Load(db::Connection& db, int year,
                                                const std::vector<std::string>& boroughs) {
  Where where;
  where.In("borough", boroughs);
  where.Add("state NOT IN (?, ?, ?)", {DeathReview::STATE_OUT_OF_SCOPE,
                                       DeathReview::STATE_HANDED_OVER, DeathReview::STATE_MERGED});
  where.Add("notified_on <= ?", {LastDayOf(year)});
  where.Add("completed_on IS NULL OR completed_on >= ?", {FirstDayOf(year)});
  ASSIGN_OR_RETURN(const db::Rows rows, db.Query(kCounted + where.sql(), where.args()));
  std::vector<CountedReview> reviews;
  for (const db::Row& row : rows) reviews.push_back(ReviewOf(row));
  return reviews;
}

absl::Status AddPanels(db::Connection& db, int year, const std::vector<std::string>& boroughs,
                       pb::AnnualFigures& figures) {
  Where where;
  where.In("borough", boroughs);
  where.Add("held_on >= ? AND held_on <= ?", {FirstDayOf(year), LastDayOf(year)});
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query(absl::StrCat("SELECT borough, theme, COUNT(*), SUM(quorate) "
                                         "FROM death_panels WHERE ",
                                         where.sql(),
                                         " GROUP BY borough, theme "
                                         "ORDER BY borough, theme"),
                            where.args()));
  for (const db::Row& row : rows) {
    pb::AnnualPanels& panels = *figures.add_panels();
    panels.set_borough("boroughs/" + row.Text(0));
    panels.set_theme(
        workflow::StateName(*pb::PanelTheme_descriptor(), static_cast<int>(row.Int(1))));
    panels.set_held(row.Int(2));
    panels.set_quorate(row.Int(3));
  }
  return absl::OkStatus();
}

// Those of one query, whose rows were all made before the year ended.
constexpr char kRecommendations[] =
    "SELECT borough, SUM(made_at < ? AND (closed_at IS NULL OR closed_at >= ?)), "
    "SUM(made_at >= ?), SUM(closed_at IS NOT NULL AND closed_at >= ? AND closed_at < ?), "
    "SUM(closed_at IS NULL OR closed_at >= ?), "
    "SUM((closed_at IS NULL OR closed_at >= ?) AND due_on <= ? "
    "AND (done_at IS NULL OR done_at >= ?)) FROM recommendations WHERE ";

absl::Status AddRecommendations(db::Connection& db, int year,
                                const std::vector<std::string>& boroughs,
                                pb::AnnualFigures& figures) {
  const absl::Time begin = StartOfDay(FirstDayOf(year)), end = EndOfDay(LastDayOf(year));
  Where where;
  where.In("borough", boroughs);
  where.Add("state NOT IN (?, ?)",
            {pb::Recommendation::STATE_REJECTED, pb::Recommendation::STATE_WITHDRAWN});
  where.Add("made_at < ?", {end});
  db::Args args = {begin, begin, begin, begin, end, end, end, LastDayOf(year), end};
  args.insert(args.end(), where.args().begin(), where.args().end());
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query(absl::StrCat(kRecommendations, where.sql(), " GROUP BY borough"), args));
  pb::AnnualRecommendations together;
  together.set_borough("boroughs/-");
  for (const std::string& borough : boroughs) {
    pb::AnnualRecommendations& of = *figures.add_recommendations();
    of.set_borough("boroughs/" + borough);
    for (const db::Row& row : rows) {
      if (row.Text(0) != borough) continue;
      of.set_open_before(row.Int(1));
      of.set_made(row.Int(2));
      of.set_closed(row.Int(3));
      of.set_open_after(row.Int(4));
      of.set_late(row.Int(5));
    }
    if (of.open_before() + of.made() != of.closed() + of.open_after()) {
      return absl::InternalError("recommendations of a borough do not add up");
    }
    together.set_open_before(together.open_before() + of.open_before());
    together.set_made(together.made() + of.made());
    together.set_closed(together.closed() + of.closed());
    together.set_open_after(together.open_after() + of.open_after());
    together.set_late(together.late() + of.late());
  }
  *figures.add_recommendations() = std::move(together);
  return absl::OkStatus();
}

absl::StatusOr<pb::AnnualFigures> Figures(db::Connection& db, int year,
                                          const std::vector<std::string>& boroughs) {
  ASSIGN_OR_RETURN(const auto reviews, Load(db, year, boroughs));
  ASSIGN_OR_RETURN(pb::AnnualFigures figures, Tabulate(reviews, year, boroughs));
  RETURN_IF_ERROR(AddPanels(db, year, boroughs, figures));
  RETURN_IF_ERROR(AddRecommendations(db, year, boroughs, figures));
  return figures;
}

bool Contains(const std::vector<std::string>& those, const std::string& one) {
  return std::find(those.begin(), those.end(), one) != those.end();
}

}  // namespace

absl::StatusOr<pb::GetAnnualFiguresResponse> AnnualReport::Get(
    const pb::GetAnnualFiguresRequest& request, Reading& reading) {
  std::vector<std::string> boroughs;
  for (const std::string& borough : served_) {
    const bool asked =
        request.parent() == "boroughs/-" || request.parent() == "boroughs/" + borough;
    if (asked && Contains(reading.call().boroughs, borough)) boroughs.push_back(borough);
  }
  if (boroughs.empty()) return PermissionDenied(reading.call().permission, request.parent());
  pb::GetAnnualFiguresResponse response;
  ASSIGN_OR_RETURN(*response.mutable_figures(), Figures(reading.db(), request.year(), boroughs));
  return response;
}

absl::StatusOr<pb::GetPublishedAnnualFiguresResponse> AnnualReport::GetPublished(
    const pb::GetPublishedAnnualFiguresRequest& request, Reading& reading) {
  for (const std::string& borough : served_) {
    if (!Contains(reading.call().boroughs, borough)) {
      return PermissionDenied(reading.call().permission, request.parent());
    }
  }
  if (LondonDay(reading.now()) <= LastDayOf(request.year())) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "year_is_over", request.parent(),
                              "figures of a year that is not over are not published");
  }
  ASSIGN_OR_RETURN(pb::AnnualFigures exact, Figures(reading.db(), request.year(), served_));
  pb::GetPublishedAnnualFiguresResponse response;
  ASSIGN_OR_RETURN(*response.mutable_figures(), ForPublication(std::move(exact), {}));
  return response;
}

void RegisterAnnualFigures(ServiceContext& context) {
  const auto& served = context.config().boroughs();
  context.methods()
      .Of("safeguarding.child_death_reviews.v1.AnnualFiguresService",
          context.Keep(std::make_unique<AnnualReport>(
              std::vector<std::string>(served.begin(), served.end()))))
      .Read("GetAnnualFigures", &AnnualReport::Get)
      .Read("GetPublishedAnnualFigures", &AnnualReport::GetPublished);
}

}  // namespace lscp::child_death_reviews
