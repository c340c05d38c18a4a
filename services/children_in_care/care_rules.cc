#include "children_in_care/care_rules.h"

#include "absl/strings/str_cat.h"
#include "children_in_care/care_record.h"
#include "common/status/error.h"
#include "common/time/convert.h"

namespace lscp::children_in_care {
namespace {

bool NeedsNoProvider(pb::PlacementType type) {
  switch (type) {
    case pb::PLACEMENT_TYPE_TEMPORARY:
    case pb::PLACEMENT_TYPE_HOSPITAL:
    case pb::PLACEMENT_TYPE_HOLIDAY:
    case pb::PLACEMENT_TYPE_CARER_HOLIDAY:
    case pb::PLACEMENT_TYPE_OTHER_Z11:
    case pb::PLACEMENT_TYPE_OTHER_Z12:
    case pb::PLACEMENT_TYPE_OTHER_Z13:
    case pb::PLACEMENT_TYPE_OTHER_Z14:
      return true;
    default:
      return false;
  }
}

// Rules 527 to 531 and 550.
bool CanProvide(pb::PlacementProvider provider, pb::PlacementType type) {
  const bool parents = type == pb::PLACEMENT_TYPE_PARENTS;
  switch (provider) {
    case pb::PLACEMENT_PROVIDER_PARENTS:
      return parents;
    case pb::PLACEMENT_PROVIDER_OWN_AUTHORITY:
    case pb::PLACEMENT_PROVIDER_OTHER_AUTHORITY:
      return !parents && type != pb::PLACEMENT_TYPE_HEALTH_UNIT &&
             type != pb::PLACEMENT_TYPE_YOUTH_CUSTODY;
    case pb::PLACEMENT_PROVIDER_OTHER_PUBLIC:
      return !parents && !IsFoster(type) && !IsForAdoption(type) &&
             type != pb::PLACEMENT_TYPE_SECURE_HOME && type != pb::PLACEMENT_TYPE_CHILDRENS_HOME;
    default:
      return !parents;
  }
}

bool IsCriminal(pb::LegalStatus status) {
  return status == pb::LEGAL_STATUS_REMAND || status == pb::LEGAL_STATUS_POLICE_DETENTION ||
         status == pb::LEGAL_STATUS_YOUTH_REHABILITATION;
}

// Rules 371 to 374; 0 when there is no such rule.
int LeastAge(pb::PlacementType type) {
  switch (type) {
    case pb::PLACEMENT_TYPE_SUPPORTED_ACCOMMODATION:
      return 16;
    case pb::PLACEMENT_TYPE_RESIDENTIAL_EMPLOYMENT:
      return 14;
    case pb::PLACEMENT_TYPE_YOUTH_CUSTODY:
      return 10;
    case pb::PLACEMENT_TYPE_RESIDENTIAL_SCHOOL:
      return 4;
    default:
      return 0;
  }
}

bool IsAdopted(pb::EpisodeEndReason reason) {
  return reason == pb::EPISODE_END_REASON_ADOPTED_UNOPPOSED ||
         reason == pb::EPISODE_END_REASON_ADOPTED_CONSENT_DISPENSED;
}

bool IsGuardianshipOfCarer(pb::EpisodeEndReason reason) {
  return reason == pb::EPISODE_END_REASON_GUARDIANSHIP_FORMER_CARER_KIN ||
         reason == pb::EPISODE_END_REASON_GUARDIANSHIP_FORMER_CARER;
}

bool IsGuardianship(pb::EpisodeEndReason reason) {
  return IsGuardianshipOfCarer(reason) || reason == pb::EPISODE_END_REASON_GUARDIANSHIP_KIN ||
         reason == pb::EPISODE_END_REASON_GUARDIANSHIP_OTHER;
}

}  // namespace

absl::Status RuleNotMet(std::string_view rule, const std::string& subject,
                        std::string_view description) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, rule, subject, description);
}

int AgeOn(absl::CivilDay birth, absl::CivilDay day) {
  const bool had_birthday =
      day.month() > birth.month() || (day.month() == birth.month() && day.day() >= birth.day());
  return static_cast<int>(day.year() - birth.year()) - (had_birthday ? 0 : 1);
}

bool IsFoster(pb::PlacementType type) {
  return type >= pb::PLACEMENT_TYPE_KINSHIP_LONG_TERM && type <= pb::PLACEMENT_TYPE_FOSTER;
}

bool IsForAdoption(pb::PlacementType type) {
  return type >= pb::PLACEMENT_TYPE_ADOPTION_CONSENT_CURRENT_CARER &&
         type <= pb::PLACEMENT_TYPE_ADOPTION_ORDER;
}

bool IsForAdoptionByCarer(pb::PlacementType type) {
  return type == pb::PLACEMENT_TYPE_ADOPTION_CONSENT_CURRENT_CARER ||
         type == pb::PLACEMENT_TYPE_ADOPTION_ORDER_CURRENT_CARER;
}

bool IsFinal(pb::EpisodeEndReason reason) {
  return reason == pb::EPISODE_END_REASON_DIED || reason == pb::EPISODE_END_REASON_ASSESSED_ADULT;
}

// Rules 375, 376 and 379.
int MostTemporaryDays(pb::PlacementType type) {
  switch (type) {
    case pb::PLACEMENT_TYPE_HOSPITAL:
      return 42;
    case pb::PLACEMENT_TYPE_CARER_HOLIDAY:
      return 21;
    case pb::PLACEMENT_TYPE_TEMPORARY_SHORT:
      return 7;
    default:
      return 0;
  }
}

absl::Status CheckPlacement(const pb::Placement& placement, const std::string& path) {
  // Rules 213 and 526.
  const bool given = placement.provider() != pb::PLACEMENT_PROVIDER_UNSPECIFIED;
  if (NeedsNoProvider(placement.type())) {
    if (given) return InvalidField(absl::StrCat(path, ".provider"), "this placement has none");
    return absl::OkStatus();
  }
  if (!given) return InvalidField(absl::StrCat(path, ".provider"), "is required");
  if (!CanProvide(placement.provider(), placement.type())) {
    return InvalidField(absl::StrCat(path, ".provider"), "cannot provide such a placement");
  }
  return absl::OkStatus();
}

absl::Status CheckLegal(const pb::LegalBasis& legal, absl::CivilDay day, const std::string& path) {
  if (!legal.has_expiry_date()) return absl::OkStatus();
  const auto expiry = ProtoToDate(legal.expiry_date());
  const std::string field = absl::StrCat(path, ".expiry_date");
  if (!expiry || *expiry < day) return InvalidField(field, "lies before the legal status begins");
  const auto days = *expiry - day;
  if ((legal.status() == pb::LEGAL_STATUS_EMERGENCY_PROTECTION_ORDER &&
       days > kMostEmergencyOrderDays) ||
      (legal.status() == pb::LEGAL_STATUS_CHILD_ASSESSMENT_ORDER &&
       days > kMostAssessmentOrderDays)) {
    return InvalidField(field, "lies later than such an order may last");
  }
  return absl::OkStatus();
}

absl::Status CheckTogether(pb::LegalStatus status, pb::PlacementType type,
                           const std::string& subject) {
  if (status == pb::LEGAL_STATUS_SECTION_20 && type == pb::PLACEMENT_TYPE_PARENTS) {  // rule 378
    return RuleNotMet("no_section_20_with_parents", subject,
                      "a child with its parents is not accommodated under section 20");
  }
  if (IsShortBreak(status) && (IsTemporary(type) || type == pb::PLACEMENT_TYPE_KINSHIP_LONG_TERM ||
                               type == pb::PLACEMENT_TYPE_FOSTER_LONG_TERM)) {  // rules 382, 384
    return RuleNotMet("short_break_placement", subject,
                      "a short break is neither a temporary move nor a long-term placement");
  }
  if ((type == pb::PLACEMENT_TYPE_ADOPTION_ORDER_CURRENT_CARER ||
       type == pb::PLACEMENT_TYPE_ADOPTION_ORDER) &&
      status != pb::LEGAL_STATUS_PLACEMENT_ORDER) {  // rule 408
    return RuleNotMet("placement_order", subject,
                      "a child placed by a placement order has the legal status of one");
  }
  return absl::OkStatus();
}

absl::Status CheckAge(pb::LegalStatus status, pb::PlacementType type, int age,
                      const std::string& subject) {
  if (IsCriminal(status) && age < 10) {  // rule 358
    return RuleNotMet("age_of_legal_status", subject, "the child is under ten");
  }
  if (age < LeastAge(type)) {
    return RuleNotMet("age_of_placement", subject,
                      absl::StrCat("the child is under ", LeastAge(type)));
  }
  if (age >= 18 && (status != pb::LEGAL_STATUS_SECTION_20 ||
                    type != pb::PLACEMENT_TYPE_CHILDRENS_HOME)) {  // rule 359
    return RuleNotMet("looked_after_at_18", subject,
                      "from eighteen on only under section 20(5), in a children's home");
  }
  return absl::OkStatus();
}

absl::Status CheckEnd(pb::EpisodeEndReason reason, pb::PlacementType last,
                      const std::string& subject) {
  if (IsAdopted(reason) && !IsForAdoption(last)) {  // rule 390
    return RuleNotMet("placed_for_adoption", subject, "the child was not placed for adoption");
  }
  if (IsGuardianshipOfCarer(reason) && !IsFoster(last)) {  // rule 516
    return RuleNotMet("former_carer", subject, "the child was not with a foster carer");
  }
  return absl::OkStatus();
}

absl::Status CheckEndAge(pb::EpisodeEndReason reason, int age, const std::string& subject) {
  const bool independent = reason == pb::EPISODE_END_REASON_INDEPENDENT_WITH_SUPPORT ||
                           reason == pb::EPISODE_END_REASON_INDEPENDENT;
  const bool fits =
      !((IsAdopted(reason) || IsGuardianship(reason)) && age >= 18) &&      // rules 386, 407
      !(independent && age < 14) &&                                         // rule 387
      !(reason == pb::EPISODE_END_REASON_ADULT_RESIDENTIAL && age < 16) &&  // rule 389
      !(reason == pb::EPISODE_END_REASON_STAYING_PUT && age < 18);          // rule 460
  if (fits) return absl::OkStatus();
  return RuleNotMet("age_at_end", subject, "the reason does not fit the child's age");
}

}  // namespace lscp::children_in_care
