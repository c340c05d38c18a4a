#include "child_death_reviews/death_panel_service.h"

#include <iterator>
#include <memory>
#include <utility>

#include "child_death_reviews/death_panel.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathPanel;

template <typename Response>
Response ReplyWith(DeathPanel panel) {
  Response response;
  *response.mutable_death_panel() = std::move(panel);
  return response;
}

}  // namespace

absl::StatusOr<pb::PlanDeathPanelResponse> DeathPanels::Plan(
    const pb::PlanDeathPanelRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathPanel panel, PlanPanel(request, tx.call().borough, *settings_));
  panel.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(store_.Insert(tx, panel));
  RETURN_IF_ERROR(store_.SetMembers(tx, panel));
  return ReplyWith<pb::PlanDeathPanelResponse>(std::move(panel));
}

absl::StatusOr<pb::GetDeathPanelResponse> DeathPanels::Get(const pb::GetDeathPanelRequest& request,
                                                           Reading& reading) {
  ASSIGN_OR_RETURN(DeathPanel panel, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetDeathPanelResponse>(std::move(panel));
}

absl::StatusOr<pb::ListDeathPanelsResponse> DeathPanels::List(
    const pb::ListDeathPanelsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListDeathPanelsResponse response;
  response.mutable_death_panels()->Add(std::make_move_iterator(page.resources.begin()),
                                       std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::RearrangeDeathPanelResponse> DeathPanels::Rearrange(
    const pb::RearrangeDeathPanelRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathPanel panel, ChangeRecord(store_, tx, request, [&](DeathPanel& record) {
                     return child_death_reviews::Rearrange(record, request);
                   }));
  RETURN_IF_ERROR(store_.SetMembers(tx, panel));
  return ReplyWith<pb::RearrangeDeathPanelResponse>(std::move(panel));
}

absl::StatusOr<pb::HoldDeathPanelResponse> DeathPanels::Hold(
    const pb::HoldDeathPanelRequest& request, Transaction& tx) {
  const Settings::Borough& borough = settings_->Of(tx.call().borough);
  ASSIGN_OR_RETURN(DeathPanel panel, ChangeRecord(store_, tx, request, [&](DeathPanel& record) {
                     return HoldPanel(record, request, borough);
                   }));
  return ReplyWith<pb::HoldDeathPanelResponse>(std::move(panel));
}

absl::StatusOr<pb::CancelDeathPanelResponse> DeathPanels::Cancel(
    const pb::CancelDeathPanelRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(DeathPanel panel, store_.Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const bool cases, cases_.AreOnAgenda(tx, panel.name()));
  RETURN_IF_ERROR(CancelPanel(panel, request, !cases));
  RETURN_IF_ERROR(store_.Update(tx, panel));
  return ReplyWith<pb::CancelDeathPanelResponse>(std::move(panel));
}

void RegisterDeathPanels(ServiceContext& context, const Settings* settings) {
  context.methods()
      .Of("safeguarding.child_death_reviews.v1.DeathPanelsService",
          context.Keep(std::make_unique<DeathPanels>(settings)))
      .Write("PlanDeathPanel", &DeathPanels::Plan)
      .Read("GetDeathPanel", &DeathPanels::Get)
      .Read("ListDeathPanels", &DeathPanels::List)
      .Write("RearrangeDeathPanel", &DeathPanels::Rearrange)
      .Write("HoldDeathPanel", &DeathPanels::Hold)
      .Write("CancelDeathPanel", &DeathPanels::Cancel);
}

}  // namespace lscp::child_death_reviews
