#include "child_death_reviews/death_panel_store.h"

#include "child_death_reviews/death_panel.h"
#include "common/status/error.h"
#include "common/store/where.h"
#include "common/time/london.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathPanel;

constexpr char kTable[] = "death_panels";

Columns ColumnsOfPanel(const DeathPanel& panel) {
  const absl::Time meets = *ProtoToTime(panel.meet_time());
  const bool held = panel.state() == DeathPanel::STATE_HELD;
  return {
      {"state", panel.state()},
      {"theme", panel.theme()},
      {"meets_at", meets},
      {"held_on", held ? std::optional(LondonDay(meets)) : std::nullopt},
      {"quorate", panel.quorate()},
  };
}

}  // namespace

DeathPanelStore::DeathPanelStore() : ResourceStore("deathPanels", kTable, ColumnsOfPanel) {}

absl::Status DeathPanelStore::SetMembers(Transaction& tx, const DeathPanel& panel) const {
  RETURN_IF_ERROR(
      tx.db()
          .Execute("DELETE FROM death_panel_members WHERE death_panel = ?", {panel.name()})
          .status());
  const auto insert = [&](const pb::PanelMember& member) {
    return tx.db()
        .Execute("INSERT INTO death_panel_members (death_panel, agency, person) VALUES (?, ?, ?)",
                 {panel.name(), member.agency(), member.person()})
        .status();
  };
  RETURN_IF_ERROR(insert(panel.chair()));
  for (const pb::PanelMember& member : panel.members()) RETURN_IF_ERROR(insert(member));
  return absl::OkStatus();
}

absl::StatusOr<DeathPanel> DeathPanelStore::LockForCase(Transaction& tx,
                                                        std::string_view name) const {
  ASSIGN_OR_RETURN(const auto document, DocumentTable(kTable).Read(tx.db(), name, true));
  DeathPanel panel;
  if (document && !panel.ParseFromString(document->bytes)) {
    return absl::DataLossError("a stored document cannot be read");
  }
  if (!document || !IsFor(panel, tx.call().borough)) {
    return PermissionDenied(tx.call().permission, name);
  }
  return panel;
}

absl::StatusOr<DeathPanelStore::Page> DeathPanelStore::Find(
    Reading& reading, const pb::ListDeathPanelsRequest& request) const {
  Where where;
  where.In("state", request.states()).In("theme", request.themes());
  if (request.has_meets_from()) where.Add("meets_at >= ?", {ProtoToTime(request.meets_from())});
  if (request.has_meets_before()) where.Add("meets_at < ?", {ProtoToTime(request.meets_before())});
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "meets_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_death_reviews
