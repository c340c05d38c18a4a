#include "child_death_reviews/death_review_store.h"

#include <set>

#include "child_death_reviews/particulars.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_death_reviews {
namespace {

using pb::DeathReview;

std::optional<absl::CivilDay> DayOf(const google::protobuf::Timestamp& time) {
  const auto at = ProtoToTime(time);
  return at ? std::optional(LondonDay(*at)) : std::nullopt;
}

// What is counted; the migration says what each column is.
Columns ColumnsOfReview(const DeathReview& review) {
  const pb::Particulars& particulars = review.particulars();
  const pb::ReviewOutcome& outcome = review.outcome();
  return {
      {"state", review.state()},
      {"scope", review.scope()},
      {"death_date", ProtoToDate(particulars.death_date())},
      {"birth_date", ProtoToDate(particulars.birth_date())},
      {"family_key", FamilyKey(particulars)},
      {"coordinator", review.coordinator()},
      {"possible_duplicate", !review.possible_duplicates().empty()},
      {"noticed_at", ProtoToTime(review.first_notice_time())},
      {"notified_on", DayOf(review.first_notice_time())},
      {"reviewed_on", ProtoToDate(outcome.review_date())},
      {"completed_on", review.has_complete_time() ? DayOf(review.complete_time()) : std::nullopt},
      {"category", outcome.category()},
      {"modifiability", outcome.modifiability()},
      {"panel_theme", outcome.theme()},
      {"delay_reason", review.delays().empty() ? 0 : review.delays().rbegin()->reason()},
      {"completion_due_on", ProtoToDate(review.completion_due_date())},
      {"sex", particulars.sex()},
      {"ethnicity", particulars.ethnicity()},
      {"death_place_kind", particulars.death_place_kind()},
      {"expectedness", particulars.expectedness()},
  };
}

// Who has which key, in the order of `keys`; absent keys are left out. Locks them.
absl::StatusOr<std::vector<std::string>> HoldersOf(Transaction& tx, const std::string& borough,
                                                   const std::vector<std::string>& keys) {
  std::vector<std::string> holders;
  for (const std::string& key : keys) {
    ASSIGN_OR_RETURN(const db::Rows rows,
                     tx.db().Query("SELECT death_review FROM death_review_keys"
                                   " WHERE borough = ? AND search_key = ? FOR UPDATE",
                                   {borough, key}));
    if (!rows.empty()) holders.push_back(rows[0].Text(0));
  }
  return holders;
}

}  // namespace

DeathReviewStore::DeathReviewStore()
    : ResourceStore("deathReviews", "death_reviews", ColumnsOfReview) {}

absl::StatusOr<std::optional<DeathReview>> DeathReviewStore::LockOf(
    Transaction& tx, const pb::Particulars& particulars) const {
  const std::string& borough = tx.call().borough;
  ASSIGN_OR_RETURN(const auto holders, HoldersOf(tx, borough, KeysOf(particulars)));
  for (const std::string& id : holders) {
    const ResourceName name{borough, "deathReviews", id};
    ASSIGN_OR_RETURN(DeathReview review, Lock(tx, name.ToString(), ""));
    if (!AreTwo(review.particulars(), particulars)) return review;
  }
  return std::nullopt;
}

absl::StatusOr<std::vector<std::string>> DeathReviewStore::Alike(Transaction& tx,
                                                                 const DeathReview& review) const {
  const ResourceName name = *ResourceName::Parse(review.name());
  const pb::Particulars& particulars = review.particulars();
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.db().Query(
          "SELECT id FROM death_reviews WHERE borough = ? AND death_date = ?"
          " AND id <> ? AND state <> ? AND (birth_date = ? OR family_key = ?)"
          " ORDER BY id",
          {name.borough, ProtoToDate(particulars.death_date()), name.id, DeathReview::STATE_MERGED,
           ProtoToDate(particulars.birth_date()), FamilyKey(particulars)}));
  ASSIGN_OR_RETURN(const auto holders, HoldersOf(tx, name.borough, KeysOf(particulars)));
  std::set<std::string> ids(holders.begin(), holders.end());
  for (const db::Row& row : rows) ids.insert(row.Text(0));
  ids.erase(name.id);
  std::vector<std::string> names;
  for (const std::string& id : ids) {
    names.push_back(ResourceName{name.borough, "deathReviews", id}.ToString());
  }
  return names;
}

absl::Status DeathReviewStore::SetKeys(Transaction& tx, const DeathReview& review) const {
  const ResourceName name = *ResourceName::Parse(review.name());
  RETURN_IF_ERROR(tx.db()
                      .Execute("DELETE FROM death_review_keys WHERE borough = "
                               "? AND death_review = ?",
                               {name.borough, name.id})
                      .status());
  for (const std::string& key : KeysOf(review.particulars())) {
    ASSIGN_OR_RETURN(const auto holders, HoldersOf(tx, name.borough, {key}));
    if (!holders.empty()) continue;
    const absl::Status inserted = tx.db()
                                      .Execute(
                                          "INSERT INTO death_review_keys (borough, search_key, "
                                          "death_review) VALUES (?, ?, ?)",
                                          {name.borough, key, name.id})
                                      .status();
    if (absl::IsAlreadyExists(inserted)) {
      return absl::AbortedError("the same death was notified at the same time");
    }
    RETURN_IF_ERROR(inserted);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> DeathReviewStore::HasRival(Transaction& tx, const DeathReview& review) const {
  const ResourceName name = *ResourceName::Parse(review.name());
  ASSIGN_OR_RETURN(const auto holders, HoldersOf(tx, name.borough, KeysOf(review.particulars())));
  for (const std::string& id : holders) {
    if (id == name.id) continue;
    ASSIGN_OR_RETURN(const DeathReview other,
                     Lock(tx, ResourceName{name.borough, "deathReviews", id}.ToString(), ""));
    if (!AreTwo(other.particulars(), review.particulars())) return true;
  }
  return false;
}

absl::Status DeathReviewStore::MoveKeys(Transaction& tx, const DeathReview& duplicate) const {
  const ResourceName name = *ResourceName::Parse(duplicate.name());
  return tx.db()
      .Execute(
          "UPDATE death_review_keys SET death_review = ? WHERE borough = "
          "? AND death_review = ?",
          {ResourceName::Parse(duplicate.merged_into())->id, name.borough, name.id})
      .status();
}

absl::StatusOr<DeathReviewStore::Page> DeathReviewStore::Find(
    Reading& reading, const pb::ListDeathReviewsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (request.has_died_from()) where.Add("death_date >= ?", {ProtoToDate(request.died_from())});
  if (request.has_died_before()) where.Add("death_date < ?", {ProtoToDate(request.died_before())});
  if (request.has_noticed_from()) {
    where.Add("noticed_at >= ?", {ProtoToTime(request.noticed_from())});
  }
  if (request.has_noticed_before()) {
    where.Add("noticed_at < ?", {ProtoToTime(request.noticed_before())});
  }
  if (!request.coordinator().empty()) where.Add("coordinator = ?", {request.coordinator()});
  if (request.possible_duplicate()) where.Add("possible_duplicate");
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "death_date",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_death_reviews
