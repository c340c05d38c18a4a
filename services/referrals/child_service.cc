#include "referrals/child_service.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/paging/page_token.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/validate/field_mask.h"
#include "common/validate/resource_name.h"
#include "referrals/child.h"
#include "referrals/matching.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

absl::Status CheckRecord(const pb::Child& child) {
  const std::vector<FieldViolation> faults = FaultsOf(child, "child");
  return faults.empty() ? absl::OkStatus() : InvalidFields(faults);
}

// The event of a record that is about to be stored as the revision after `etag`.
Event ChangedEvent(const pb::Child& child) {
  return MakeEvent("referrals.child_changed", child.name(),
                   ChangeOf(child, RevisionOf(child.etag()) + 1));
}

template <typename Content>
Event MergeEvent(const char* type, const pb::Child& survivor, const pb::Child& duplicate) {
  Content content;
  content.set_child(survivor.name());
  content.set_duplicate(duplicate.name());
  return MakeEvent(type, survivor.name(), content);
}

// Both records of a merge, survivor first, locked in an order that doesn't depend on which is
// which.
template <typename Request>
absl::StatusOr<std::pair<pb::Child, pb::Child>> LockBoth(const ChildStore& store, Transaction& tx,
                                                         const Request& request) {
  if (request.name() == request.duplicate()) {
    return InvalidField("duplicate", "must be another child than name");
  }
  std::pair<pb::Child, pb::Child> both;
  const auto lock_survivor = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(both.first, store.Lock(tx, request.name(), request.etag()));
    return absl::OkStatus();
  };
  const auto lock_duplicate = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(both.second, store.Lock(tx, request.duplicate(), request.duplicate_etag()));
    return absl::OkStatus();
  };
  if (request.name() < request.duplicate()) {
    RETURN_IF_ERROR(lock_survivor());
    RETURN_IF_ERROR(lock_duplicate());
  } else {
    RETURN_IF_ERROR(lock_duplicate());
    RETURN_IF_ERROR(lock_survivor());
  }
  return both;
}

// The children worth a look, the likeliest first, each once: what is known under a merged record
// speaks for the survivor.
std::vector<pb::ChildCandidate> Scored(const pb::FindChildrenRequest& request,
                                       std::vector<ChildStore::Candidate> gathered) {
  std::map<std::string, pb::ChildCandidate> by_name;
  for (ChildStore::Candidate& candidate : gathered) {
    Match match = MatchOf(request, candidate.record);
    pb::ChildCandidate& best = by_name[candidate.survivor.name()];
    if (match.score < kLeastScore || match.score <= best.score()) continue;
    best.set_score(match.score);
    best.mutable_reasons()->Assign(match.reasons.begin(), match.reasons.end());
    *best.mutable_child() = std::move(candidate.survivor);
  }
  std::vector<pb::ChildCandidate> scored;
  for (auto& [name, candidate] : by_name) {
    if (candidate.score() > 0) scored.push_back(std::move(candidate));
  }
  std::stable_sort(scored.begin(), scored.end(),
                   [](const auto& a, const auto& b) { return a.score() > b.score(); });
  return scored;
}

// The candidate stands after the last one of the page before: its score and name.
bool IsAfter(const pb::ChildCandidate& candidate, const std::vector<std::string>& last) {
  if (last.empty()) return true;
  int score = 0;
  std::from_chars(last[0].data(), last[0].data() + last[0].size(), score);
  return candidate.score() < score ||
         (candidate.score() == score && candidate.child().name() > last[1]);
}

}  // namespace

absl::StatusOr<pb::CreateChildResponse> Children::Create(const pb::CreateChildRequest& request,
                                                         Transaction& tx) {
  pb::Child child = request.child();
  ClearOutputOnly(&child);
  RETURN_IF_ERROR(CheckRecord(child));
  child.set_name(store_->NewName(tx.call().borough, tx.now()));
  child.set_state(pb::Child::STATE_ACTIVE);
  RETURN_IF_ERROR(store_->Insert(tx, child, ChangedEvent(child)));
  pb::CreateChildResponse response;
  *response.mutable_child() = std::move(child);
  return response;
}

absl::StatusOr<pb::GetChildResponse> Children::Get(const pb::GetChildRequest& request,
                                                   Reading& reading) {
  pb::GetChildResponse response;
  ASSIGN_OR_RETURN(*response.mutable_child(), store_->Get(reading, request.name()));
  return response;
}

absl::StatusOr<pb::UpdateChildResponse> Children::Update(const pb::UpdateChildRequest& request,
                                                         Transaction& tx) {
  pb::UpdateChildResponse response;
  pb::Child& child = *response.mutable_child();
  ASSIGN_OR_RETURN(child, store_->Lock(tx, request.child().name(), request.etag()));
  RETURN_IF_ERROR(CheckUpdate(child));
  RETURN_IF_ERROR(ApplyUpdate(request.child(), request.update_mask(), &child));
  RETURN_IF_ERROR(CheckRecord(child));
  RETURN_IF_ERROR(store_->Update(tx, child, ChangedEvent(child)));
  return response;
}

absl::StatusOr<pb::ListChildrenResponse> Children::List(const pb::ListChildrenRequest& request,
                                                        Reading& reading) {
  ASSIGN_OR_RETURN(ChildStore::Page page, store_->List(reading, request));
  pb::ListChildrenResponse response;
  response.mutable_children()->Assign(page.resources.begin(), page.resources.end());
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<pb::FindChildrenResponse> Children::Find(const pb::FindChildrenRequest& request,
                                                        Reading& reading) {
  RETURN_IF_ERROR(CheckDescription(request));
  const uint64_t query = QueryHash(request);
  ASSIGN_OR_RETURN(const std::vector<std::string> last,
                   DecodePageToken(request.page_token(), query, 2));
  ASSIGN_OR_RETURN(auto gathered,
                   store_->Gather(reading.db(), reading.call(), SearchKeysFor(request)));
  pb::FindChildrenResponse response;
  for (pb::ChildCandidate& candidate : Scored(request, std::move(gathered))) {
    if (!IsAfter(candidate, last)) continue;
    if (response.candidates_size() == PageSize(request.page_size())) {
      const pb::ChildCandidate& end = *response.candidates().rbegin();
      response.set_next_page_token(
          EncodePageToken(query, {absl::StrCat(end.score()), end.child().name()}));
      break;
    }
    reading.Disclose(candidate.child().name());
    *response.add_candidates() = std::move(candidate);
  }
  return response;
}

absl::StatusOr<pb::MergeChildrenResponse> Children::Merge(const pb::MergeChildrenRequest& request,
                                                          Transaction& tx) {
  ASSIGN_OR_RETURN(auto both, LockBoth(*store_, tx, request));
  auto& [survivor, duplicate] = both;
  RETURN_IF_ERROR(referrals::Merge(survivor, duplicate, request.reason()));
  RETURN_IF_ERROR(store_->UpdateMerge(
      tx, survivor, duplicate,
      MergeEvent<pb::ChildrenMerged>("referrals.children_merged", survivor, duplicate)));
  pb::MergeChildrenResponse response;
  *response.mutable_child() = std::move(survivor);
  *response.mutable_duplicate() = std::move(duplicate);
  return response;
}

absl::StatusOr<pb::UnmergeChildrenResponse> Children::Unmerge(
    const pb::UnmergeChildrenRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(auto both, LockBoth(*store_, tx, request));
  auto& [survivor, duplicate] = both;
  RETURN_IF_ERROR(referrals::Unmerge(survivor, duplicate, request.reason()));
  RETURN_IF_ERROR(store_->UpdateMerge(
      tx, survivor, duplicate,
      MergeEvent<pb::ChildrenUnmerged>("referrals.children_unmerged", survivor, duplicate)));
  pb::UnmergeChildrenResponse response;
  *response.mutable_child() = std::move(survivor);
  *response.mutable_duplicate() = std::move(duplicate);
  return response;
}

absl::StatusOr<pb::RestrictChildResponse> Children::Restrict(
    const pb::RestrictChildRequest& request, Transaction& tx) {
  pb::RestrictChildResponse response;
  pb::Child& child = *response.mutable_child();
  ASSIGN_OR_RETURN(child, store_->LockRestricted(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(
      referrals::Restrict(child, request.allowed_people(), request.reason(), tx.caller().person));
  RETURN_IF_ERROR(store_->UpdateRestriction(tx, child, ChangedEvent(child)));
  return response;
}

absl::StatusOr<pb::LiftRestrictionResponse> Children::LiftRestriction(
    const pb::LiftRestrictionRequest& request, Transaction& tx) {
  pb::LiftRestrictionResponse response;
  pb::Child& child = *response.mutable_child();
  ASSIGN_OR_RETURN(child, store_->LockRestricted(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(Lift(child, request.reason()));
  RETURN_IF_ERROR(store_->UpdateRestriction(tx, child, ChangedEvent(child)));
  return response;
}

}  // namespace lscp::referrals
