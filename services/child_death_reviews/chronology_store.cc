#include "child_death_reviews/chronology_store.h"

#include <iterator>

#include "child_death_reviews/asked_agency_store.h"
#include "child_death_reviews/chronology.h"
#include "common/store/where.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

using pb::Chronology;

Columns ColumnsOfChronology(const Chronology& chronology) {
  return {
      {"serious_incident", ResourceName::Parse(chronology.serious_incident())->id},
      {"agency", chronology.agency()},
      {"state", chronology.state()},
      {"due_at", ProtoToTime(chronology.due_time())},
      {"returned_at",
       chronology.has_return_time() ? ProtoToTime(chronology.return_time()) : std::nullopt},
  };
}

Where OfIncident(std::string_view incident) {
  const ResourceName name = *ResourceName::Parse(incident);
  return Where().Add("borough = ? AND serious_incident = ?", {name.borough, name.id});
}

}  // namespace

ChronologyStore::ChronologyStore()
    : ResourceStore("chronologies", "chronologies", ColumnsOfChronology) {}

absl::StatusOr<Chronology> ChronologyStore::LockMine(Transaction& tx, std::string_view name,
                                                     std::string_view etag) const {
  return LockOwn(*this, tx, name, etag);
}

absl::StatusOr<std::vector<Chronology>> ChronologyStore::LockOf(Transaction& tx,
                                                                std::string_view incident) const {
  return LockNumbered(*this, tx, "chronologies", "chronologies", "serious_incident", incident);
}

absl::StatusOr<std::vector<Chronology>> ChronologyStore::ReadOf(
    Reading& reading, const pb::CombineChronologiesRequest& request) const {
  const Where where = OfIncident(request.name());
  ListQuery query{.where = where.sql(),
                  .args = where.args(),
                  .sort_by = "due_at",
                  .page_size = 500,
                  .page_token = ""};
  std::vector<Chronology> all;
  do {
    ASSIGN_OR_RETURN(Page page, List(reading, request, query));
    all.insert(all.end(), std::make_move_iterator(page.resources.begin()),
               std::make_move_iterator(page.resources.end()));
    query.page_token = std::move(page.next_page_token);
  } while (!query.page_token.empty());
  return all;
}

absl::StatusOr<ChronologyStore::Page> ChronologyStore::Find(
    Reading& reading, const pb::ListChronologiesRequest& request) const {
  Where where;
  if (!request.serious_incident().empty()) where = OfIncident(request.serious_incident());
  where.In("state", request.states());
  if (!request.agency().empty()) where.Add("agency = ?", {request.agency()});
  if (request.overdue()) {
    where.Add("state = ? AND due_at < ?", {Chronology::STATE_REQUESTED, reading.now()});
  }
  return List(reading, request, FirstDue(request, where, "due_at"));
}

absl::StatusOr<ChronologyStore::Page> ChronologyStore::FindMine(
    Reading& reading, const pb::ListMyChronologiesRequest& request) const {
  Where where;
  where.Add("agency = ?", {reading.caller().agency}).In("state", request.states());
  return List(reading, request, FirstDue(request, where, "due_at"));
}

}  // namespace lscp::child_death_reviews
