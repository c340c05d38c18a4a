#include "child_protection/emergency_protection.h"

#include <algorithm>
#include <string>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using pb::EmergencyProtection;

constexpr absl::Duration kPoliceProtectionAtMost = absl::Hours(72);
constexpr int kOrderDays = 8;
constexpr int kExtensionDays = 7;

absl::Status TakeStep(EmergencyProtection& protection, std::string_view verb) {
  ASSIGN_OR_RETURN(
      const EmergencyProtection::State next,
      Next(kEmergencyProtectionTransitions, verb, protection.state(), protection.name()));
  protection.set_state(next);
  return absl::OkStatus();
}

absl::Status RuleNotMet(const EmergencyProtection& protection, std::string_view rule,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, protection.name(),
                            description);
}

// Children Act 1989, section 45(2) and (7): Christmas Day, Good Friday, a bank holiday or a Sunday;
// unlike for working days a Saturday is none.
bool IsPublicHoliday(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  if (weekday == absl::Weekday::sunday) return true;
  if (weekday == absl::Weekday::saturday) {
    return day.month() == 12 && (day.day() == 25 || day.day() == 26);
  }
  return !WorkingDayCalendar().IsWorkingDay(day);
}

// The same time of day, so many London days later.
absl::Time DaysLater(absl::Time time, int days) {
  const absl::CivilSecond local = absl::ToCivilSecond(time, London());
  return absl::FromCivil(absl::CivilSecond(local.year(), local.month(), local.day() + days,
                                           local.hour(), local.minute(), local.second()),
                         London());
}

absl::Time NoonOf(absl::CivilDay day) {
  return absl::FromCivil(absl::CivilHour(day.year(), day.month(), day.day(), 12), London());
}

EmergencyProtection InForce(EmergencyProtection::Kind kind, const std::string& child,
                            absl::Time start, absl::Time expire) {
  EmergencyProtection protection;
  protection.set_state(EmergencyProtection::STATE_IN_FORCE);
  protection.set_kind(kind);
  protection.set_child(child);
  *protection.mutable_start_time() = TimeToProto(start);
  *protection.mutable_expire_time() = TimeToProto(expire);
  return protection;
}

}  // namespace

absl::Time LatestEndOfOrder(absl::Time made) {
  const absl::Time eight_days = DaysLater(made, kOrderDays);
  absl::CivilDay day = LondonDay(eight_days);
  if (!IsPublicHoliday(day)) return eight_days;
  while (IsPublicHoliday(day)) ++day;
  return NoonOf(day);
}

EmergencyProtection StartPoliceProtection(const pb::RecordPoliceProtectionRequest& request,
                                          const Step& step) {
  const absl::Time start = request.has_start_time() ? *ProtoToTime(request.start_time()) : step.now;
  EmergencyProtection protection = InForce(EmergencyProtection::KIND_POLICE_PROTECTION,
                                           request.child(), start, start + kPoliceProtectionAtMost);
  protection.set_reference(request.reference());
  protection.set_authority(request.designated_officer());
  protection.set_grounds(request.grounds());
  return protection;
}

absl::StatusOr<EmergencyProtection> StartOrder(
    const pb::RecordEmergencyProtectionOrderRequest& request, const Step& step) {
  const absl::Time start = request.has_start_time() ? *ProtoToTime(request.start_time()) : step.now;
  const absl::Time expire = *ProtoToTime(request.expire_time());
  if (expire <= start) return InvalidField("expire_time", "does not lie after the order was made");
  if (expire > LatestEndOfOrder(start)) {
    return InvalidField("expire_time", "lies beyond the eight days of an order");
  }
  EmergencyProtection protection =
      InForce(EmergencyProtection::KIND_ORDER, request.child(), start, expire);
  protection.set_reference(request.reference());
  protection.set_authority(request.court());
  protection.set_grounds(request.grounds());
  return protection;
}

absl::Status Extend(EmergencyProtection& protection,
                    const pb::ExtendEmergencyProtectionOrderRequest& request) {
  RETURN_IF_ERROR(TakeStep(protection, "ExtendEmergencyProtectionOrder"));
  if (protection.kind() != EmergencyProtection::KIND_ORDER) {
    return RuleNotMet(protection, "order", "police protection cannot be extended");
  }
  // Children Act 1989, section 45(5) and (6): once, by seven days at most.
  if (protection.extended()) {
    return RuleNotMet(protection, "extended_once", "the order was extended already");
  }
  const absl::Time before = *ProtoToTime(protection.expire_time());
  const absl::Time expire = *ProtoToTime(request.expire_time());
  if (expire <= before) return InvalidField("expire_time", "does not lie after the present end");
  if (expire > DaysLater(before, kExtensionDays)) {
    return InvalidField("expire_time", "lies beyond the seven days of an extension");
  }
  protection.set_extended(true);
  *protection.mutable_expire_time() = request.expire_time();
  return absl::OkStatus();
}

absl::Status End(EmergencyProtection& protection, const pb::EndEmergencyProtectionRequest& request,
                 const Step& step) {
  RETURN_IF_ERROR(TakeStep(protection, "EndEmergencyProtection"));
  const absl::Time expire = *ProtoToTime(protection.expire_time());
  // What nobody has ended ends by itself.
  const absl::Time end =
      request.has_end_time() ? *ProtoToTime(request.end_time()) : std::min(step.now, expire);
  if (end < *ProtoToTime(protection.start_time())) {
    return InvalidField("end_time", "lies before the start");
  }
  if (end > expire) return InvalidField("end_time", "lies beyond what the law allows");
  *protection.mutable_end_time() = TimeToProto(end);
  protection.set_end(request.end());
  return absl::OkStatus();
}

absl::Status GiveWay(EmergencyProtection& police_protection, absl::Time order_made) {
  RETURN_IF_ERROR(TakeStep(police_protection, "EndEmergencyProtection"));
  const absl::Time start = *ProtoToTime(police_protection.start_time());
  const absl::Time expire = *ProtoToTime(police_protection.expire_time());
  *police_protection.mutable_end_time() =
      TimeToProto(std::max(start, std::min(order_made, expire)));
  police_protection.set_end(pb::EMERGENCY_PROTECTION_END_ORDER);
  return absl::OkStatus();
}

std::string_view ClockRuleOf(const EmergencyProtection& protection) {
  return protection.kind() == EmergencyProtection::KIND_ORDER ? kEmergencyProtectionOrder.id
                                                              : kPoliceProtection.id;
}

}  // namespace lscp::child_protection
