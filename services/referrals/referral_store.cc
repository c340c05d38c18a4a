#include "referrals/referral_store.h"

#include <string>

#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "common/validate/resource_name.h"

namespace lscp::referrals {
namespace {

using pb::Referral;

std::string IdOf(std::string_view name) { return ResourceName::Parse(name)->id; }

Columns ColumnsOf(const Referral& referral) {
  return {
      {"state", referral.state()},
      {"child", IdOf(referral.child())},
      {"contact", IdOf(referral.contact())},
      {"source", referral.source()},
      {"source_group", referral.source_group()},
      {"primary_need", referral.primary_need()},
      {"re_referral", referral.re_referral()},
      {"team", referral.team()},
      {"worker", referral.worker()},
      {"received_at", ProtoToTime(referral.receive_time())},
      {"decision_due_at", ProtoToTime(referral.decision_due_time())},
      {"decision", referral.decision()},
      {"decided_at",
       referral.has_decide_time() ? ProtoToTime(referral.decide_time()) : std::nullopt},
      {"closed_on", referral.has_close_date() ? ProtoToDate(referral.close_date()) : std::nullopt},
      {"closure_reason", referral.closure_reason()},
  };
}

}  // namespace

ReferralStore::ReferralStore() : CaseStore("referrals", ColumnsOf) {}

absl::StatusOr<ReferralStore::Page> ReferralStore::Find(
    Reading& reading, const pb::ListReferralsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.contact().empty()) {
    where.Add("borough = ? AND contact = ?",
              {BoroughOf(request.contact()), IdOf(request.contact())});
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (!request.worker().empty()) where.Add("worker = ?", {request.worker()});
  if (request.unallocated()) where.Add("worker = ''");
  if (request.re_referral()) where.Add("re_referral");
  if (request.overdue()) {
    where.Add("state = ? AND decision_due_at < ?", {Referral::STATE_RECEIVED, reading.now()});
  }
  if (request.has_received_from()) {
    where.Add("received_at >= ?", {ProtoToTime(request.received_from())});
  }
  if (request.has_received_before()) {
    where.Add("received_at < ?", {ProtoToTime(request.received_before())});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "received_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

absl::StatusOr<std::optional<PreviousReferral>> ReferralStore::Previous(db::Connection& db,
                                                                        std::string_view child,
                                                                        absl::Time received) const {
  const ResourceName name = *ResourceName::Parse(child);
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db.Query("SELECT r.id, r.received_at FROM children own"
               " JOIN children c ON c.borough = own.borough AND c.survivor = own.survivor"
               " JOIN referrals r ON r.borough = c.borough AND r.child = c.id"
               " WHERE own.borough = ? AND own.id = ? AND r.received_at < ?"
               " ORDER BY r.received_at DESC, r.id DESC LIMIT 1",
               {name.borough, name.id, received}));
  if (rows.empty()) return std::nullopt;
  return PreviousReferral{ResourceName{name.borough, "referrals", rows[0].Text(0)}.ToString(),
                          rows[0].Time(1)};
}

absl::StatusOr<Referral> OpenReferral(Transaction& tx, const ReferralFacts& facts) {
  const ReferralStore store;
  const absl::Time received = *ProtoToTime(facts.contact->receive_time());
  ASSIGN_OR_RETURN(const auto previous, store.Previous(tx.db(), facts.child, received));
  Referral referral = ReceiveReferral(facts, previous, tx.now());
  const std::string borough = BoroughOf(facts.child);
  referral.set_name(store.NewName(borough, tx.now()));
  RETURN_IF_ERROR(store.Insert(tx, referral));
  RETURN_IF_ERROR(timescales::Start(
      tx.db(), borough,
      {{referral.name(), kReferralDecision.id, received, DecisionDue(received), facts.team}}));
  return referral;
}

}  // namespace lscp::referrals
