#include "child_death_reviews/serious_incident_store.h"

#include "child_death_reviews/serious_incident.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

using pb::SeriousIncident;

// The id of a name; empty when there is none.
std::string IdOf(const std::string& name) {
  return name.empty() ? "" : ResourceName::Parse(name)->id;
}

Columns ColumnsOfIncident(const SeriousIncident& incident) {
  return {
      {"state", incident.state()},
      {"kind", incident.kind()},
      {"death_review", IdOf(incident.death_review())},
      {"children", incident.children_size()},
      {"incident_on", ProtoToDate(incident.incident_date())},
      {"aware_on", ProtoToDate(incident.aware_date())},
      // A date that is not set is none, and so NULL.
      {"notified_on", ProtoToDate(incident.notify_date())},
      {"rapid_review_due_on", DueDay(RapidReviewRule(), *ProtoToDate(incident.aware_date()))},
      {"rapid_review_on", ProtoToDate(incident.rapid_review().complete_date())},
      {"decided_on", ProtoToDate(incident.decision().decide_date())},
      {"review_type", incident.decision().type()},
      {"reported_on", ProtoToDate(incident.report().report_date())},
      {"extent", incident.agreement().extent()},
      {"published_on", ProtoToDate(incident.publication().publish_date())},
  };
}

template <typename Request>
ListQuery LatestFirst(const Request& request, const Where& where) {
  return {.where = where.sql(),
          .args = where.args(),
          .sort_by = "aware_on",
          .descending = true,
          .page_size = request.page_size(),
          .page_token = request.page_token()};
}

}  // namespace

SeriousIncidentStore::SeriousIncidentStore()
    : ResourceStore("seriousIncidents", "serious_incidents", ColumnsOfIncident) {}

absl::StatusOr<SeriousIncidentStore::Page> SeriousIncidentStore::Find(
    Reading& reading, const pb::ListSeriousIncidentsRequest& request) const {
  Where where;
  where.In("state", request.states()).In("kind", request.kinds());
  where.In("review_type", request.types());
  if (request.has_aware_from()) where.Add("aware_on >= ?", {ProtoToDate(request.aware_from())});
  if (request.has_aware_before()) {
    where.Add("aware_on < ?", {ProtoToDate(request.aware_before())});
  }
  return List(reading, request, LatestFirst(request, where));
}

absl::StatusOr<SeriousIncidentStore::Page> SeriousIncidentStore::FindOfDeath(
    Reading& reading, const pb::ListIncidentsOfDeathRequest& request) const {
  const ResourceName name = *ResourceName::Parse(request.death_review());
  Where where;
  where.Add("borough = ? AND death_review = ?", {name.borough, name.id});
  return List(reading, request, LatestFirst(request, where));
}

absl::Status SeriousIncidentStore::MoveLinks(Transaction& tx, std::string_view duplicate,
                                             std::string_view review) const {
  const ResourceName from = *ResourceName::Parse(duplicate);
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.db().Query("SELECT id FROM serious_incidents WHERE borough = ? AND"
                                 " death_review = ? ORDER BY id",
                                 {from.borough, from.id}));
  for (const db::Row& row : rows) {
    const ResourceName name{from.borough, "seriousIncidents", row.Text(0)};
    ASSIGN_OR_RETURN(SeriousIncident incident, Lock(tx, name.ToString(), ""));
    incident.set_death_review(std::string(review));
    RETURN_IF_ERROR(Update(tx, incident));
  }
  return absl::OkStatus();
}

}  // namespace lscp::child_death_reviews
