#include "child_protection/sibling_referral_store.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/child_keys.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using pb::SiblingReferral;

std::string IdOf(std::string_view name) {
  const auto parsed = ResourceName::Parse(name);
  return parsed ? parsed->id : "";
}

Columns ColumnsOf(const SiblingReferral& referral) {
  return {
      {"state", referral.state()},
      {"urgent", referral.urgent()},
      {"death_review", IdOf(referral.death_review())},
      {"child", IdOf(referral.child())},
      {"outcome", referral.outcome()},
      {"due_at", ProtoToTime(referral.due_time())},
      {"decided_at",
       referral.has_decide_time() ? ProtoToTime(referral.decide_time()) : std::nullopt},
  };
}

// As an agency would ask for the child; none when too little is known.
std::vector<std::string> KeysOfSibling(const pb::ReferredSibling& sibling) {
  pb::CheckChildRequest asked;
  asked.set_family_name(sibling.family_name());
  asked.set_given_name(sibling.given_name());
  if (sibling.has_birth_date()) *asked.mutable_birth_date() = sibling.birth_date();
  return KeysOf(asked);
}

}  // namespace

SiblingReferralStore::SiblingReferralStore()
    : CaseStore("siblingReferrals", "sibling_referrals", ColumnsOf) {}

absl::Status SiblingReferralStore::FindCandidates(Reading& reading,
                                                  SiblingReferral& referral) const {
  const std::string borough(BoroughOf(referral.name()));
  db::Args args = {borough};
  for (const pb::ReferredSibling& sibling : referral.siblings()) {
    for (const std::string& key : KeysOfSibling(sibling)) args.emplace_back(key);
  }
  const size_t keys = args.size() - 1;
  if (keys == 0) return absl::OkStatus();
  args.emplace_back(reading.caller().person);
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      reading.db().Query(
          absl::StrCat("SELECT DISTINCT k.search_key, c.survivor FROM child_keys k "
                       "JOIN children c ON c.borough = k.borough AND c.id = k.child "
                       "WHERE k.borough = ? AND k.search_key IN (",
                       db::Placeholders(keys), ") AND ",
                       domain::ChildIsVisible("k.borough", "k.child"), " ORDER BY c.survivor"),
          args));
  std::map<std::string, std::vector<std::string>> children_by_key;
  for (const db::Row& row : rows) {
    children_by_key[row.Text(0)].push_back(
        ResourceName{borough, "children", row.Text(1)}.ToString());
  }
  for (pb::ReferredSibling& sibling : *referral.mutable_siblings()) {
    for (const std::string& key : KeysOfSibling(sibling)) {
      for (const std::string& child : children_by_key[key]) {
        sibling.add_candidates(child);
        reading.Disclose(child);
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<SiblingReferralStore::Page> SiblingReferralStore::Find(
    Reading& reading, const pb::ListSiblingReferralsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.death_review().empty()) {
    where.Add("borough = ? AND death_review = ?",
              {BoroughOf(request.death_review()), IdOf(request.death_review())});
  }
  if (request.overdue()) {
    where.Add("state = ? AND due_at < ?", {SiblingReferral::STATE_OPEN, reading.now()});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "due_at",
               .descending = false,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
