#include "gateway/wire/door.h"

#include <random>
#include <vector>

namespace lscp::gateway::wire {
namespace {

// So that connections made together do not end together.
absl::Duration Jittered(absl::Duration life) {
  thread_local std::minstd_rand engine(std::random_device{}());
  return life * std::uniform_real_distribution<double>(0.9, 1.1)(engine);
}

}  // namespace

Door::Door(Loop& loop, absl::Duration longest_life, Answerer answerer, OpenConnections& open)
    : loop_(loop), longest_life_(longest_life), answerer_(std::move(answerer)), open_(open) {}

Door::~Door() { CloseAll(); }

void Door::Take(Socket socket) {
  const auto session = std::make_shared<Session>(loop_, Session::Role::kServer, std::move(socket),
                                                 *this, SessionLimits{});
  guests_[session.get()] = {session, nullptr};
  session->Start();
  if (draining_) session->Drain();
}

void Door::Drain() {
  draining_ = true;
  std::vector<std::shared_ptr<Session>> sessions;
  for (const auto& [session, guest] : guests_) sessions.push_back(guest.session);
  for (const auto& session : sessions) session->Drain();
}

void Door::CloseAll() {
  while (!guests_.empty()) guests_.begin()->first->Close();
}

void Door::OnReady(Session& session) {
  Guest& guest = guests_[&session];
  guest.age = std::make_unique<Timer>(loop_, [this, &session] { OnAge(session); });
  guest.age->Set(Jittered(longest_life_));
}

// Twice the age is the end, whatever is still open.
void Door::OnAge(Session& session) {
  Guest& guest = guests_[&session];
  if (std::exchange(guest.old, true)) return session.Close();
  session.Drain();
  guest.age->Set(longest_life_);
}

std::unique_ptr<StreamListener> Door::OnStream(Session& session, Stream& stream) {
  return answerer_(session, stream);
}

void Door::OnClosed(Session& session) {
  const auto found = guests_.find(&session);
  loop_.Bury(std::move(found->second.session));
  guests_.erase(found);
  open_.Leave();
}

}  // namespace lscp::gateway::wire
