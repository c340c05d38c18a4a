#include "children_in_care/care_chain.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "children_in_care/care_record.h"
#include "children_in_care/care_rules.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "google/protobuf/util/message_differencer.h"

namespace lscp::children_in_care {
namespace {

using absl::CivilDay;
using pb::CareEpisode;
using pb::CareStep;
using pb::Placement;

// Rule 353: the Children Act 1989 came into force.
constexpr CivilDay kFirstDay(1991, 10, 14);

CivilDay DayOf(const google::type::Date& date) { return *ProtoToDate(date); }

// As the child is told to live in it: without what the service adds.
Placement Told(const Placement& placement) {
  Placement told = placement;
  told.clear_id();
  told.clear_start_date();
  told.clear_end_date();
  told.clear_out_of_area();
  told.clear_at_a_distance();
  told.clear_notice();
  told.clear_approval();
  return told;
}

bool IsSame(const Placement& a, const Placement& b) {
  return google::protobuf::util::MessageDifferencer::Equals(Told(a), Told(b));
}

bool HasSameCarer(const Placement& a, const Placement& b) {
  return !a.carer().id().empty() && a.carer().id() == b.carer().id();
}

pb::NewEpisodeReason ReasonOf(bool legal, bool placement, bool carer) {
  if (!placement) return pb::NEW_EPISODE_REASON_LEGAL_STATUS;
  if (legal) {
    return carer ? pb::NEW_EPISODE_REASON_LEGAL_STATUS_PLACEMENT_AND_CARER
                 : pb::NEW_EPISODE_REASON_LEGAL_STATUS_AND_PLACEMENT;
  }
  return carer ? pb::NEW_EPISODE_REASON_PLACEMENT_AND_CARER : pb::NEW_EPISODE_REASON_PLACEMENT;
}

// The collection year, from April to March, by the calendar year in which it begins.
int64_t YearOf(CivilDay day) { return day.month() >= 4 ? day.year() : day.year() - 1; }

bool IsUnderEighteenOn(const std::optional<CivilDay>& birth, CivilDay day) {
  return !birth || AgeOn(*birth, day) < 18;
}

class Builder {
 public:
  Builder(pb::ChildInCare& record, const ChainContext& context)
      : record_(record), context_(context) {}

  absl::Status Take(int number) {
    number_ = number;
    const CareStep& step = record_.steps(number);
    const auto day = ProtoToDate(step.date());
    if (!day) return Invalid("date", "is required");
    switch (step.kind()) {
      case pb::CARE_STEP_KIND_START:
        return Start(step, *day);
      case pb::CARE_STEP_KIND_CHANGE:
        return Change(step, *day);
      case pb::CARE_STEP_KIND_TEMPORARY_MOVE:
        return MoveTemporarily(step, *day);
      case pb::CARE_STEP_KIND_RETURN:
        return Return(*day);
      case pb::CARE_STEP_KIND_END:
        return End(step, *day);
      default:
        return Invalid("kind", "is required");
    }
  }

  bool in_care() const {
    return !record_.episodes().empty() && !record_.episodes().rbegin()->has_end_date();
  }

 private:
  absl::Status Invalid(std::string_view field, std::string_view what) const {
    return InvalidField(context_.path(number_, field), what);
  }
  absl::Status NotMet(std::string_view rule, std::string_view what) const {
    return RuleNotMet(rule, record_.name(), what);
  }

  absl::Status Start(const CareStep& step, CivilDay day) {
    if (in_care()) return NotMet("care_started_once", "the child is looked after already");
    if (!record_.periods().empty()) {
      const pb::CarePeriod& last = LastPeriod(record_);
      if (IsFinal(last.end_reason())) {  // rule 437
        return NotMet("care_ended_for_good", "care ended for good");
      }
      if (day <= DayOf(last.end_date())) {
        return Invalid("date", "is not later than the end of the last period of care");
      }
    }
    if (day < kFirstDay) return Invalid("date", "lies before the Children Act 1989");
    const auto& birth = context_.birth_date;
    if (IsNew() && birth && day < *birth) return Invalid("date", "lies before the birth");
    if (IsNew() && !IsUnderEighteenOn(birth, day)) {  // rules 302, 352
      return NotMet("under_18", "the child was eighteen or older");
    }
    if (!step.has_legal()) return Invalid("legal", "is required");
    if (!step.has_placement()) return Invalid("placement", "is required");
    if (step.need() == pb::NEED_CATEGORY_UNSPECIFIED) return Invalid("need", "is required");
    if (IsTemporary(step.placement().type())) {  // rule 380
      return Invalid("placement.type", "is a temporary move, with which care does not start");
    }
    RETURN_IF_ERROR(CheckPlacement(step.placement(), context_.path(number_, "placement")));
    pb::CarePeriod& period = *record_.add_periods();
    *period.mutable_start_date() = step.date();
    period.set_need(step.need());
    period.set_short_breaks(true);
    const std::string placement = AddPlacement(step);
    return Open(step.legal(), placement, pb::NEW_EPISODE_REASON_STARTED, day);
  }

  absl::Status Change(const CareStep& step, CivilDay day) {
    RETURN_IF_ERROR(Follows(day));
    const CareEpisode before = LastEpisode(record_);
    if (!step.has_legal() && !step.has_placement()) {
      return Invalid("legal", "or placement is required");
    }
    if (step.has_legal() && step.legal().status() == before.legal().status()) {
      return Invalid("legal.status", "is the one that the child has");
    }
    const pb::LegalBasis legal = step.has_legal() ? step.legal() : before.legal();
    if (!step.has_placement()) {
      if (step.placement_change_reason() != 0) {
        return Invalid("placement_change_reason", "is for a change of the placement");
      }
      RETURN_IF_ERROR(Cease(day));
      return Open(legal, before.placement(), pb::NEW_EPISODE_REASON_LEGAL_STATUS, day);
    }
    RETURN_IF_ERROR(CheckMove(step, day));
    const Placement left = PlacementOf(record_, before);
    RETURN_IF_ERROR(Cease(day));
    record_.mutable_episodes()->rbegin()->set_placement_change_reason(
        step.placement_change_reason());
    Leave(left.id(), day);
    const std::string placement = AddPlacement(step);
    return Open(legal, placement,
                ReasonOf(step.has_legal(), true, !HasSameCarer(left, step.placement())), day);
  }

  // Whether the child may leave the placement for that one.
  absl::Status CheckMove(const CareStep& step, CivilDay day) const {
    const Placement& left = LastPlacement(record_);
    const Placement& next = step.placement();
    if (IsTemporary(left.type())) {  // rule 383
      return NotMet("returns_to_placement",
                    "a temporary move ends in the placement; one that does not is corrected to a "
                    "placement of its own");
    }
    if (IsTemporary(next.type())) return Invalid("placement.type", "is a temporary move");
    if (LastEpisode(record_).legal().status() == pb::LEGAL_STATUS_SHORT_BREAK) {  // rule 366
      return NotMet("short_break_in_one_place", "the placement does not change in a short break");
    }
    if (IsSame(left, next)) return Invalid("placement", "is the one that the child has");
    RETURN_IF_ERROR(CheckPlacement(next, context_.path(number_, "placement")));
    if (step.placement_change_reason() == 0) {  // rule 225
      return Invalid("placement_change_reason", "is required with a placement");
    }
    const auto& birth = context_.birth_date;
    if (step.placement_change_reason() == pb::PLACEMENT_CHANGE_REASON_CUSTODY && IsNew() && birth &&
        AgeOn(*birth, day) < 10) {  // rule 234
      return Invalid("placement_change_reason", "the child is under ten");
    }
    if (IsForAdoptionByCarer(next.type()) &&
        (!HasSameCarer(left, next) || !IsFoster(left.type()))) {  // rules 217, 336
      return NotMet("adoption_by_carer", "the child is not with this carer in foster care");
    }
    return absl::OkStatus();
  }

  absl::Status MoveTemporarily(const CareStep& step, CivilDay day) {
    RETURN_IF_ERROR(Follows(day));
    const CareEpisode before = LastEpisode(record_);
    const Placement left = PlacementOf(record_, before);
    if (IsTemporary(left.type())) {
      return NotMet("returns_to_placement", "the child is somewhere else for a time already");
    }
    if (!IsTemporary(step.placement().type())) {
      return Invalid("placement.type", "is no temporary move");
    }
    RETURN_IF_ERROR(CheckPlacement(step.placement(), context_.path(number_, "placement")));
    if (step.placement().type() == pb::PLACEMENT_TYPE_CARER_HOLIDAY && HolidaysBefore(day) >= 2) {
      return NotMet("carer_holidays", "two such moves in twelve months are the most");  // rule 377
    }
    RETURN_IF_ERROR(Cease(day));
    home_ = left.id();
    const std::string placement = AddPlacement(step);
    return Open(before.legal(), placement,
                ReasonOf(false, true, !HasSameCarer(left, step.placement())), day);
  }

  int HolidaysBefore(CivilDay day) const {
    const CivilDay since(day.year() - 1, day.month(), day.day());
    return static_cast<int>(std::count_if(
        record_.placements().begin(), record_.placements().end(), [since](const Placement& other) {
          return other.type() == pb::PLACEMENT_TYPE_CARER_HOLIDAY &&
                 DayOf(other.start_date()) > since;
        }));
  }

  absl::Status Return(CivilDay day) {
    RETURN_IF_ERROR(Follows(day));
    const CareEpisode before = LastEpisode(record_);
    const Placement left = PlacementOf(record_, before);
    if (!IsTemporary(left.type())) {
      return NotMet("temporary_move", "the child is not somewhere else for a time");
    }
    const int most = MostTemporaryDays(left.type());
    if (most > 0 && day - DayOf(left.start_date()) > most) {
      return NotMet("temporary_move_days",
                    "it lasted longer than such a move may; it is corrected to a placement of its "
                    "own");
    }
    RETURN_IF_ERROR(Cease(day));
    Leave(left.id(), day);
    const std::string home = std::exchange(home_, "");
    const bool carer = !HasSameCarer(left, *PlacementById(home));
    return Open(before.legal(), home, ReasonOf(false, true, carer), day);
  }

  absl::Status End(const CareStep& step, CivilDay day) {
    RETURN_IF_ERROR(Follows(day));
    const Placement last = LastPlacement(record_);
    if (step.end_reason() == 0 || step.end_reason() == pb::EPISODE_END_REASON_NEW_EPISODE) {
      return Invalid("end_reason", "must say why care ended");
    }
    if (IsTemporary(last.type())) {  // rule 381
      return NotMet("returns_to_placement",
                    "care does not end in a temporary move; it is corrected to a placement of its "
                    "own");
    }
    RETURN_IF_ERROR(CheckEnd(step.end_reason(), last.type(), record_.name()));
    if (IsNew() && context_.birth_date) {
      RETURN_IF_ERROR(
          CheckEndAge(step.end_reason(), AgeOn(*context_.birth_date, day), record_.name()));
    }
    RETURN_IF_ERROR(Cease(day));
    record_.mutable_episodes()->rbegin()->set_end_reason(step.end_reason());
    Leave(last.id(), day);
    pb::CarePeriod& period = *record_.mutable_periods()->rbegin();
    *period.mutable_end_date() = step.date();
    period.set_end_reason(step.end_reason());
    return absl::OkStatus();
  }

  bool IsNew() const { return number_ >= context_.first_new_step; }

  // The child is looked after, and has been for a night since the last step.
  absl::Status Follows(CivilDay day) const {
    if (!in_care()) return NotMet("looked_after", "the child is not looked after");
    if (day <= DayOf(LastEpisode(record_).start_date())) {  // rule 355
      return Invalid("date",
                     "is not later than the day of the step before; an episode lasts a night");
    }
    return absl::OkStatus();
  }

  // The last episode ceases, for another one unless something else is said.
  absl::Status Cease(CivilDay day) {
    CareEpisode& episode = *record_.mutable_episodes()->rbegin();
    *episode.mutable_end_date() = DateToProto(day);
    episode.set_end_reason(pb::EPISODE_END_REASON_NEW_EPISODE);
    if (episode.legal().status() != pb::LEGAL_STATUS_SHORT_BREAK) return absl::OkStatus();
    if (day - DayOf(episode.start_date()) > kMostShortBreakDays) {  // rule 365
      return NotMet("short_break_days", "a short break lasts seventeen days at most");
    }
    if (ShortBreakDaysUntil(day) > kMostShortBreakDaysInAYear) {  // rule 367
      return NotMet("short_break_days_in_a_year",
                    "short breaks are seventy-five days in twelve months at most");
    }
    return absl::OkStatus();
  }

  // Days of the twelve months before `day` on which the child was on a short break.
  int64_t ShortBreakDaysUntil(CivilDay day) const {
    const CivilDay since(day.year() - 1, day.month(), day.day());
    int64_t days = 0;
    for (const CareEpisode& episode : record_.episodes()) {
      if (episode.legal().status() != pb::LEGAL_STATUS_SHORT_BREAK) continue;
      const CivilDay from = std::max(DayOf(episode.start_date()), since);
      days += std::max<int64_t>(0, DayOf(episode.end_date()) - from);
    }
    return days;
  }

  absl::Status Open(const pb::LegalBasis& legal, const std::string& placement,
                    pb::NewEpisodeReason why, CivilDay day) {
    CareEpisode& episode = *record_.add_episodes();
    *episode.mutable_start_date() = DateToProto(day);
    episode.set_start_reason(why);
    *episode.mutable_legal() = legal;
    episode.set_need(LastPeriod(record_).need());
    episode.set_placement(placement);
    const pb::LegalStatus status = legal.status();
    if (status == 0) return Invalid("legal.status", "is required");
    if (!IsShortBreak(status)) record_.mutable_periods()->rbegin()->set_short_breaks(false);
    RETURN_IF_ERROR(CheckLegal(legal, day, context_.path(number_, "legal")));
    const pb::PlacementType type = PlacementById(placement)->type();
    RETURN_IF_ERROR(CheckTogether(status, type, record_.name()));
    if (HasOtherShortBreakIn(YearOf(day), status)) {  // rule 426
      return NotMet("one_kind_of_short_breaks",
                    "short breaks are recorded one by one or by agreement in a year, not both");
    }
    if (!IsNew() || !context_.birth_date) return absl::OkStatus();
    return CheckAge(status, type, AgeOn(*context_.birth_date, day), record_.name());
  }

  bool HasOtherShortBreakIn(int64_t year, pb::LegalStatus status) const {
    if (!IsShortBreak(status)) return false;
    return std::any_of(record_.episodes().begin(), record_.episodes().end(),
                       [&](const CareEpisode& other) {
                         const pb::LegalStatus had = other.legal().status();
                         return IsShortBreak(had) && had != status &&
                                (!other.has_end_date() || YearOf(DayOf(other.end_date())) >= year);
                       });
  }

  std::string AddPlacement(const CareStep& step) {
    Placement& placement = *record_.add_placements();
    placement = step.placement();
    placement.set_id(step.id());
    *placement.mutable_start_date() = step.date();
    placement.clear_end_date();
    const std::string& area = placement.area_code();
    const auto& near = context_.borough->adjoining_area_codes();
    placement.set_out_of_area(!area.empty() && area != context_.borough->area_code());
    placement.set_at_a_distance(placement.out_of_area() &&
                                std::find(near.begin(), near.end(), area) == near.end());
    return placement.id();
  }

  Placement* PlacementById(const std::string& id) {
    for (Placement& placement : *record_.mutable_placements()) {
      if (placement.id() == id) return &placement;
    }
    return record_.mutable_placements(0);
  }

  void Leave(const std::string& id, CivilDay day) {
    *PlacementById(id)->mutable_end_date() = DateToProto(day);
  }

  pb::ChildInCare& record_;
  const ChainContext& context_;
  int number_ = 0;
  std::string home_;  // the placement to which the child returns; empty when it is there
};

}  // namespace

absl::Status BuildChain(pb::ChildInCare& record, const ChainContext& context) {
  record.clear_periods();
  record.clear_episodes();
  record.clear_placements();
  Builder builder(record, context);
  for (int i = 0; i < record.steps_size(); ++i) RETURN_IF_ERROR(builder.Take(i));
  record.set_state(builder.in_care() ? pb::ChildInCare::STATE_LOOKED_AFTER
                                     : pb::ChildInCare::STATE_CEASED);
  return absl::OkStatus();
}

}  // namespace lscp::children_in_care
