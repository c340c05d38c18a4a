#include "child_death_reviews/death_analysis.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"
#include "common/time/convert.h"
#include "domain/names.h"

namespace lscp::child_death_reviews {
namespace {

constexpr char kTellsWho[] =
    "tells who the child was: a name, a number, an address, a school, a practice or a day";

// Shorter ones occur in any text.
constexpr size_t kLeastOfAPlace = 6;

constexpr const char* kMonths[] = {"january",   "february", "march",    "april",
                                   "may",       "june",     "july",     "august",
                                   "september", "october",  "november", "december"};

// In lower case, without the characters of `left_out`.
std::string Plain(std::string_view text, std::string_view left_out) {
  std::string plain;
  for (const char c : text) {
    if (left_out.find(c) == std::string_view::npos) plain += absl::ascii_tolower(c);
  }
  return plain;
}

std::set<std::string> NamesOf(const pb::Particulars& particulars) {
  std::vector<std::string> all = {particulars.given_name(), particulars.family_name()};
  all.insert(all.end(), particulars.other_names().begin(), particulars.other_names().end());
  for (const pb::Sibling& sibling : particulars.siblings()) {
    all.insert(all.end(), {sibling.given_name(), sibling.family_name()});
  }
  std::set<std::string> words;
  for (const std::string& name : all) {
    for (const std::string& word : domain::NameWords(name)) {
      if (word.size() > 1) words.insert(word);
    }
  }
  return words;
}

// A word that may be a name: it begins with a capital or a letter of another script.
bool MayBeName(std::string_view word) {
  return !word.empty() &&
         (absl::ascii_isupper(word[0]) || static_cast<unsigned char>(word[0]) > 127);
}

bool HoldsName(std::string_view text, const pb::Particulars& particulars) {
  const std::set<std::string> names = NamesOf(particulars);
  const std::vector<std::string> words =
      absl::StrSplit(std::string(text), absl::ByAnyChar(" \t\r\n.,;:()[]\"/"), absl::SkipEmpty());
  for (std::string word : words) {
    word.erase(0, std::min(word.find_first_not_of("'-"), word.size()));
    if (!MayBeName(word)) continue;
    for (const char* possessive : {"'s", "\u2019s"}) {
      if (word.ends_with(possessive)) word.erase(word.size() - std::string(possessive).size());
    }
    for (const std::string& part : domain::NameWords(word)) {
      if (names.contains(part)) return true;
    }
  }
  return false;
}

// "11 march" does not hold "1 march", nor "march 2025" "march 2".
bool HoldsNumbered(const std::string& text, const std::string& form) {
  for (size_t at = text.find(form); at != std::string::npos; at = text.find(form, at + 1)) {
    const size_t end = at + form.size();
    const bool begins = at == 0 || !absl::ascii_isdigit(text[at - 1]);
    if (begins && (end == text.size() || !absl::ascii_isdigit(text[end]))) return true;
  }
  return false;
}

const char* OrdinalOf(int day) {
  if (day % 10 == 1 && day != 11) return "st";
  if (day % 10 == 2 && day != 12) return "nd";
  if (day % 10 == 3 && day != 13) return "rd";
  return "th";
}

// `text` is in lower case.
bool HoldsDay(const std::string& text, const google::type::Date& date) {
  const auto day = ProtoToDate(date);
  if (!day) return false;
  const int year = static_cast<int>(day->year());
  const std::string month = kMonths[day->month() - 1];
  const std::string ordinal = absl::StrCat(day->day(), OrdinalOf(day->day()));
  for (const std::string& form :
       {absl::StrFormat("%d-%02d-%02d", year, day->month(), day->day()),
        absl::StrFormat("%02d/%02d/%d", day->day(), day->month(), year),
        absl::StrFormat("%d/%d/%d", day->day(), day->month(), year),
        absl::StrFormat("%02d.%02d.%d", day->day(), day->month(), year),
        absl::StrCat(day->day(), " ", month), absl::StrCat(ordinal, " ", month),
        absl::StrCat(ordinal, " of ", month), absl::StrCat(month, " ", day->day())}) {
    if (HoldsNumbered(text, form)) return true;
  }
  return false;
}

bool HoldsPlace(const std::string& text, const std::string& place) {
  return place.size() >= kLeastOfAPlace && text.find(place) != std::string::npos;
}

void CheckFactors(const pb::DeathAnalysis& analysis, const pb::Particulars& particulars,
                  std::vector<FieldViolation>& violations) {
  std::set<std::pair<int, std::string>> told;
  for (int i = 0; i < analysis.factors_size(); ++i) {
    const pb::ContributoryFactor& factor = analysis.factors(i);
    const std::string field = absl::StrCat("analysis.factors[", i, "]");
    const std::string text = field + ".description";
    if (factor.description().find_first_of("\r\n") != std::string::npos) {
      violations.push_back({text, "has several lines: each factor has its own entry"});
    }
    if (!told.emplace(factor.domain(), Plain(factor.description(), " ")).second) {
      violations.push_back({text, "occurs twice"});
    }
    if (TellsWho(factor.description(), particulars)) violations.push_back({text, kTellsWho});
    if (factor.modifiable() && factor.grade() != pb::FACTOR_GRADE_CONTRIBUTED) {
      violations.push_back({field + ".modifiable", "is only what may have contributed"});
    }
  }
}

absl::Status Check(const pb::DeathAnalysis& analysis, const pb::Particulars& particulars,
                   bool every_domain) {
  std::vector<FieldViolation> violations;
  CheckFactors(analysis, particulars, violations);
  bool modifiable = false;
  std::set<int> domains;
  for (const pb::ContributoryFactor& factor : analysis.factors()) {
    modifiable |= factor.modifiable();
    domains.insert(factor.domain());
  }
  // Those of the enum but UNSPECIFIED.
  if (every_domain &&
      static_cast<int>(domains.size()) != pb::FactorDomain_descriptor()->value_count() - 1) {
    violations.push_back({"analysis.factors", "must have at least one of each domain"});
  }
  if (modifiable != (analysis.modifiability() == pb::MODIFIABILITY_IDENTIFIED)) {
    violations.push_back(
        {"analysis.modifiability", "is IDENTIFIED when, and only when, a factor is modifiable"});
  }
  for (int i = 0; i < analysis.learning_points_size(); ++i) {
    if (!TellsWho(analysis.learning_points(i), particulars)) continue;
    violations.push_back({absl::StrCat("analysis.learning_points[", i, "]"), kTellsWho});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

}  // namespace

bool TellsWho(std::string_view text, const pb::Particulars& particulars) {
  const std::string plain = Plain(text, "");
  const std::string tight = Plain(text, " -");
  const std::string postcode = Plain(particulars.postcode(), " ");
  const std::string address = Plain(particulars.address(), "");
  return HoldsName(text, particulars) || HoldsDay(plain, particulars.birth_date()) ||
         HoldsDay(plain, particulars.death_date()) || HoldsPlace(tight, particulars.nhs_number()) ||
         (!postcode.empty() && tight.find(postcode) != std::string::npos) ||
         HoldsPlace(plain, address.substr(0, address.find_first_of(",\n"))) ||
         HoldsPlace(plain, Plain(particulars.school(), "")) ||
         HoldsPlace(plain, Plain(particulars.general_practice(), ""));
}

bool TellsWho(const pb::DeathAnalysis& analysis, const pb::Particulars& particulars) {
  return std::any_of(analysis.factors().begin(), analysis.factors().end(),
                     [&](const pb::ContributoryFactor& factor) {
                       return TellsWho(factor.description(), particulars);
                     }) ||
         std::any_of(analysis.learning_points().begin(), analysis.learning_points().end(),
                     [&](const std::string& point) { return TellsWho(point, particulars); });
}

absl::Status CheckTellsNobody(const char* field, std::string_view text,
                              const pb::Particulars& particulars) {
  return TellsWho(text, particulars) ? InvalidField(field, kTellsWho) : absl::OkStatus();
}

absl::Status CheckDraft(const pb::DeathAnalysis& analysis, const pb::Particulars& particulars) {
  return Check(analysis, particulars, false);
}

absl::Status CheckAgreed(const pb::DeathAnalysis& analysis, const pb::Particulars& particulars) {
  return Check(analysis, particulars, true);
}

// National Child Mortality Database, annual data release: age bands.
pb::AgeBand AgeBandOf(const pb::Particulars& particulars) {
  const auto birth = ProtoToDate(particulars.birth_date());
  const auto death = ProtoToDate(particulars.death_date());
  if (!birth || !death) return pb::AGE_BAND_UNSPECIFIED;
  if (*death - *birth < 28) return pb::AGE_BAND_UNDER_28_DAYS;
  const auto before_birthday = [&](int years) {
    return *death < absl::CivilDay(birth->year() + years, birth->month(), birth->day());
  };
  if (before_birthday(1)) return pb::AGE_BAND_UNDER_1;
  if (before_birthday(5)) return pb::AGE_BAND_1_TO_4;
  if (before_birthday(10)) return pb::AGE_BAND_5_TO_9;
  if (before_birthday(15)) return pb::AGE_BAND_10_TO_14;
  return pb::AGE_BAND_15_TO_17;
}

absl::Status CheckAttendances(const google::protobuf::RepeatedPtrField<pb::Attendance>& list,
                              std::string_view field) {
  std::vector<FieldViolation> violations;
  std::set<std::pair<std::string, int>> told;
  for (int i = 0; i < list.size(); ++i) {
    if (told.emplace(list[i].agency(), list[i].kind()).second) continue;
    violations.push_back({absl::StrCat(std::string(field), "[", i, "].agency"), "occurs twice"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

}  // namespace lscp::child_death_reviews
