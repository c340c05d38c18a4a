#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "child_death_reviews/death_panel_case_store.h"
#include "child_death_reviews/death_panel_store.h"
#include "child_death_reviews/death_review_store.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of DeathPanelCasesService for those who prepare cases, and for the chair. The contract
// says what they answer. Thread-safe.
class DeathPanelCases {
 public:
  absl::StatusOr<pb::GetDeathPanelCaseResponse> Get(const pb::GetDeathPanelCaseRequest& request,
                                                    Reading& reading);
  absl::StatusOr<pb::ListDeathPanelCasesResponse> List(
      const pb::ListDeathPanelCasesRequest& request, Reading& reading);
  absl::StatusOr<pb::CheckDeathPanelCaseResponse> Check(
      const pb::CheckDeathPanelCaseRequest& request, Reading& reading);
  absl::StatusOr<pb::WriteDeathPanelSummaryResponse> WriteSummary(
      const pb::WriteDeathPanelSummaryRequest& request, Transaction& tx);
  absl::StatusOr<pb::PutOnDeathPanelAgendaResponse> PutOnAgenda(
      const pb::PutOnDeathPanelAgendaRequest& request, Transaction& tx);
  absl::StatusOr<pb::DeferDeathPanelCaseResponse> Defer(
      const pb::DeferDeathPanelCaseRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordDeathPanelAnalysisResponse> Analyse(
      const pb::RecordDeathPanelAnalysisRequest& request, Transaction& tx);

 private:
  // The death review of a case, locked; to be locked before the case.
  absl::StatusOr<pb::DeathReview> LockReviewOf(Transaction& tx, std::string_view name) const;

  const DeathPanelCaseStore store_;
  const DeathPanelStore panels_;
  const DeathReviewStore reviews_;
};

// Handlers for the members of the panel, who see the papers of their meetings and nothing else.
// Thread-safe.
class PanelPapers {
 public:
  absl::StatusOr<pb::ListMyDeathPanelCasesResponse> List(
      const pb::ListMyDeathPanelCasesRequest& request, Reading& reading);
  absl::StatusOr<pb::GetMyDeathPanelCaseResponse> Get(const pb::GetMyDeathPanelCaseRequest& request,
                                                      Reading& reading);

 private:
  const DeathPanelCaseStore store_;
};

void RegisterDeathPanelCases(ServiceContext& context);

}  // namespace lscp::child_death_reviews
