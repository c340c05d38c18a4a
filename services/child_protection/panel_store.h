#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "child_protection/panel.h"
#include "common/store/where.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The cases before panels. Immutable and thread-safe; errors as of CaseStore.
class PanelCaseStore : public domain::CaseStore<pb::PanelCase> {
 public:
  PanelCaseStore();

  // The latest nominated first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListPanelCasesRequest& request) const;

  // The child, under whatever record, is before the panel.
  absl::StatusOr<bool> HasOpen(db::Connection& db, std::string_view child,
                               const std::string& panel) const;
};

// What agencies do for them. Immutable and thread-safe; errors as of CaseStore.
class PanelActionStore : public domain::CaseStore<pb::PanelAction> {
 public:
  PanelActionStore();

  // The first due first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListPanelActionsRequest& request) const;
  // Those of the calling agency.
  absl::StatusOr<Page> FindMine(Reading& reading, const pb::ListMyActionsRequest& request) const;

  // An action of the case is open.
  absl::StatusOr<bool> HasOpen(db::Connection& db, std::string_view panel_case) const;
};

}  // namespace lscp::child_protection
