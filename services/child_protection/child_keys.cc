#include "child_protection/child_keys.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/time/convert.h"
#include "domain/names.h"

namespace lscp::child_protection {
namespace {

// Bytes of a name that count; a key must fit into its column.
constexpr size_t kMostOfAName = 90;

std::string Folded(const std::string& name) {
  return domain::FoldedName(name).substr(0, kMostOfAName);
}

std::string FirstName(const std::string& given_name) {
  const std::vector<std::string> words = domain::NameWords(given_name);
  return words.empty() ? "" : words[0].substr(0, kMostOfAName);
}

}  // namespace

std::string NhsNumberKey(const std::string& nhs_number) { return absl::StrCat("nhs:", nhs_number); }

std::string NameKey(const std::string& family_name, const std::string& given_name,
                    absl::CivilDay birth_date) {
  return absl::StrCat("born:", absl::FormatCivilTime(birth_date), ":", Folded(family_name), ":",
                      FirstName(given_name));
}

std::string UnbornKey(const std::string& family_name, absl::CivilDay expected_birth_date) {
  return absl::StrCat("unborn:", absl::FormatCivilTime(absl::CivilMonth(expected_birth_date)), ":",
                      Folded(family_name));
}

std::vector<std::string> KeysOf(const safeguarding::referrals::v1::ChildChanged& child) {
  std::set<std::string> keys;
  if (!child.nhs_number().empty()) keys.insert(NhsNumberKey(child.nhs_number()));
  const auto born = ProtoToDate(child.birth_date());
  const auto expected = ProtoToDate(child.expected_birth_date());
  if (born) {
    keys.insert(NameKey(child.family_name(), child.given_name(), *born));
    // Another name is a given name, a family name, or both.
    for (const std::string& other : child.other_names()) {
      keys.insert(NameKey(child.family_name(), other, *born));
      keys.insert(NameKey(other, child.given_name(), *born));
      const size_t space = other.rfind(' ');
      if (space != std::string::npos) {
        keys.insert(NameKey(other.substr(space + 1), other.substr(0, space), *born));
      }
    }
  } else if (expected) {
    keys.insert(UnbornKey(child.family_name(), *expected));
  }
  return {keys.begin(), keys.end()};
}

std::vector<std::string> KeysOf(
    const safeguarding::child_protection::v1::CheckChildRequest& asked) {
  std::vector<std::string> keys;
  if (!asked.nhs_number().empty()) keys.push_back(NhsNumberKey(asked.nhs_number()));
  const auto born = ProtoToDate(asked.birth_date());
  const auto expected = ProtoToDate(asked.expected_birth_date());
  const bool named = !Folded(asked.family_name()).empty();
  if (named && born && !FirstName(asked.given_name()).empty()) {
    keys.push_back(NameKey(asked.family_name(), asked.given_name(), *born));
  }
  if (named && expected) keys.push_back(UnbornKey(asked.family_name(), *expected));
  return keys;
}

}  // namespace lscp::child_protection
