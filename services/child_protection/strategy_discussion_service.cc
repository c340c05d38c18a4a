#include "child_protection/strategy_discussion_service.h"

#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "child_protection/enquiry_service.h"
#include "child_protection/timescale_rules.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "safeguarding/child_protection/v1/events.pb.h"

namespace lscp::child_protection {
namespace {

using pb::StrategyDiscussion;

template <typename Response>
Response ReplyWith(StrategyDiscussion discussion) {
  Response response;
  *response.mutable_strategy_discussion() = std::move(discussion);
  return response;
}

Event OpenedEvent(const StrategyDiscussion& discussion) {
  pb::StrategyDiscussionOpened opened;
  opened.set_strategy_discussion(discussion.name());
  *opened.mutable_children() = discussion.children();
  opened.set_requester(discussion.requester());
  opened.set_urgent(discussion.urgent());
  *opened.mutable_due_time() = discussion.due_time();
  opened.set_referral(discussion.referral());
  return MakeEvent("child_protection.strategy_discussion_opened", discussion.name(), opened);
}

Event DecidedEvent(const StrategyDiscussion& discussion) {
  pb::StrategyDiscussionDecided decided;
  decided.set_strategy_discussion(discussion.name());
  *decided.mutable_decisions() = discussion.decisions();
  *decided.mutable_hold_time() = discussion.hold_time();
  *decided.mutable_decide_time() = discussion.decide_time();
  decided.set_referral(discussion.referral());
  return MakeEvent("child_protection.strategy_discussion_decided", discussion.name(), decided);
}

}  // namespace

absl::Status StrategyDiscussions::Start(Transaction& tx, StrategyDiscussion& discussion) {
  discussion.set_name(store_.NewName(tx.call().borough, tx.now()));
  const TimescaleRule rule = RuleOf(discussion, parts_.settings->Of(tx.call().borough));
  RETURN_IF_ERROR(
      timescales::Start(tx.db(), tx.call().borough,
                        {ClockOf(rule, discussion.name(), *ProtoToTime(discussion.request_time()),
                                 discussion.team())}));
  return store_.Insert(tx, discussion, OpenedEvent(discussion));
}

absl::StatusOr<pb::OpenStrategyDiscussionResponse> StrategyDiscussions::Open(
    const pb::OpenStrategyDiscussionRequest& request, Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->Check(tx.db(), tx.call(), request.children()));
  ASSIGN_OR_RETURN(StrategyDiscussion discussion,
                   OpenDiscussion(request, StepOf(tx), parts_.settings->Of(tx.call().borough)));
  RETURN_IF_ERROR(Start(tx, discussion));
  return ReplyWith<pb::OpenStrategyDiscussionResponse>(std::move(discussion));
}

absl::Status StrategyDiscussions::OnRequested(
    const safeguarding::referrals::v1::StrategyDiscussionRequested& request, Transaction& tx) {
  StrategyDiscussion discussion = OpenDiscussion(request, parts_.settings->Of(tx.call().borough));
  return Start(tx, discussion);
}

absl::StatusOr<pb::GetStrategyDiscussionResponse> StrategyDiscussions::Get(
    const pb::GetStrategyDiscussionRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(StrategyDiscussion discussion, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetStrategyDiscussionResponse>(std::move(discussion));
}

absl::StatusOr<pb::ListStrategyDiscussionsResponse> StrategyDiscussions::List(
    const pb::ListStrategyDiscussionsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListStrategyDiscussionsResponse response;
  response.mutable_strategy_discussions()->Add(std::make_move_iterator(page.resources.begin()),
                                               std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::AddChildrenResponse> StrategyDiscussions::AddChildren(
    const pb::AddChildrenRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(StrategyDiscussion discussion, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(parts_.children->Check(tx.db(), tx.call(), request.children()));
  RETURN_IF_ERROR(child_protection::AddChildren(discussion, request));
  RETURN_IF_ERROR(store_.Update(tx, discussion));
  return ReplyWith<pb::AddChildrenResponse>(std::move(discussion));
}

absl::StatusOr<pb::InviteAgenciesResponse> StrategyDiscussions::Invite(
    const pb::InviteAgenciesRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(StrategyDiscussion discussion, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Invite(discussion, request));
  RETURN_IF_ERROR(store_.Update(tx, discussion));
  return ReplyWith<pb::InviteAgenciesResponse>(std::move(discussion));
}

absl::StatusOr<pb::HoldStrategyDiscussionResponse> StrategyDiscussions::Hold(
    const pb::HoldStrategyDiscussionRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(StrategyDiscussion discussion, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Hold(discussion, request, StepOf(tx)));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), discussion.name(),
                                   RuleOf(discussion, parts_.settings->Of(tx.call().borough)).id,
                                   *ProtoToTime(discussion.hold_time()))
                      .status());
  RETURN_IF_ERROR(store_.UpdateCounted(tx, discussion));
  return ReplyWith<pb::HoldStrategyDiscussionResponse>(std::move(discussion));
}

absl::StatusOr<pb::DecideStrategyDiscussionResponse> StrategyDiscussions::Decide(
    const pb::DecideStrategyDiscussionRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(StrategyDiscussion discussion, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Decide(discussion, request, StepOf(tx)));
  for (pb::StrategyDecision& decision : *discussion.mutable_decisions()) {
    if (!LeadsToEnquiry(decision.outcome())) continue;
    const bool joint = decision.outcome() == pb::STRATEGY_OUTCOME_SECTION_47_JOINT;
    ASSIGN_OR_RETURN(*decision.mutable_enquiry(),
                     StartOrGoOn(tx, enquiries_, discussion, decision.child(), joint));
  }
  RETURN_IF_ERROR(store_.UpdateCounted(tx, discussion, DecidedEvent(discussion)));
  return ReplyWith<pb::DecideStrategyDiscussionResponse>(std::move(discussion));
}

absl::StatusOr<pb::CancelStrategyDiscussionResponse> StrategyDiscussions::Cancel(
    const pb::CancelStrategyDiscussionRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(StrategyDiscussion discussion, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Cancel(discussion, request));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), discussion.name(), tx.now()).status());
  RETURN_IF_ERROR(store_.Update(tx, discussion));
  return ReplyWith<pb::CancelStrategyDiscussionResponse>(std::move(discussion));
}

void RegisterStrategyDiscussions(ServiceContext& context, const Parts& parts) {
  auto* discussions = context.Keep(std::make_unique<StrategyDiscussions>(parts));
  context.methods()
      .Of("safeguarding.child_protection.v1.StrategyDiscussionsService", discussions)
      .Write("OpenStrategyDiscussion", &StrategyDiscussions::Open)
      .Read("GetStrategyDiscussion", &StrategyDiscussions::Get)
      .Read("ListStrategyDiscussions", &StrategyDiscussions::List)
      .Write("AddChildren", &StrategyDiscussions::AddChildren)
      .Write("InviteAgencies", &StrategyDiscussions::Invite)
      .Write("HoldStrategyDiscussion", &StrategyDiscussions::Hold)
      .Write("DecideStrategyDiscussion", &StrategyDiscussions::Decide)
      .Write("CancelStrategyDiscussion", &StrategyDiscussions::Cancel);
  context.OnEvent<safeguarding::referrals::v1::StrategyDiscussionRequested>(
      "referrals.strategy_discussion_requested",
      [discussions](const DeliveredEvent&,
                    const safeguarding::referrals::v1::StrategyDiscussionRequested& request,
                    Transaction& tx) { return discussions->OnRequested(request, tx); });
}

}  // namespace lscp::child_protection
