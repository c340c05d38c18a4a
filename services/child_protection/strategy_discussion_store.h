#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/strategy_discussion.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The strategy discussions of the database. Immutable and thread-safe; errors as of CaseStore.
class StrategyDiscussionStore : public domain::CaseStore<pb::StrategyDiscussion> {
 public:
  StrategyDiscussionStore();

  // As Update, with the rows by which decisions and attendance are counted.
  absl::Status UpdateCounted(Transaction& tx, pb::StrategyDiscussion& discussion,
                             std::optional<Event> event = std::nullopt) const;

  // The latest requested first.
  absl::StatusOr<Page> Find(Reading& reading,
                            const pb::ListStrategyDiscussionsRequest& request) const;
};

}  // namespace lscp::child_protection
