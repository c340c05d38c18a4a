#include "referrals/matching.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "domain/names.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

// What each agreement is worth. Without an identifier a full agreement makes 99. A given name or a
// date of birth that contradicts weighs less than one that agrees, because both are often written
// down wrongly: a twin with postcode and sex right is at 61, a sibling of another age at 11.
constexpr int kIdentifier = 100;
constexpr int kFamilyName = 28;
constexpr int kFamilyNameSound = 20;
constexpr int kGivenName = 23;
constexpr int kGivenNameSound = 15;
constexpr int kBirthDate = 30;
constexpr int kBirthDateNear = 18;
constexpr int kPostcode = 15;
constexpr int kSex = 3;
// What each contradiction costs. A family name changes with a parent's marriage, a postcode with a
// move; an NHS number does not.
constexpr int kOtherName = -15;
constexpr int kOtherBirthDate = -20;
constexpr int kOtherSex = -10;
constexpr int kOtherNhsNumber = -30;

// From here on two folded names are taken for spellings of one.
constexpr double kAlike = 0.9;

// A baby comes up to six weeks before or after the day expected; scans move that day by two weeks.
constexpr int kDaysFromExpected = 42;
constexpr int kDaysBetweenScans = 14;

std::string CompactPostcode(const std::string& postcode) {
  std::string compact;
  for (const char c : postcode) {
    if (c != ' ') compact += c;
  }
  return compact;
}

bool Agrees(const std::string& a, const std::string& b) { return !a.empty() && a == b; }

enum class Agreement { kUnknown, kNone, kAlike, kEqual };

// Words of a family name that tell families apart: not "de", "la", "el" where there is a longer.
std::vector<std::string> TellingWords(const std::vector<std::string>& words) {
  std::vector<std::string> telling;
  for (const std::string& word : words) {
    if (word.size() > 2) telling.push_back(word);
  }
  return telling.empty() ? words : telling;
}

bool ShareSound(const std::string& a, const std::string& b) {
  for (const std::string& word_a : TellingWords(domain::NameWords(a))) {
    for (const std::string& word_b : TellingWords(domain::NameWords(b))) {
      if (domain::SoundOf(word_a) == domain::SoundOf(word_b)) return true;
    }
  }
  return false;
}

// One is the other's beginning, as with "Ben" and "Benjamin".
bool IsShortFor(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return a.size() >= 3 && b.starts_with(a);
}

Agreement FamilyNames(const std::string& described, const std::string& known) {
  const std::string a = domain::FoldedName(described);
  const std::string b = domain::FoldedName(known);
  if (a.empty() || b.empty()) return Agreement::kUnknown;
  if (a == b) return Agreement::kEqual;
  if (ShareSound(described, known) || domain::SoundOf(a) == domain::SoundOf(b) ||
      domain::Similarity(a, b) >= kAlike) {
    return Agreement::kAlike;
  }
  return Agreement::kNone;
}

// Only the first words count: middle names come and go.
Agreement GivenNames(const std::string& described, const std::string& known) {
  const std::vector<std::string> a = domain::NameWords(described);
  const std::vector<std::string> b = domain::NameWords(known);
  if (a.empty() || b.empty()) return Agreement::kUnknown;
  if (a[0] == b[0] || domain::FoldedName(described) == domain::FoldedName(known))
    return Agreement::kEqual;
  if (domain::SoundOf(a[0]) == domain::SoundOf(b[0]) || IsShortFor(a[0], b[0]) ||
      domain::Similarity(a[0], b[0]) >= kAlike) {
    return Agreement::kAlike;
  }
  return Agreement::kNone;
}

// The best agreement with the name itself or with a word of the other names, which may be family or
// given names. Being unlike an other name is no contradiction.
template <typename Compare>
Agreement BestAgreement(const std::string& described, const std::string& known,
                        const pb::Child& child, Compare compare) {
  Agreement best = compare(described, known);
  for (const std::string& other : child.other_names()) {
    best = std::max(best, compare(described, other));
    for (const std::string& word : domain::NameWords(other))
      best = std::max(best, compare(described, word));
  }
  return known.empty() && best == Agreement::kNone ? Agreement::kUnknown : best;
}

// Day and month swapped, or one part different.
bool OneSlipApart(absl::CivilDay a, absl::CivilDay b) {
  if (a.year() == b.year() && a.month() == b.day() && a.day() == b.month()) return true;
  return (a.year() != b.year()) + (a.month() != b.month()) + (a.day() != b.day()) == 1;
}

bool Within(int days, absl::CivilDay a, absl::CivilDay b) { return std::abs(a - b) <= days; }

Agreement BirthDates(const pb::FindChildrenRequest& description, const pb::Child& child) {
  const auto born = ProtoToDate(description.birth_date());
  const auto expected = ProtoToDate(description.expected_birth_date());
  const auto child_born = ProtoToDate(child.birth_date());
  const auto child_expected = ProtoToDate(child.expected_birth_date());
  if ((!born && !expected) || (!child_born && !child_expected)) return Agreement::kUnknown;
  if (born && child_born) {
    if (*born == *child_born) return Agreement::kEqual;
    return OneSlipApart(*born, *child_born) ? Agreement::kAlike : Agreement::kNone;
  }
  if (expected && child_expected) {
    if (*expected == *child_expected) return Agreement::kEqual;
    return Within(kDaysBetweenScans, *expected, *child_expected) ? Agreement::kAlike
                                                                 : Agreement::kNone;
  }
  // Born since one of the two was written down.
  const absl::CivilDay day = born ? *born : *expected;
  const absl::CivilDay child_day = child_born ? *child_born : *child_expected;
  return Within(kDaysFromExpected, day, child_day) ? Agreement::kAlike : Agreement::kNone;
}

bool HasPostcode(const pb::Child& child, const std::string& postcode) {
  const std::string compact = CompactPostcode(postcode);
  return std::any_of(child.addresses().begin(), child.addresses().end(),
                     [&](const pb::ChildAddress& known) {
                       return Agrees(CompactPostcode(known.address().postcode()), compact);
                     });
}

// Keys of a family name: by sound, with the initial of a given name, if there is one.
void AddNameKeys(const std::string& family_name, const std::string& initial,
                 std::set<std::string>& keys) {
  std::vector<std::string> words = TellingWords(domain::NameWords(family_name));
  words.push_back(domain::FoldedName(family_name));
  for (const std::string& word : words) {
    if (!word.empty()) keys.insert(absl::StrCat("name:", domain::SoundOf(word), ":", initial));
  }
}

std::string InitialOfName(const std::string& name) {
  const std::vector<std::string> words = domain::NameWords(name);
  return words.empty() ? "" : domain::InitialOf(words[0]);
}

void AddDateKey(const std::optional<absl::CivilDay>& day, std::set<std::string>& keys) {
  if (day) keys.insert(absl::StrCat("date:", absl::FormatCivilTime(*day)));
}

template <typename Described>
void AddIdentifierKeys(const Described& described, std::set<std::string>& keys) {
  if (!described.nhs_number().empty()) keys.insert("id:nhs:" + described.nhs_number());
  if (!described.upn().empty()) keys.insert("id:upn:" + described.upn());
  if (!described.local_authority_id().empty())
    keys.insert("id:la:" + described.local_authority_id());
}

}  // namespace

absl::Status CheckDescription(const pb::FindChildrenRequest& description) {
  const bool has_identifier = !description.nhs_number().empty() || !description.upn().empty() ||
                              !description.local_authority_id().empty();
  const bool has_place_or_time = description.has_birth_date() ||
                                 description.has_expected_birth_date() ||
                                 !description.postcode().empty();
  if (has_identifier || (!description.family_name().empty() && has_place_or_time)) {
    return absl::OkStatus();
  }
  return InvalidField("family_name",
                      "give an identifier, or a family name with a date of birth or a postcode, to "
                      "find a child by");
}

std::vector<std::string> SearchKeysOf(const pb::Child& child) {
  std::set<std::string> keys;
  AddIdentifierKeys(child, keys);
  // With the initial; and without, for descriptions that have no given name.
  std::set<std::string> initials = {"", InitialOfName(child.given_name())};
  for (const std::string& other : child.other_names()) initials.insert(InitialOfName(other));
  for (const std::string& initial : initials) AddNameKeys(child.family_name(), initial, keys);
  for (const std::string& other : child.other_names()) {
    AddNameKeys(other, "", keys);
    AddNameKeys(other, InitialOfName(child.given_name()), keys);
    AddNameKeys(other, InitialOfName(other), keys);
  }
  if (child.given_name().empty()) AddNameKeys(child.family_name(), "unnamed", keys);
  AddDateKey(ProtoToDate(child.birth_date()), keys);
  AddDateKey(ProtoToDate(child.expected_birth_date()), keys);
  for (const pb::ChildAddress& known : child.addresses()) {
    const std::string postcode = CompactPostcode(known.address().postcode());
    if (!postcode.empty()) keys.insert("postcode:" + postcode);
  }
  return {keys.begin(), keys.end()};
}

std::vector<std::string> SearchKeysFor(const pb::FindChildrenRequest& description) {
  std::set<std::string> keys;
  AddIdentifierKeys(description, keys);
  const std::string initial = InitialOfName(description.given_name());
  AddNameKeys(description.family_name(), initial, keys);
  // A baby may be on the register without a given name.
  if (!initial.empty()) AddNameKeys(description.family_name(), "unnamed", keys);
  const auto born = ProtoToDate(description.birth_date());
  AddDateKey(born, keys);
  AddDateKey(ProtoToDate(description.expected_birth_date()), keys);
  if (born && born->day() <= 12) {
    AddDateKey(absl::CivilDay(born->year(), born->day(), born->month()), keys);
  }
  const std::string postcode = CompactPostcode(description.postcode());
  if (!postcode.empty()) keys.insert("postcode:" + postcode);
  return {keys.begin(), keys.end()};
}

Match MatchOf(const pb::FindChildrenRequest& description, const pb::Child& child) {
  Match match;
  const auto agrees = [&match](pb::MatchReason reason, int weight) {
    match.reasons.push_back(reason);
    match.score += weight;
  };
  const auto compare = [&](Agreement agreement, pb::MatchReason equal, int weight,
                           pb::MatchReason alike, int alike_weight, int contradiction) {
    if (agreement == Agreement::kEqual) agrees(equal, weight);
    if (agreement == Agreement::kAlike) agrees(alike, alike_weight);
    if (agreement == Agreement::kNone) match.score += contradiction;
  };
  if (Agrees(description.nhs_number(), child.nhs_number())) {
    agrees(pb::MATCH_REASON_NHS_NUMBER, kIdentifier);
  } else if (!description.nhs_number().empty() && !child.nhs_number().empty()) {
    match.score += kOtherNhsNumber;
  }
  if (Agrees(description.upn(), child.upn())) agrees(pb::MATCH_REASON_UPN, kIdentifier);
  if (Agrees(description.local_authority_id(), child.local_authority_id())) {
    agrees(pb::MATCH_REASON_LOCAL_AUTHORITY_ID, kIdentifier);
  }
  const bool identified = !match.reasons.empty();
  compare(BestAgreement(description.family_name(), child.family_name(), child, FamilyNames),
          pb::MATCH_REASON_FAMILY_NAME, kFamilyName, pb::MATCH_REASON_FAMILY_NAME_SOUND,
          kFamilyNameSound, kOtherName);
  compare(BestAgreement(description.given_name(), child.given_name(), child, GivenNames),
          pb::MATCH_REASON_GIVEN_NAME, kGivenName, pb::MATCH_REASON_GIVEN_NAME_SOUND,
          kGivenNameSound, kOtherName);
  compare(BirthDates(description, child), pb::MATCH_REASON_BIRTH_DATE, kBirthDate,
          pb::MATCH_REASON_BIRTH_DATE_NEAR, kBirthDateNear, kOtherBirthDate);
  if (HasPostcode(child, description.postcode())) agrees(pb::MATCH_REASON_POSTCODE, kPostcode);
  const auto is_known = [](pb::Sex sex) { return sex == pb::SEX_MALE || sex == pb::SEX_FEMALE; };
  if (is_known(description.sex()) && is_known(child.sex())) {
    if (description.sex() == child.sex()) {
      agrees(pb::MATCH_REASON_SEX, kSex);
    } else {
      match.score += kOtherSex;
    }
  }
  // Whatever else is said, an identifier that agrees settles it.
  match.score = identified ? kIdentifier : std::clamp(match.score, 0, kIdentifier - 1);
  return match;
}

}  // namespace lscp::referrals
