#include "child_death_reviews/family_support_service.h"

#include <iterator>
#include <memory>
#include <utility>

#include "child_death_reviews/family_support.h"
#include "common/journal/step.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/timescales/store.h"

namespace lscp::child_death_reviews {
namespace {

using pb::FamilySupport;

template <typename Response>
Response ReplyWith(FamilySupport support) {
  Response response;
  *response.mutable_family_support() = std::move(support);
  return response;
}

template <typename Response>
Response ReplyWith(FamilySupportStore::Page page) {
  Response response;
  response.mutable_family_supports()->Add(std::make_move_iterator(page.resources.begin()),
                                          std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

}  // namespace

absl::StatusOr<pb::GetFamilySupportResponse> FamilySupports::Get(
    const pb::GetFamilySupportRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(FamilySupport support, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetFamilySupportResponse>(std::move(support));
}

absl::StatusOr<pb::ListFamilySupportsResponse> FamilySupports::List(
    const pb::ListFamilySupportsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  return ReplyWith<pb::ListFamilySupportsResponse>(std::move(page));
}

absl::StatusOr<pb::ListMyFamiliesResponse> FamilySupports::ListMine(
    const pb::ListMyFamiliesRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.FindMine(reading, request));
  return ReplyWith<pb::ListMyFamiliesResponse>(std::move(page));
}

absl::StatusOr<pb::AssignKeyWorkerResponse> FamilySupports::Assign(
    const pb::AssignKeyWorkerRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(FamilySupport support,
                   ChangeRecord(store_, tx, request, [&](FamilySupport& record) {
                     return child_death_reviews::Assign(record, request, tx.now());
                   }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), support.name(), kFamilyKeyWorker, tx.now()).status());
  return ReplyWith<pb::AssignKeyWorkerResponse>(std::move(support));
}

absl::StatusOr<pb::RecordSupportOfferResponse> FamilySupports::Offer(
    const pb::RecordSupportOfferRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(FamilySupport support, store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_death_reviews::Offer(support, request));
  RETURN_IF_ERROR(store_.Update(tx, support));
  return ReplyWith<pb::RecordSupportOfferResponse>(std::move(support));
}

absl::StatusOr<pb::RecordFamilyViewsResponse> FamilySupports::RecordViews(
    const pb::RecordFamilyViewsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(FamilySupport support, store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_death_reviews::RecordViews(support, request, StepOf(tx)));
  RETURN_IF_ERROR(store_.Update(tx, support));
  return ReplyWith<pb::RecordFamilyViewsResponse>(std::move(support));
}

absl::StatusOr<pb::EndFamilySupportResponse> FamilySupports::End(
    const pb::EndFamilySupportRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(FamilySupport support,
                   ChangeRecord(store_, tx, request, [&](FamilySupport& record) {
                     return child_death_reviews::End(record, request);
                   }));
  return ReplyWith<pb::EndFamilySupportResponse>(std::move(support));
}

void RegisterFamilySupports(ServiceContext& context) {
  context.methods()
      .Of("safeguarding.child_death_reviews.v1.FamilySupportsService",
          context.Keep(std::make_unique<FamilySupports>()))
      .Read("GetFamilySupport", &FamilySupports::Get)
      .Read("ListFamilySupports", &FamilySupports::List)
      .Read("ListMyFamilies", &FamilySupports::ListMine)
      .Write("AssignKeyWorker", &FamilySupports::Assign)
      .Write("RecordSupportOffer", &FamilySupports::Offer)
      .Write("RecordFamilyViews", &FamilySupports::RecordViews)
      .Write("EndFamilySupport", &FamilySupports::End);
}

}  // namespace lscp::child_death_reviews
