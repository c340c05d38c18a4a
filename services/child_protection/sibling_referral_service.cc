#include "child_protection/sibling_referral_service.h"

#include <memory>
#include <optional>
#include <utility>

#include "child_protection/timescale_rules.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "safeguarding/child_protection/v1/events.pb.h"

namespace lscp::child_protection {
namespace {

using pb::SiblingReferral;

Event DecidedEvent(const SiblingReferral& referral) {
  pb::SiblingReferralDecided decided;
  decided.set_sibling_referral(referral.name());
  decided.set_death_review(referral.death_review());
  decided.set_outcome(referral.outcome());
  *decided.mutable_decide_time() = referral.decide_time();
  return MakeEvent("child_protection.sibling_referral_decided", referral.death_review(), decided);
}

}  // namespace

absl::Status SiblingReferrals::OnReferred(
    const DeliveredEvent& event,
    const safeguarding::child_death_reviews::v1::SiblingsReferred& referred, Transaction& tx) {
  const absl::Time at = event.has_time() ? *ProtoToTime(event.time()) : tx.now();
  ASSIGN_OR_RETURN(SiblingReferral referral, StartSiblingReferral(referred, tx.call().borough, at));
  referral.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(timescales::Start(tx.db(), tx.call().borough,
                                    {ClockOf(RuleOf(referral), referral.name(), at)}));
  return store_.Insert(tx, referral);
}

absl::StatusOr<pb::DecideSiblingReferralResponse> SiblingReferrals::Decide(
    const pb::DecideSiblingReferralRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(SiblingReferral referral, store_.Lock(tx, request.name(), request.etag()));
  std::optional<pb::StrategyDiscussion> discussion;
  if (!request.strategy_discussion().empty()) {
    ASSIGN_OR_RETURN(discussion, discussions_.Lock(tx, request.strategy_discussion(), ""));
  }
  RETURN_IF_ERROR(
      child_protection::Decide(referral, request, discussion ? &*discussion : nullptr, StepOf(tx)));
  RETURN_IF_ERROR(
      timescales::Meet(tx.db(), referral.name(), RuleOf(referral).id, tx.now()).status());
  RETURN_IF_ERROR(store_.Update(tx, referral, DecidedEvent(referral)));
  pb::DecideSiblingReferralResponse response;
  *response.mutable_sibling_referral() = std::move(referral);
  return response;
}

absl::StatusOr<pb::GetSiblingReferralResponse> SiblingReferrals::Get(
    const pb::GetSiblingReferralRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(SiblingReferral referral, store_.Get(reading, request.name()));
  RETURN_IF_ERROR(store_.FindCandidates(reading, referral));
  pb::GetSiblingReferralResponse response;
  *response.mutable_sibling_referral() = std::move(referral);
  return response;
}

absl::StatusOr<pb::ListSiblingReferralsResponse> SiblingReferrals::List(
    const pb::ListSiblingReferralsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListSiblingReferralsResponse response;
  for (SiblingReferral& referral : page.resources) {
    *response.add_sibling_referrals() = std::move(referral);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

void RegisterSiblingReferrals(ServiceContext& context) {
  auto* referrals = context.Keep(std::make_unique<SiblingReferrals>());
  context.methods()
      .Of("safeguarding.child_protection.v1.SiblingReferralsService", referrals)
      .Write("DecideSiblingReferral", &SiblingReferrals::Decide)
      .Read("GetSiblingReferral", &SiblingReferrals::Get)
      .Read("ListSiblingReferrals", &SiblingReferrals::List);
  context.OnEvent<safeguarding::child_death_reviews::v1::SiblingsReferred>(
      "child_death_reviews.siblings_referred",
      [referrals](const DeliveredEvent& event,
                  const safeguarding::child_death_reviews::v1::SiblingsReferred& referred,
                  Transaction& tx) { return referrals->OnReferred(event, referred, tx); });
}

}  // namespace lscp::child_protection
