#include "referrals/referral_service.h"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "common/validate/resource_name.h"
#include "referrals/assessment.h"
#include "referrals/referral.h"

namespace lscp::referrals {
namespace {

using pb::Referral;

Step StepOf(const Transaction& tx) { return {tx.caller().person, tx.now()}; }

template <typename Response>
Response ReplyWith(Referral referral) {
  Response response;
  *response.mutable_referral() = std::move(referral);
  return response;
}

struct ChangeByMethod {
  const char* method;
  pb::ReferralChange change;
};
constexpr ChangeByMethod kChanges[] = {
    {"/DecideContact", pb::REFERRAL_CHANGE_RECEIVED},
    {"/DecideReferral", pb::REFERRAL_CHANGE_DECIDED},
    {"/AllocateReferral", pb::REFERRAL_CHANGE_ALLOCATED},
    {"/CloseReferral", pb::REFERRAL_CHANGE_CLOSED},
    {"/ReopenReferral", pb::REFERRAL_CHANGE_REOPENED},
};

pb::ReferralChange ChangeOf(const FeedEntry& entry) {
  for (const ChangeByMethod& row : kChanges) {
    if (absl::EndsWith(entry.method, row.method)) return row.change;
  }
  return pb::REFERRAL_CHANGE_UNSPECIFIED;
}

std::optional<rpc::WatchReply> ReplyOf(const Call& call, const std::set<int>& changes,
                                       const FeedEntry& entry) {
  if (!MayName(call, "referrals", entry.resource)) return std::nullopt;
  const pb::ReferralChange change = ChangeOf(entry);
  if (!changes.empty() && !changes.contains(change)) return std::nullopt;
  Referral referral;  // stays empty when the payload's retention has ended
  if (!referral.ParseFromString(entry.payload)) return std::nullopt;
  auto reply = std::make_unique<pb::WatchReferralsResponse>();
  pb::ReferralEvent& event = *reply->add_events();
  event.set_referral(entry.resource);
  event.set_revision(entry.revision);
  *event.mutable_time() = TimeToProto(entry.at);
  event.set_change(change);
  event.set_state(referral.state());
  return rpc::WatchReply{std::move(reply), {}};
}

}  // namespace

absl::Status ExpectAssessment(Transaction& tx, const Referral& referral) {
  return timescales::Start(tx.db(), BoroughOf(referral.name()),
                           {{referral.name(), kAssessmentComplete.id, tx.now(),
                             AssessmentDue(referral), referral.team(), referral.worker()}});
}

absl::StatusOr<pb::GetReferralResponse> Referrals::Get(const pb::GetReferralRequest& request,
                                                       Reading& reading) {
  ASSIGN_OR_RETURN(Referral referral, parts_.referrals->Get(reading, request.name()));
  return ReplyWith<pb::GetReferralResponse>(std::move(referral));
}

absl::StatusOr<pb::ListReferralsResponse> Referrals::List(const pb::ListReferralsRequest& request,
                                                          Reading& reading) {
  ASSIGN_OR_RETURN(auto page, parts_.referrals->Find(reading, request));
  pb::ListReferralsResponse response;
  response.mutable_referrals()->Add(std::make_move_iterator(page.resources.begin()),
                                    std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::DecideReferralResponse> Referrals::Decide(
    const pb::DecideReferralRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Referral referral, parts_.referrals->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(referrals::Decide(referral, request, StepOf(tx)));
  RETURN_IF_ERROR(
      timescales::Meet(tx.db(), referral.name(), kReferralDecision.id, tx.now()).status());
  if (request.decision() == pb::REFERRAL_DECISION_STRATEGY_DISCUSSION) {
    ASSIGN_OR_RETURN(Event event, parts_.strategy->Request(tx, referral, ""));
    RETURN_IF_ERROR(parts_.referrals->Update(tx, referral, std::move(event)));
    return ReplyWith<pb::DecideReferralResponse>(std::move(referral));
  }
  if (request.decision() == pb::REFERRAL_DECISION_ASSESSMENT) {
    RETURN_IF_ERROR(ExpectAssessment(tx, referral));
  }
  RETURN_IF_ERROR(parts_.referrals->Update(
      tx, referral,
      MakeEvent("referrals.referral_decided", referral.child(), DecidedOf(referral))));
  return ReplyWith<pb::DecideReferralResponse>(std::move(referral));
}

absl::StatusOr<pb::AllocateReferralResponse> Referrals::Allocate(
    const pb::AllocateReferralRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Referral referral, parts_.referrals->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(
      referrals::Allocate(referral, request, StepOf(tx), parts_.settings->Of(tx.call().borough)));
  RETURN_IF_ERROR(
      timescales::Reassign(tx.db(), referral.name(), referral.team(), referral.worker()).status());
  RETURN_IF_ERROR(AllocateAssessments(tx, referral));
  RETURN_IF_ERROR(parts_.referrals->Update(tx, referral));
  return ReplyWith<pb::AllocateReferralResponse>(std::move(referral));
}

absl::Status Referrals::AllocateAssessments(Transaction& tx, const Referral& referral) const {
  ASSIGN_OR_RETURN(const auto assessments, parts_.assessments->OfReferral(tx, referral.name()));
  for (const pb::Assessment& found : assessments) {
    if (found.state() != pb::Assessment::STATE_IN_PROGRESS) continue;
    ASSIGN_OR_RETURN(pb::Assessment assessment, parts_.assessments->Lock(tx, found.name(), ""));
    if (assessment.state() != pb::Assessment::STATE_IN_PROGRESS) continue;
    assessment.set_team(referral.team());
    assessment.set_worker(referral.worker());
    RETURN_IF_ERROR(
        timescales::Reassign(tx.db(), assessment.name(), assessment.team(), assessment.worker())
            .status());
    RETURN_IF_ERROR(parts_.assessments->Update(tx, assessment));
  }
  return absl::OkStatus();
}

absl::StatusOr<pb::CloseReferralResponse> Referrals::Close(const pb::CloseReferralRequest& request,
                                                           Transaction& tx) {
  ASSIGN_OR_RETURN(Referral referral, parts_.referrals->Lock(tx, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const auto assessments, parts_.assessments->OfReferral(tx, referral.name()));
  RETURN_IF_ERROR(referrals::Close(referral, request, StepOf(tx), assessments));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), referral.name(), tx.now()).status());
  RETURN_IF_ERROR(parts_.referrals->Update(tx, referral));
  return ReplyWith<pb::CloseReferralResponse>(std::move(referral));
}

absl::StatusOr<pb::ReopenReferralResponse> Referrals::Reopen(
    const pb::ReopenReferralRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Referral referral, parts_.referrals->Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(referrals::Reopen(referral, request, StepOf(tx)));
  if (referral.state() == Referral::STATE_RECEIVED) {
    RETURN_IF_ERROR(timescales::Start(
        tx.db(), BoroughOf(referral.name()),
        {{referral.name(), kReferralDecision.id, tx.now(),
          *ProtoToTime(referral.decision_due_time()), referral.team(), referral.worker()}}));
  }
  RETURN_IF_ERROR(parts_.referrals->Update(tx, referral));
  return ReplyWith<pb::ReopenReferralResponse>(std::move(referral));
}

absl::StatusOr<rpc::WatchFilter> Referrals::Watch(const pb::WatchReferralsRequest& request,
                                                  const Call& call) {
  const std::set<int> changes(request.changes().begin(), request.changes().end());
  return [call, changes](const FeedEntry& entry) { return ReplyOf(call, changes, entry); };
}

}  // namespace lscp::referrals
