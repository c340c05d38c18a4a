#include "child_death_reviews/recommendation_store.h"

#include "absl/strings/str_cat.h"
#include "child_death_reviews/asked_agency_store.h"
#include "common/store/where.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

using pb::Recommendation;

// From what recommendations are drawn, and where it is kept.
struct Source {
  const char* collection;
  const char* table;
};
constexpr Source kSources[] = {
    {"deathReviews", "death_reviews"},
    {"deathPanels", "death_panels"},
    {"seriousIncidents", "serious_incidents"},
};

template <typename Record>
std::optional<absl::Time> TimeOf(bool known, const Record& time) {
  return known ? ProtoToTime(time) : std::nullopt;
}

Columns ColumnsOfRecommendation(const Recommendation& recommendation) {
  return {
      {"source", recommendation.source()},
      {"agency", recommendation.agency()},
      {"theme", recommendation.theme()},
      {"state", recommendation.state()},
      {"impact", recommendation.impact()},
      {"made_at", ProtoToTime(recommendation.make_time())},
      {"due_on", ProtoToDate(recommendation.due_date())},
      {"done_at", TimeOf(recommendation.has_done_time(), recommendation.done_time())},
      {"closed_at", TimeOf(recommendation.has_close_time(), recommendation.close_time())},
  };
}

}  // namespace

RecommendationStore::RecommendationStore()
    : ResourceStore("recommendations", "recommendations", ColumnsOfRecommendation) {}

absl::Status RecommendationStore::CheckSource(Transaction& tx, std::string_view source) const {
  const auto name = ResourceName::Parse(source);
  for (const Source& kind : kSources) {
    if (!name || name->collection != kind.collection || name->borough != tx.call().borough) {
      continue;
    }
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        tx.db().Query(absl::StrCat("SELECT 1 FROM ", kind.table, " WHERE borough = ? AND id = ?"),
                      {name->borough, name->id}));
    if (!rows.empty()) return absl::OkStatus();
  }
  return PermissionDenied(tx.call().permission, source);
}

absl::StatusOr<Recommendation> RecommendationStore::LockMine(Transaction& tx, std::string_view name,
                                                             std::string_view etag) const {
  return LockOwn(*this, tx, name, etag);
}

absl::StatusOr<int64_t> RecommendationStore::CountOpen(Transaction& tx,
                                                       std::string_view source) const {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.db().Query("SELECT COUNT(*) FROM recommendations WHERE borough = ? AND"
                                 " source = ? AND state NOT IN (?, ?)",
                                 {BoroughOf(source), std::string(source),
                                  Recommendation::STATE_CLOSED, Recommendation::STATE_WITHDRAWN}));
  return rows[0].Int(0);
}

absl::Status RecommendationStore::MoveSource(Transaction& tx, std::string_view duplicate,
                                             std::string_view review) const {
  const std::string borough = BoroughOf(duplicate);
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.db().Query("SELECT id FROM recommendations WHERE borough = ? AND"
                                 " source = ? ORDER BY id",
                                 {borough, duplicate}));
  for (const db::Row& row : rows) {
    const ResourceName name{borough, "recommendations", row.Text(0)};
    ASSIGN_OR_RETURN(Recommendation recommendation, Lock(tx, name.ToString(), ""));
    recommendation.set_source(std::string(review));
    RETURN_IF_ERROR(Update(tx, recommendation));
  }
  return absl::OkStatus();
}

absl::StatusOr<RecommendationStore::Page> RecommendationStore::Find(
    Reading& reading, const pb::ListRecommendationsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.agency().empty()) where.Add("agency = ?", {request.agency()});
  if (!request.source().empty()) where.Add("source = ?", {request.source()});
  if (!request.theme().empty()) where.Add("theme = ?", {request.theme()});
  if (request.overdue()) {
    where.Add(
        "state IN (?, ?) AND due_on < ?",
        {Recommendation::STATE_MADE, Recommendation::STATE_ACCEPTED, LondonDay(reading.now())});
  }
  return List(reading, request, FirstDue(request, where, "due_on"));
}

absl::StatusOr<RecommendationStore::Page> RecommendationStore::FindMine(
    Reading& reading, const pb::ListMyRecommendationsRequest& request) const {
  Where where;
  where.Add("agency = ?", {reading.caller().agency}).In("state", request.states());
  return List(reading, request, FirstDue(request, where, "due_on"));
}

}  // namespace lscp::child_death_reviews
