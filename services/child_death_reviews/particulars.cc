#include "child_death_reviews/particulars.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "common/time/days.h"
#include "common/time/london.h"
#include "domain/names.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"

namespace lscp::child_death_reviews {
namespace {

using google::protobuf::FieldDescriptor;

// Bytes of a name that count; a key must fit into its column.
constexpr size_t kMostOfAName = 90;

// Accounts, which two agencies never give in the same words.
constexpr std::array<std::string_view, 7> kAccounts = {
    "address",         "parents", "death_place",     "circumstances",
    "suspected_cause", "school",  "general_practice"};

bool IsAccount(const FieldDescriptor& field) {
  return std::find(kAccounts.begin(), kAccounts.end(), field.name()) != kAccounts.end();
}

std::string Folded(const std::string& name) {
  return domain::FoldedName(name).substr(0, kMostOfAName);
}

std::string TextOf(const pb::Particulars& particulars, const FieldDescriptor& field) {
  std::string text;
  google::protobuf::TextFormat::PrintFieldValueToString(particulars, &field, -1, &text);
  return text;
}

// Adds the elements that are not there yet.
template <typename List, typename Same>
void AddNew(List& known, const List& told, const Same& same) {
  for (const auto& element : told) {
    const bool there = std::any_of(known.begin(), known.end(),
                                   [&](const auto& other) { return same(other, element); });
    if (!there) *known.Add() = element;
  }
}

}  // namespace

absl::Status CheckParticulars(const pb::Particulars& particulars) {
  std::vector<FieldViolation> violations;
  const auto birth = ProtoToDate(particulars.birth_date());
  const auto death = ProtoToDate(particulars.death_date());
  if (birth && death && *death < *birth) {
    violations.push_back({"particulars.death_date", "lies before birth_date"});
  }
  if (particulars.has_death_time() && death &&
      LondonDay(*ProtoToTime(particulars.death_time())) != *death) {
    violations.push_back({"particulars.death_time", "is not on death_date"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

absl::CivilDay EighteenthBirthday(absl::CivilDay birth) {
  return absl::CivilDay(birth.year() + 18, birth.month(), birth.day());
}

// Child Death Review: statutory and operational guidance (2018), chapter 1: all children up to
// their eighteenth birthday, whatever the cause; not stillbirths, late foetal losses and
// terminations within the law. Where no healthcare professional was there, enquiries find out
// whether the baby was born alive. Children Act 2004, section 16M: children normally resident in
// the area; and, if the partners think it appropriate, those who are not and died there.
pb::ScopeFinding ScopeOf(const pb::Particulars& particulars, std::string_view area_code) {
  if (particulars.birth() == pb::BIRTH_KIND_STILLBIRTH_ATTENDED) {
    return pb::SCOPE_FINDING_STILLBIRTH;
  }
  if (particulars.birth() == pb::BIRTH_KIND_TERMINATION) return pb::SCOPE_FINDING_TERMINATION;
  const auto birth = ProtoToDate(particulars.birth_date());
  const auto death = ProtoToDate(particulars.death_date());
  if (!birth || !death) return pb::SCOPE_FINDING_UNKNOWN;
  if (*death >= EighteenthBirthday(*birth)) return pb::SCOPE_FINDING_ADULT;
  if (particulars.residence_area() == area_code) return pb::SCOPE_FINDING_RESIDENT;
  if (particulars.death_area() == area_code) return pb::SCOPE_FINDING_DIED_HERE;
  const bool elsewhere = !particulars.residence_area().empty() && !particulars.death_area().empty();
  return elsewhere ? pb::SCOPE_FINDING_OTHER_AREA : pb::SCOPE_FINDING_UNKNOWN;
}

bool IsInScope(pb::ScopeFinding finding) {
  return finding == pb::SCOPE_FINDING_RESIDENT || finding == pb::SCOPE_FINDING_DIED_HERE;
}

bool IsOutOfScope(pb::ScopeFinding finding) {
  return finding == pb::SCOPE_FINDING_ADULT || finding == pb::SCOPE_FINDING_STILLBIRTH ||
         finding == pb::SCOPE_FINDING_TERMINATION || finding == pb::SCOPE_FINDING_OTHER_AREA;
}

absl::Time TimeOfDeath(const pb::Particulars& particulars, absl::Time now) {
  if (particulars.has_death_time()) return *ProtoToTime(particulars.death_time());
  return InstantOn(*ProtoToDate(particulars.death_date()), now);
}

std::string FamilyKey(const pb::Particulars& particulars) {
  return Folded(particulars.family_name());
}

std::vector<std::string> KeysOf(const pb::Particulars& particulars) {
  std::vector<std::string> keys;
  if (!particulars.nhs_number().empty()) {
    keys.push_back(absl::StrCat("nhs:", particulars.nhs_number()));
  }
  const auto birth = ProtoToDate(particulars.birth_date());
  const auto death = ProtoToDate(particulars.death_date());
  const std::vector<std::string> given = domain::NameWords(particulars.given_name());
  // Without a given name twins who died together would be one.
  if (birth && death && !given.empty() && !FamilyKey(particulars).empty()) {
    keys.push_back(absl::StrCat("name:", absl::FormatCivilTime(*birth), ":",
                                absl::FormatCivilTime(*death), ":", FamilyKey(particulars), ":",
                                given[0].substr(0, kMostOfAName)));
  }
  return keys;
}

bool AreTwo(const pb::Particulars& one, const pb::Particulars& other) {
  return !one.nhs_number().empty() && !other.nhs_number().empty() &&
         one.nhs_number() != other.nhs_number();
}

std::vector<std::string> FillIn(pb::Particulars& known, const pb::Particulars& told) {
  std::vector<std::string> contradictions;
  pb::Particulars rest = told;  // becomes what `known` leaves open
  const auto* reflection = pb::Particulars::GetReflection();
  const auto* type = pb::Particulars::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->is_repeated() || !reflection->HasField(known, field)) continue;
    if (reflection->HasField(told, field) && !IsAccount(*field) &&
        TextOf(known, *field) != TextOf(told, *field)) {
      contradictions.push_back(field->name());
    }
    reflection->ClearField(&rest, field);
  }
  AddNew(*known.mutable_other_names(), told.other_names(),
         [](const std::string& a, const std::string& b) { return a == b; });
  AddNew(*known.mutable_siblings(), told.siblings(),
         [](const pb::Sibling& a, const pb::Sibling& b) {
           return a.SerializeAsString() == b.SerializeAsString();
         });
  rest.clear_other_names();
  rest.clear_siblings();
  known.MergeFrom(rest);
  return contradictions;
}

}  // namespace lscp::child_death_reviews
