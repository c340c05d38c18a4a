#include "child_death_reviews/death_panel_case_store.h"

#include "common/status/error.h"
#include "common/store/where.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathPanelCase;

Columns ColumnsOfCase(const DeathPanelCase& record) {
  return {
      {"state", record.state()},
      {"death_review", ResourceName::Parse(record.death_review())->id},
      {"death_date", ProtoToDate(record.death_date())},
      {"draft_category", record.paper().draft().category()},
      {"age_band", record.paper().age_band()},
      {"death_panel", record.death_panel()},
  };
}

// As Fits(), for many.
void AddTheme(Where& where, pb::PanelTheme theme) {
  switch (theme) {
    case pb::PANEL_THEME_SUICIDE:
      where.Add("draft_category = ?", {pb::DEATH_CATEGORY_SUICIDE});
      break;
    case pb::PANEL_THEME_PERINATAL:
      where.Add("draft_category = ? OR age_band = ?",
                {pb::DEATH_CATEGORY_PERINATAL, pb::AGE_BAND_UNDER_28_DAYS});
      break;
    case pb::PANEL_THEME_UNEXPLAINED:
      where.Add("draft_category = ?", {pb::DEATH_CATEGORY_UNEXPLAINED});
      break;
    default:
      break;
  }
}

constexpr char kSits[] =
    "death_panel IN (SELECT death_panel FROM death_panel_members WHERE agency = ? AND person = ?)";

}  // namespace

DeathPanelCaseStore::DeathPanelCaseStore()
    : ResourceStore("deathPanelCases", "death_panel_cases", ColumnsOfCase) {}

absl::StatusOr<DeathPanelCase> DeathPanelCaseStore::LockOf(Transaction& tx,
                                                           std::string_view review) const {
  const ResourceName name = *ResourceName::Parse(review);
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.db().Query("SELECT id FROM death_panel_cases WHERE borough = ? AND death_review = ?",
                    {name.borough, name.id}));
  if (rows.empty()) return PermissionDenied(tx.call().permission, review);
  return Lock(tx, ResourceName{name.borough, "deathPanelCases", rows[0].Text(0)}.ToString(), "");
}

absl::StatusOr<bool> DeathPanelCaseStore::AreOnAgenda(Transaction& tx,
                                                      std::string_view panel) const {
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.db().Query("SELECT 1 FROM death_panel_cases WHERE death_panel = ? AND state = ? LIMIT 1",
                    {panel, DeathPanelCase::STATE_LISTED}));
  return !rows.empty();
}

absl::StatusOr<DeathPanelCase> DeathPanelCaseStore::GetMine(Reading& reading,
                                                            std::string_view name) const {
  const auto parsed = ResourceName::Parse(name);
  const std::string& person = reading.caller().person;
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      reading.db().Query(
          "SELECT 1 FROM death_panel_cases WHERE borough = ? AND id = ? AND " + std::string(kSits),
          {parsed->borough, parsed->id, reading.caller().agency, person}));
  if (rows.empty() || person.empty()) return PermissionDenied(reading.call().permission, name);
  return Get(reading, name);
}

absl::StatusOr<DeathPanelCaseStore::Page> DeathPanelCaseStore::FindMine(
    Reading& reading, const pb::ListMyDeathPanelCasesRequest& request) const {
  Where where;
  where.Add(kSits, {reading.caller().agency, reading.caller().person});
  // Page tokens hold what is sorted by, so not by the day of death.
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "death_panel",
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::StatusOr<DeathPanelCaseStore::Page> DeathPanelCaseStore::Find(
    Reading& reading, const pb::ListDeathPanelCasesRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.death_panel().empty()) where.Add("death_panel = ?", {request.death_panel()});
  AddTheme(where, request.theme());
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "death_date",
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_death_reviews
