#include "child_protection/nrm_referral_service.h"

#include <iterator>
#include <memory>
#include <utility>

#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/days.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {
namespace {

using pb::NrmReferral;

template <typename Response>
Response ReplyWith(NrmReferral referral) {
  Response response;
  *response.mutable_nrm_referral() = std::move(referral);
  return response;
}

}  // namespace

absl::Status NrmReferrals::ExpectReasonable(Transaction& tx, const NrmReferral& referral,
                                            absl::Time from) {
  return timescales::Start(tx.db(), tx.call().borough,
                           {{referral.name(), kNrmReasonableGrounds, from,
                             EndOfDay(*ProtoToDate(referral.reasonable_due_date()))}});
}

absl::StatusOr<pb::ReferToNrmResponse> NrmReferrals::Refer(const pb::ReferToNrmRequest& request,
                                                           Transaction& tx) {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), request.child()));
  NrmReferral referral = child_protection::Refer(request, StepOf(tx), Borough(tx));
  referral.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(store_.Insert(tx, referral));
  RETURN_IF_ERROR(
      ExpectReasonable(tx, referral, InstantOn(*ProtoToDate(referral.refer_date()), tx.now())));
  return ReplyWith<pb::ReferToNrmResponse>(std::move(referral));
}

absl::StatusOr<pb::GetNrmReferralResponse> NrmReferrals::Get(
    const pb::GetNrmReferralRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(NrmReferral referral, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetNrmReferralResponse>(std::move(referral));
}

absl::StatusOr<pb::ListNrmReferralsResponse> NrmReferrals::List(
    const pb::ListNrmReferralsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListNrmReferralsResponse response;
  for (NrmReferral& referral : page.resources) {
    referral.clear_grounds();
    for (pb::NrmEntry& entry : *referral.mutable_entries()) entry.clear_note();
    *response.add_nrm_referrals() = std::move(referral);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::RecordReasonableGroundsResponse> NrmReferrals::DecideReasonable(
    const pb::RecordReasonableGroundsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(NrmReferral referral, ChangeRecord(store_, tx, request, [&](NrmReferral& r) {
                     return child_protection::DecideReasonable(r, request, StepOf(tx));
                   }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), referral.name(), kNrmReasonableGrounds,
                                   InstantOn(*ProtoToDate(request.decision_date()), tx.now()))
                      .status());
  return ReplyWith<pb::RecordReasonableGroundsResponse>(std::move(referral));
}

absl::StatusOr<pb::RecordConclusiveGroundsResponse> NrmReferrals::DecideConclusive(
    const pb::RecordConclusiveGroundsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(NrmReferral referral, ChangeRecord(store_, tx, request, [&](NrmReferral& r) {
                     return child_protection::DecideConclusive(r, request, StepOf(tx));
                   }));
  return ReplyWith<pb::RecordConclusiveGroundsResponse>(std::move(referral));
}

absl::StatusOr<pb::ReconsiderNrmDecisionResponse> NrmReferrals::Reconsider(
    const pb::ReconsiderNrmDecisionRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(NrmReferral referral, ChangeRecord(store_, tx, request, [&](NrmReferral& r) {
                     return child_protection::Reconsider(r, request, StepOf(tx), Borough(tx));
                   }));
  if (referral.has_reasonable_due_date()) {
    RETURN_IF_ERROR(ExpectReasonable(tx, referral, tx.now()));
  }
  return ReplyWith<pb::ReconsiderNrmDecisionResponse>(std::move(referral));
}

void RegisterNrmReferrals(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.NrmReferralsService",
          context.Keep(std::make_unique<NrmReferrals>(parts)))
      .Write("ReferToNrm", &NrmReferrals::Refer)
      .Read("GetNrmReferral", &NrmReferrals::Get)
      .Read("ListNrmReferrals", &NrmReferrals::List)
      .Write("RecordReasonableGrounds", &NrmReferrals::DecideReasonable)
      .Write("RecordConclusiveGrounds", &NrmReferrals::DecideConclusive)
      .Write("ReconsiderNrmDecision", &NrmReferrals::Reconsider);
}

}  // namespace lscp::child_protection
