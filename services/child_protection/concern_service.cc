#include "child_protection/concern_service.h"

#include <memory>
#include <utility>

#include "common/status/macros.h"
#include "common/store/record_change.h"

namespace lscp::child_protection {
namespace {

using pb::Concern;

template <typename Response>
Response ReplyWith(Concern concern) {
  Response response;
  *response.mutable_concern() = std::move(concern);
  return response;
}

void ClearTexts(Concern& concern) {
  concern.clear_description();
  concern.clear_links();
  concern.clear_close_reason();
  concern.clear_reopen_reason();
  for (pb::DisruptionNotice& notice : *concern.mutable_notices()) notice.clear_note();
}

}  // namespace

absl::StatusOr<pb::RecordConcernResponse> Concerns::Record(const pb::RecordConcernRequest& request,
                                                           Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->Check(tx.db(), tx.call(), request.children()));
  ASSIGN_OR_RETURN(Concern concern, NewConcern(request, StepOf(tx)));
  concern.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(store_.Insert(tx, concern));
  return ReplyWith<pb::RecordConcernResponse>(std::move(concern));
}

absl::StatusOr<pb::GetConcernResponse> Concerns::Get(const pb::GetConcernRequest& request,
                                                     Reading& reading) {
  ASSIGN_OR_RETURN(Concern concern, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetConcernResponse>(std::move(concern));
}

absl::StatusOr<pb::ListConcernsResponse> Concerns::List(const pb::ListConcernsRequest& request,
                                                        Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListConcernsResponse response;
  for (Concern& concern : page.resources) {
    ClearTexts(concern);
    *response.add_concerns() = std::move(concern);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::UpdateConcernResponse> Concerns::Update(const pb::UpdateConcernRequest& request,
                                                           Transaction& tx) {
  ASSIGN_OR_RETURN(Concern concern, store_.Lock(tx, request.concern().name(), request.etag()));
  RETURN_IF_ERROR(Write(concern, request));
  RETURN_IF_ERROR(store_.Update(tx, concern));
  return ReplyWith<pb::UpdateConcernResponse>(std::move(concern));
}

absl::StatusOr<pb::LinkChildToConcernResponse> Concerns::Link(
    const pb::LinkChildToConcernRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  ASSIGN_OR_RETURN(Concern concern, ChangeRecord(store_, tx, request, [&](Concern& c) {
                     return child_protection::Link(c, request, StepOf(tx));
                   }));
  return ReplyWith<pb::LinkChildToConcernResponse>(std::move(concern));
}

absl::StatusOr<pb::RecordDisruptionNoticeResponse> Concerns::AddNotice(
    const pb::RecordDisruptionNoticeRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Concern concern, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::AddNotice(concern, request, StepOf(tx)));
  RETURN_IF_ERROR(store_.UpdateNotice(tx, concern));
  return ReplyWith<pb::RecordDisruptionNoticeResponse>(std::move(concern));
}

absl::StatusOr<pb::CloseConcernResponse> Concerns::Close(const pb::CloseConcernRequest& request,
                                                         Transaction& tx) {
  ASSIGN_OR_RETURN(Concern concern, ChangeRecord(store_, tx, request, [&](Concern& c) {
                     return child_protection::Close(c, request);
                   }));
  return ReplyWith<pb::CloseConcernResponse>(std::move(concern));
}

absl::StatusOr<pb::ReopenConcernResponse> Concerns::Reopen(const pb::ReopenConcernRequest& request,
                                                           Transaction& tx) {
  ASSIGN_OR_RETURN(Concern concern, ChangeRecord(store_, tx, request, [&](Concern& c) {
                     return child_protection::Reopen(c, request);
                   }));
  return ReplyWith<pb::ReopenConcernResponse>(std::move(concern));
}

void RegisterConcerns(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.ConcernsService",
          context.Keep(std::make_unique<Concerns>(parts)))
      .Write("RecordConcern", &Concerns::Record)
      .Read("GetConcern", &Concerns::Get)
      .Read("ListConcerns", &Concerns::List)
      .Write("UpdateConcern", &Concerns::Update)
      .Write("LinkChildToConcern", &Concerns::Link)
      .Write("RecordDisruptionNotice", &Concerns::AddNotice)
      .Write("CloseConcern", &Concerns::Close)
      .Write("ReopenConcern", &Concerns::Reopen);
}

}  // namespace lscp::child_protection
