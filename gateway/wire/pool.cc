#include "gateway/wire/pool.h"

#include <algorithm>

namespace lscp::gateway::wire {

Pool::Pool(Loop& loop, std::string authority, bool watch_health, SessionLimits limits,
           Changed changed)
    : loop_(loop),
      authority_(std::move(authority)),
      watch_health_(watch_health),
      limits_(limits),
      changed_(std::move(changed)),
      settle_(loop, [this] { OnChange(); }) {}

void Pool::SetBackends(const std::vector<std::pair<std::string, Connector>>& backends) {
  known_ = true;
  const auto named = [](const std::string& name) {
    return [&name](const auto& entry) { return entry.first == name; };
  };
  std::vector<std::pair<std::string, std::shared_ptr<Backend>>> kept;
  for (auto& [name, backend] : backends_) {
    if (std::any_of(backends.begin(), backends.end(), named(name))) {
      kept.emplace_back(name, std::move(backend));
    } else {
      retired_.push_back(std::move(backend));
      retired_.back()->Retire();
    }
  }
  backends_ = std::move(kept);
  for (const auto& [name, connect] : backends) {
    if (std::any_of(backends_.begin(), backends_.end(), named(name))) continue;
    // What a backend tells in the middle of something is looked at after it.
    backends_.emplace_back(
        name, std::make_shared<Backend>(loop_, connect, watch_health_, authority_, limits_,
                                        [this] { settle_.Set(absl::ZeroDuration()); }));
    backends_.back().second->Start();
  }
  OnChange();
}

void Pool::TryNow() {
  for (const auto& [name, backend] : backends_) backend->TryNow();
}

void Pool::Ask(Waiter& waiter) {
  Session* const session = Next();
  if (session || !MaySoonBeReady()) return waiter.OnSession(session);
  waiting_.push_back(&waiter);
}

void Pool::Forget(Waiter& waiter) {
  waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), &waiter), waiting_.end());
}

void Pool::OnChange() {
  for (size_t i = retired_.size(); i-- > 0;) {
    if (!retired_[i]->retired()) continue;
    loop_.Bury(std::move(retired_[i]));
    retired_.erase(retired_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  const bool ready = std::any_of(backends_.begin(), backends_.end(), [](const auto& entry) {
    return entry.second->state() == Backend::State::kReady;
  });
  if (ready != ready_) {
    ready_ = ready;
    changed_(ready);
  }
  // A waiter that is told may ask again, or have another one forgotten.
  for (size_t left = waiting_.size(); left > 0 && !waiting_.empty(); --left) {
    Waiter* const waiter = waiting_.front();
    waiting_.pop_front();
    Ask(*waiter);
  }
}

Session* Pool::Next() {
  for (size_t i = 0; i < backends_.size(); ++i) {
    next_ = (next_ + 1) % backends_.size();
    if (Session* const session = backends_[next_].second->session()) return session;
  }
  return nullptr;
}

bool Pool::MaySoonBeReady() const {
  return !known_ || std::any_of(backends_.begin(), backends_.end(), [](const auto& entry) {
    return entry.second->state() == Backend::State::kConnecting;
  });
}

}  // namespace lscp::gateway::wire
