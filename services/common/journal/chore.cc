#include "common/journal/chore.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/observe/trace.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

constexpr int kMostThings = 500;
constexpr absl::Duration kLeaseLife = absl::Minutes(1);
constexpr absl::Duration kMostTime = absl::Seconds(20);

}  // namespace

ChoreRunner::ChoreRunner(const db::Database* database, const Clock* clock, std::string_view service,
                         Chore chore)
    : clock_(clock),
      service_(service),
      chore_(std::move(chore)),
      lease_("chore/" + chore_.verb, service, kLeaseLife),
      session_(database) {}

absl::StatusOr<std::vector<Chore::Thing>> ChoreRunner::Find() {
  ASSIGN_OR_RETURN(db::Connection* const connection, session_.Reader());
  ASSIGN_OR_RETURN(const bool ours, lease_.Acquire(*connection));
  if (!ours) return std::vector<Chore::Thing>();
  return chore_.find(*connection, clock_->Now(), kMostThings);
}

// Whether there was something to do.
absl::StatusOr<bool> ChoreRunner::Do(const Chore::Thing& thing) {
  Call call;
  call.caller.agency = "service." + service_;
  call.method = absl::StrCat(service_, "/", chore_.verb);
  call.borough = thing.borough;
  call.boroughs = {thing.borough};
  call.trace_id = absl::StrCat(NewHexId(), NewHexId());
  call.now = clock_->Now();
  call.deadline = absl::Now() + kMostTime;
  bool changed = false;
  bool replayed = false;
  RETURN_IF_ERROR(RunMutation(
                      session_, call, RequestKey(),
                      [&](Transaction& tx) -> absl::StatusOr<std::string> {
                        RETURN_IF_ERROR(chore_.act(thing.name, tx));
                        changed = !tx.nothing_changed();
                        return "";
                      },
                      &replayed)
                      .status());
  return changed;
}

ChoreRunner::Pass ChoreRunner::Run() {
  Pass pass;
  const auto things = Find();
  if (!things.ok()) {
    pass.failed = 1;
    pass.failure = things.status();
    return pass;
  }
  for (const Chore::Thing& thing : *things) {
    const auto changed = Do(thing);
    if (!changed.ok()) {
      ++pass.failed;
      pass.failure.Update(changed.status());
    } else if (*changed) {
      ++pass.done;
    }
  }
  return pass;
}

}  // namespace lscp
