#include "referrals/strategy_discussion.h"

#include <set>
#include <string>

#include "common/status/macros.h"
#include "common/time/convert.h"
#include "safeguarding/referrals/v1/events.pb.h"

namespace lscp::referrals {

absl::StatusOr<Event> StrategyDiscussions::Request(Transaction& tx, const pb::Referral& referral,
                                                   std::string_view assessment) const {
  ASSIGN_OR_RETURN(const pb::Contact contact, contacts_->Read(tx, referral.contact()));
  ASSIGN_OR_RETURN(const auto checks, checks_->Of(tx.db(), referral.contact()));
  std::set<std::string> agencies;
  if (!contact.source_agency().empty()) agencies.insert(contact.source_agency());
  for (const pb::AgencyCheck& check : checks) {
    if (check.state() == pb::AgencyCheck::STATE_ANSWERED) agencies.insert(check.agency());
  }
  pb::StrategyDiscussionRequested request;
  request.set_child(referral.child());
  request.set_referral(referral.name());
  request.set_contact(referral.contact());
  request.set_assessment(std::string(assessment));
  *request.mutable_request_time() = TimeToProto(tx.now());
  request.set_requested_by(tx.caller().person);
  request.set_team(referral.team());
  request.set_immediate_danger(contact.immediate_danger());
  request.mutable_agencies()->Assign(agencies.begin(), agencies.end());
  return MakeEvent("referrals.strategy_discussion_requested", referral.child(), request);
}

}  // namespace lscp::referrals
