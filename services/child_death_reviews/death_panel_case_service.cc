#include "child_death_reviews/death_panel_case_service.h"

#include <memory>
#include <utility>

#include "child_death_reviews/death_panel_case.h"
#include "child_death_reviews/death_review.h"
#include "child_death_reviews/review_completion.h"
#include "child_death_reviews/review_parts.h"
#include "common/journal/step.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/timescales/store.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathPanelCase;

template <typename Response>
Response ReplyWith(DeathPanelCase record, absl::Time now) {
  SetAge(record, now);
  Response response;
  *response.mutable_death_panel_case() = std::move(record);
  return response;
}

}  // namespace

absl::StatusOr<pb::DeathReview> DeathPanelCases::LockReviewOf(Transaction& tx,
                                                              std::string_view name) const {
  ASSIGN_OR_RETURN(const DeathPanelCase record, store_.Read(tx, name));
  return reviews_.Lock(tx, record.death_review(), "");
}

absl::StatusOr<pb::GetDeathPanelCaseResponse> DeathPanelCases::Get(
    const pb::GetDeathPanelCaseRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(DeathPanelCase record, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetDeathPanelCaseResponse>(std::move(record), reading.now());
}

absl::StatusOr<pb::ListDeathPanelCasesResponse> DeathPanelCases::List(
    const pb::ListDeathPanelCasesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListDeathPanelCasesResponse response;
  for (DeathPanelCase& record : page.resources) {
    ClearForList(record);
    SetAge(record, reading.now());
    *response.add_death_panel_cases() = std::move(record);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::CheckDeathPanelCaseResponse> DeathPanelCases::Check(
    const pb::CheckDeathPanelCaseRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(const DeathPanelCase record, store_.Get(reading, request.name()));
  ASSIGN_OR_RETURN(const ReviewParts parts, ReadParts(reading.db(), record.death_review()));
  const auto missing = MissingParts(record, parts);
  pb::CheckDeathPanelCaseResponse response;
  response.mutable_missing()->Assign(missing.begin(), missing.end());
  return response;
}

absl::StatusOr<pb::WriteDeathPanelSummaryResponse> DeathPanelCases::WriteSummary(
    const pb::WriteDeathPanelSummaryRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(const pb::DeathReview review, LockReviewOf(tx, request.name()));
  ASSIGN_OR_RETURN(
      DeathPanelCase record, ChangeRecord(store_, tx, request, [&](DeathPanelCase& changed) {
        return child_death_reviews::WriteSummary(changed, request, review.particulars());
      }));
  return ReplyWith<pb::WriteDeathPanelSummaryResponse>(std::move(record), tx.now());
}

absl::StatusOr<pb::PutOnDeathPanelAgendaResponse> DeathPanelCases::PutOnAgenda(
    const pb::PutOnDeathPanelAgendaRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(pb::DeathReview review, LockReviewOf(tx, request.name()));
  ASSIGN_OR_RETURN(DeathPanelCase record, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(TakeReviewStep(review, "PutOnDeathPanelAgenda"));
  ASSIGN_OR_RETURN(const pb::DeathPanel panel, panels_.LockForCase(tx, request.death_panel()));
  ASSIGN_OR_RETURN(const ReviewParts parts, ReadParts(tx.db(), review.name()));
  Follow(record, review);  // what later notifications have filled in
  RETURN_IF_ERROR(
      child_death_reviews::PutOnAgenda(record, request, panel, MissingParts(record, parts)));
  RETURN_IF_ERROR(store_.Update(tx, record));
  return ReplyWith<pb::PutOnDeathPanelAgendaResponse>(std::move(record), tx.now());
}

absl::StatusOr<pb::DeferDeathPanelCaseResponse> DeathPanelCases::Defer(
    const pb::DeferDeathPanelCaseRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathPanelCase record,
                   ChangeRecord(store_, tx, request, [&](DeathPanelCase& changed) {
                     return child_death_reviews::Defer(changed, request);
                   }));
  return ReplyWith<pb::DeferDeathPanelCaseResponse>(std::move(record), tx.now());
}

absl::StatusOr<pb::RecordDeathPanelAnalysisResponse> DeathPanelCases::Analyse(
    const pb::RecordDeathPanelAnalysisRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(pb::DeathReview review, LockReviewOf(tx, request.name()));
  ASSIGN_OR_RETURN(DeathPanelCase record, store_.Lock(tx, request.name(), ""));
  pb::DeathPanel panel;
  if (!record.death_panel().empty()) {
    ASSIGN_OR_RETURN(panel, panels_.LockForCase(tx, record.death_panel()));
  }
  // First whether the caller may know of it, then whether it knows the current one.
  if (!MayAnalyse(record, panel, StepOf(tx))) {
    return PermissionDenied(tx.call().permission, request.name());
  }
  if (request.etag() != record.etag()) return EtagMismatch(request.name(), record.etag());
  RETURN_IF_ERROR(
      child_death_reviews::Analyse(record, request, panel, review.particulars(), StepOf(tx)));
  RETURN_IF_ERROR(SetOutcome(review, OutcomeOf(record, panel)));
  RETURN_IF_ERROR(
      timescales::Meet(tx.db(), review.name(), kPanelReview, *ProtoToTime(panel.meet_time()))
          .status());
  RETURN_IF_ERROR(store_.Update(tx, record));
  RETURN_IF_ERROR(reviews_.Update(tx, review));
  pb::RecordDeathPanelAnalysisResponse response;
  *response.mutable_paper() = PaperOf(record);
  return response;
}

absl::StatusOr<pb::ListMyDeathPanelCasesResponse> PanelPapers::List(
    const pb::ListMyDeathPanelCasesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(const auto page, store_.FindMine(reading, request));
  pb::ListMyDeathPanelCasesResponse response;
  for (const DeathPanelCase& record : page.resources) *response.add_papers() = PaperOf(record);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<pb::GetMyDeathPanelCaseResponse> PanelPapers::Get(
    const pb::GetMyDeathPanelCaseRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(const DeathPanelCase record, store_.GetMine(reading, request.name()));
  pb::GetMyDeathPanelCaseResponse response;
  *response.mutable_paper() = PaperOf(record);
  return response;
}

void RegisterDeathPanelCases(ServiceContext& context) {
  const char* service = "safeguarding.child_death_reviews.v1.DeathPanelCasesService";
  context.methods()
      .Of(service, context.Keep(std::make_unique<DeathPanelCases>()))
      .Read("GetDeathPanelCase", &DeathPanelCases::Get)
      .Read("ListDeathPanelCases", &DeathPanelCases::List)
      .Read("CheckDeathPanelCase", &DeathPanelCases::Check)
      .Write("WriteDeathPanelSummary", &DeathPanelCases::WriteSummary)
      .Write("PutOnDeathPanelAgenda", &DeathPanelCases::PutOnAgenda)
      .Write("DeferDeathPanelCase", &DeathPanelCases::Defer)
      .Write("RecordDeathPanelAnalysis", &DeathPanelCases::Analyse);
  context.methods()
      .Of(service, context.Keep(std::make_unique<PanelPapers>()))
      .Read("ListMyDeathPanelCases", &PanelPapers::List)
      .Read("GetMyDeathPanelCase", &PanelPapers::Get);
}

}  // namespace lscp::child_death_reviews
