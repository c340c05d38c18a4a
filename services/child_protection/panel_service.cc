#include "child_protection/panel_service.h"

#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::PanelAction;
using pb::PanelCase;

template <typename Response>
Response ReplyWith(PanelCase record) {
  Response response;
  *response.mutable_panel_case() = std::move(record);
  return response;
}

template <typename Response>
Response ReplyWith(PanelAction action) {
  Response response;
  *response.mutable_panel_action() = std::move(action);
  return response;
}

template <typename Response>
Response ReplyWith(PanelActionStore::Page page) {
  Response response;
  response.mutable_panel_actions()->Add(std::make_move_iterator(page.resources.begin()),
                                        std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

void ClearTexts(PanelCase& record) {
  record.clear_reason();
  record.clear_decline_reason();
  record.clear_removal_note();
  for (pb::PanelDiscussion& discussion : *record.mutable_discussions()) {
    discussion.clear_discussion();
    discussion.clear_decision();
  }
}

absl::Status OnceAtATime(const std::string& child) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "once_before_a_panel", child,
                            "the child is before the panel already");
}

}  // namespace

absl::StatusOr<pb::GetPanelsResponse> Panels::GetAll(const pb::GetPanelsRequest& request,
                                                     Reading&) {
  pb::GetPanelsResponse response;
  *response.mutable_panels() = parts_.settings->Of(BoroughOf(request.parent())).panels();
  return response;
}

absl::StatusOr<pb::NominateToPanelResponse> Panels::Nominate(
    const pb::NominateToPanelRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  ASSIGN_OR_RETURN(PanelCase record, child_protection::Nominate(request, StepOf(tx), Borough(tx)));
  ASSIGN_OR_RETURN(const bool open, cases_.HasOpen(tx.db(), request.child(), record.panel()));
  if (open) return OnceAtATime(request.child());
  record.set_name(cases_.NewName(tx.call().borough, tx.now()));
  const absl::Status stored = cases_.Insert(tx, record);
  // Two agencies nominate a child at the same time: the second finds the first.
  if (db::DuplicateKeyName(stored) == "one_open") return OnceAtATime(request.child());
  RETURN_IF_ERROR(stored);
  return ReplyWith<pb::NominateToPanelResponse>(std::move(record));
}

absl::StatusOr<pb::GetPanelCaseResponse> Panels::Get(const pb::GetPanelCaseRequest& request,
                                                     Reading& reading) {
  ASSIGN_OR_RETURN(PanelCase record, cases_.Get(reading, request.name()));
  return ReplyWith<pb::GetPanelCaseResponse>(std::move(record));
}

absl::StatusOr<pb::ListPanelCasesResponse> Panels::List(const pb::ListPanelCasesRequest& request,
                                                        Reading& reading) {
  ASSIGN_OR_RETURN(auto page, cases_.Find(reading, request));
  pb::ListPanelCasesResponse response;
  for (PanelCase& record : page.resources) {
    ClearTexts(record);
    *response.add_panel_cases() = std::move(record);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::PutOnAgendaResponse> Panels::PutOnAgenda(const pb::PutOnAgendaRequest& request,
                                                            Transaction& tx) {
  ASSIGN_OR_RETURN(PanelCase record, ChangeRecord(cases_, tx, request, [&](PanelCase& r) {
                     return child_protection::PutOnAgenda(r, request, Borough(tx));
                   }));
  return ReplyWith<pb::PutOnAgendaResponse>(std::move(record));
}

absl::StatusOr<pb::DiscussPanelCaseResponse> Panels::Discuss(
    const pb::DiscussPanelCaseRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(PanelCase record, ChangeRecord(cases_, tx, request, [&](PanelCase& r) {
                     return child_protection::Discuss(r, request, StepOf(tx));
                   }));
  return ReplyWith<pb::DiscussPanelCaseResponse>(std::move(record));
}

absl::StatusOr<pb::DeclineNominationResponse> Panels::Decline(
    const pb::DeclineNominationRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(PanelCase record, ChangeRecord(cases_, tx, request, [&](PanelCase& r) {
                     return child_protection::Decline(r, request, StepOf(tx));
                   }));
  return ReplyWith<pb::DeclineNominationResponse>(std::move(record));
}

absl::StatusOr<pb::RemoveFromPanelResponse> Panels::Remove(
    const pb::RemoveFromPanelRequest& request, Transaction& tx) {
  // The case is locked, so that no action is added meanwhile.
  ASSIGN_OR_RETURN(PanelCase record, cases_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const bool open, actions_.HasOpen(tx.db(), record.name()));
  RETURN_IF_ERROR(child_protection::Remove(record, request, open, StepOf(tx)));
  RETURN_IF_ERROR(cases_.Update(tx, record));
  return ReplyWith<pb::RemoveFromPanelResponse>(std::move(record));
}

absl::StatusOr<pb::AddPanelActionResponse> Panels::AddAction(
    const pb::AddPanelActionRequest& request, Transaction& tx) {
  // Locked, so that the case does not end meanwhile.
  ASSIGN_OR_RETURN(const PanelCase record, cases_.Lock(tx, request.panel_case(), ""));
  ASSIGN_OR_RETURN(PanelAction action, child_protection::AddAction(request, record, StepOf(tx)));
  action.set_name(actions_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(actions_.Insert(tx, action));
  RETURN_IF_ERROR(timescales::Start(
      tx.db(), tx.call().borough,
      {{action.name(), kPanelAction.id, tx.now(), EndOfDay(*ProtoToDate(action.due_date())),
        action.agency(), action.owner()}}));
  return ReplyWith<pb::AddPanelActionResponse>(std::move(action));
}

absl::StatusOr<pb::ListPanelActionsResponse> Panels::ListActions(
    const pb::ListPanelActionsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, actions_.Find(reading, request));
  return ReplyWith<pb::ListPanelActionsResponse>(std::move(page));
}

absl::StatusOr<pb::ListMyActionsResponse> Panels::ListMine(const pb::ListMyActionsRequest& request,
                                                           Reading& reading) {
  ASSIGN_OR_RETURN(auto page, actions_.FindMine(reading, request));
  return ReplyWith<pb::ListMyActionsResponse>(std::move(page));
}

absl::StatusOr<pb::CompletePanelActionResponse> Panels::Complete(
    const pb::CompletePanelActionRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(PanelAction action, actions_.Lock(tx, request.name(), ""));
  // The etag comes second: a wrong one must not tell that another agency's action exists.
  if (action.agency() != tx.caller().agency) {
    return PermissionDenied(tx.call().permission, request.name());
  }
  if (request.etag() != action.etag()) return EtagMismatch(request.name(), action.etag());
  RETURN_IF_ERROR(child_protection::Complete(action, request, StepOf(tx)));
  RETURN_IF_ERROR(actions_.Update(tx, action));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), action.name(), kPanelAction.id, tx.now()).status());
  return ReplyWith<pb::CompletePanelActionResponse>(std::move(action));
}

absl::StatusOr<pb::CancelPanelActionResponse> Panels::Cancel(
    const pb::CancelPanelActionRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(PanelAction action, ChangeRecord(actions_, tx, request, [&](PanelAction& a) {
                     return child_protection::Cancel(a, request);
                   }));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), action.name(), tx.now()).status());
  return ReplyWith<pb::CancelPanelActionResponse>(std::move(action));
}

void RegisterPanels(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.PanelsService",
          context.Keep(std::make_unique<Panels>(parts)))
      .Read("GetPanels", &Panels::GetAll)
      .Write("NominateToPanel", &Panels::Nominate)
      .Read("GetPanelCase", &Panels::Get)
      .Read("ListPanelCases", &Panels::List)
      .Write("PutOnAgenda", &Panels::PutOnAgenda)
      .Write("DiscussPanelCase", &Panels::Discuss)
      .Write("DeclineNomination", &Panels::Decline)
      .Write("RemoveFromPanel", &Panels::Remove)
      .Write("AddPanelAction", &Panels::AddAction)
      .Read("ListPanelActions", &Panels::ListActions)
      .Read("ListMyActions", &Panels::ListMine)
      .Write("CompletePanelAction", &Panels::Complete)
      .Write("CancelPanelAction", &Panels::Cancel);
}

}  // namespace lscp::child_protection
