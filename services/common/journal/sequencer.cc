#include "common/journal/sequencer.h"

#include <chrono>
#include <optional>
#include <thread>

#include "absl/time/clock.h"
#include "common/journal/leases.h"
#include "common/journal/nap.h"
#include "common/journal/sealing.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

using Steady = std::chrono::steady_clock;

constexpr char kLeaseName[] = "sequencer";
constexpr absl::Duration kBusyPause = absl::Milliseconds(10);
constexpr absl::Duration kIdlePause = absl::Milliseconds(50);
constexpr absl::Duration kLongestBackOff = absl::Seconds(2);
constexpr std::chrono::seconds kReportEvery{1};

// One candidate for the work. Not thread-safe.
class Candidate {
 public:
  Candidate(const db::Database* database, std::string_view holder,
            const Sequencer::Options& options)
      : database_(database),
        options_(options),
        lease_(kLeaseName, holder, options.lease),
        journal_(&kJournalAccount, options.hole_life),
        disclosures_(&kDisclosuresAccount, options.hole_life) {}

  // One pass if the lease is held or can be had. Result: rows sealed; nullopt if another leads.
  // After an error the next pass begins anew with what the database says.
  absl::StatusOr<std::optional<int64_t>> Pass() {
    auto sealed = TryPass();
    if (!sealed.ok() || !*sealed) {
      if (connection_ != nullptr) connection_->Rollback();
      progress_.leading = false;
    }
    return sealed;
  }

  void Release() {
    if (!progress_.leading || connection_->broken()) return;
    if (!lease_.Release(*connection_).ok() || !connection_->Commit().ok()) connection_->Rollback();
    progress_.leading = false;
  }

  // The last pass could not take all there was.
  bool more() const { return journal_.more() || disclosures_.more(); }
  const Sequencer::Progress& progress() const { return progress_; }

 private:
  absl::StatusOr<std::optional<int64_t>> TryPass() {
    if (connection_ == nullptr || connection_->broken()) {
      connection_.reset();
      progress_.leading = false;
      ASSIGN_OR_RETURN(connection_, database_->Connect(db::Mode::kSnapshot));
    }
    if (!progress_.leading) {
      ASSIGN_OR_RETURN(const bool leading, Lead());
      if (!leading) return std::nullopt;
    }
    return Seal();
  }

  // Takes the lease, and then reads what was sealed up to now.
  absl::StatusOr<bool> Lead() {
    ASSIGN_OR_RETURN(const bool acquired, lease_.Acquire(*connection_));
    if (!acquired) return false;
    RETURN_IF_ERROR(connection_->Commit());
    renewed_at_ = checked_at_ = Steady::now();
    RETURN_IF_ERROR(journal_.Load(*connection_));
    RETURN_IF_ERROR(disclosures_.Load(*connection_));
    RETURN_IF_ERROR(connection_->Commit());
    progress_ = {.leading = true,
                 .journal_position = journal_.position(),
                 .disclosure_position = disclosures_.position()};
    return true;
  }

  // One snapshot, from the first read to the COMMIT, for both accounts: so no row is sealed before
  // one that it followed.
  absl::StatusOr<std::optional<int64_t>> Seal() {
    const Steady::time_point now = Steady::now();
    if (now - checked_at_ >= absl::ToChronoNanoseconds(options_.check_every)) {
      RETURN_IF_ERROR(Check(now));
    }
    RETURN_IF_ERROR(journal_.Read(*connection_, now));
    RETURN_IF_ERROR(disclosures_.Read(*connection_, now));
    const int64_t sealed = static_cast<int64_t>(journal_.pending() + disclosures_.pending());
    const absl::Time oldest = std::min(journal_.oldest(), disclosures_.oldest());
    const bool renew = now - renewed_at_ >= absl::ToChronoNanoseconds(options_.lease / 3);
    if (sealed > 0 || renew) {
      // The renewal stands or falls with the seals: one who was deposed seals nothing.
      ASSIGN_OR_RETURN(const bool held, lease_.Renew(*connection_));
      if (!held) return std::nullopt;
      RETURN_IF_ERROR(journal_.Write(*connection_));
      RETURN_IF_ERROR(disclosures_.Write(*connection_));
    }
    RETURN_IF_ERROR(connection_->Commit());
    if (sealed > 0 || renew) renewed_at_ = now;
    journal_.Advance();
    disclosures_.Advance();
    progress_.journal_position = journal_.position();
    progress_.disclosure_position = disclosures_.position();
    progress_.lag = sealed > 0 ? absl::Now() - oldest : absl::ZeroDuration();
    return sealed;
  }

  absl::Status Check(Steady::time_point now) {
    ASSIGN_OR_RETURN(const int64_t late_changes, journal_.CheckSettled(*connection_));
    ASSIGN_OR_RETURN(const int64_t late_disclosures, disclosures_.CheckSettled(*connection_));
    progress_.unsealed_alarm += late_changes + late_disclosures;
    checked_at_ = now;
    return absl::OkStatus();
  }

  const db::Database* const database_;
  const Sequencer::Options options_;
  const Lease lease_;
  std::unique_ptr<db::Connection> connection_;
  Sealing journal_;
  Sealing disclosures_;
  Sequencer::Progress progress_;
  Steady::time_point renewed_at_;
  Steady::time_point checked_at_;
};

}  // namespace

class Sequencer::Thread {
 public:
  Thread(const db::Database* database, std::string holder,
         std::function<void(const Progress&)> on_pass, Options options)
      : candidate_(database, holder, options),
        on_pass_(std::move(on_pass)),
        lease_(options.lease),
        thread_([this](const std::stop_token& stop) { Run(stop); }) {}

 private:
  void Run(const std::stop_token& stop) {
    absl::Duration pause = kBusyPause;
    Steady::time_point reported;
    while (!stop.stop_requested()) {
      const auto sealed = candidate_.Pass();
      const int64_t rows = sealed.ok() ? sealed->value_or(0) : 0;
      if (on_pass_ != nullptr && (rows > 0 || Steady::now() - reported >= kReportEvery)) {
        reported = Steady::now();
        on_pass_(candidate_.progress());
      }
      if (rows > 0 && candidate_.more()) continue;
      pause = NextPause(pause, sealed);
      Nap(stop, pause);
    }
    candidate_.Release();
  }

  absl::Duration NextPause(absl::Duration last,
                           const absl::StatusOr<std::optional<int64_t>>& sealed) const {
    if (!sealed.ok()) return std::min(2 * last, kLongestBackOff);
    if (!*sealed) return lease_ / 3;
    if (**sealed > 0) return kBusyPause;
    return std::min(2 * last, kIdlePause);
  }

  Candidate candidate_;
  const std::function<void(const Progress&)> on_pass_;
  const absl::Duration lease_;
  std::jthread thread_;  // last: it uses the others
};

Sequencer::Sequencer(const db::Database* database, std::string holder,
                     std::function<void(const Progress&)> on_pass, Options options)
    : thread_(std::make_unique<Thread>(database, std::move(holder), std::move(on_pass),
                                       std::move(options))) {}

Sequencer::~Sequencer() = default;

absl::StatusOr<int64_t> Sequencer::SealOnce(const db::Database& database,
                                            const std::string& holder) {
  Candidate candidate(&database, holder, Options());
  int64_t total = 0;
  do {
    ASSIGN_OR_RETURN(const std::optional<int64_t> sealed, candidate.Pass());
    if (!sealed) return absl::FailedPreconditionError("another sequencer holds the lease");
    total += *sealed;
  } while (candidate.more());
  candidate.Release();
  return total;
}

}  // namespace lscp
