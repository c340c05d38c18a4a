#include "tests/load/population.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "child_protection/child_keys.h"
#include "common/time/convert.h"
#include "tests/support/requests.h"

namespace lscp::tests {
namespace {

namespace pb = safeguarding::child_protection::v1;

constexpr absl::CivilDay kFirstBirth(2008, 1, 1);
constexpr int kBirthDays = 18 * 365;

// `number` in letters, as many as `length`.
std::string Letters(int64_t number, int length) {
  std::string letters(length, 'a');
  for (char& letter : letters) {
    letter = static_cast<char>('a' + number % 26);
    number /= 26;
  }
  return letters;
}

// The check digit of nine digits (NHS Data Dictionary, NHS NUMBER); 10 when there is none.
int CheckDigit(int64_t nine_digits) {
  int64_t sum = 0;
  for (int weight = 2; weight <= 10; ++weight, nine_digits /= 10) sum += nine_digits % 10 * weight;
  return static_cast<int>((11 - sum % 11) % 11);
}

// Numbers from 98 and 99 are not issued. Of two that differ in the second digit alone, one has a
// check digit.
std::string NhsNumber(int64_t number) {
  int64_t digits = 990'000'000 + number;
  if (CheckDigit(digits) == 10) digits = 980'000'000 + number;
  return absl::StrFormat("%09d%d", digits, CheckDigit(digits));
}

// A table's rows as LOAD DATA reads them, in the order of their keys, which is the quickest.
class Rows {
 public:
  explicit Rows(std::string table) : table_(std::move(table)) {}

  void Add(std::string row) { rows_.push_back(std::move(row)); }

  void Load(testing::TestMariaDb& server, const std::string& schema, const std::string& directory) {
    std::sort(rows_.begin(), rows_.end());
    const std::string file = absl::StrCat(directory, "/", table_, ".tsv");
    std::ofstream out(file);
    for (const std::string& row : rows_) out << row << '\n';
    out.close();
    // The server reads no file that not everybody may read.
    std::filesystem::permissions(file, std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    server.RunAsRoot({absl::StrCat("LOAD DATA INFILE '", file, "' INTO TABLE ", schema, ".", table_,
                                   " CHARACTER SET utf8mb4")});
    std::remove(file.c_str());
  }

 private:
  const std::string table_;
  std::vector<std::string> rows_;
};

}  // namespace

InventedChild ChildNumber(int64_t number) {
  InventedChild child;
  child.id = absl::StrFormat("load%08d", number);
  child.nhs_number = NhsNumber(number);
  child.family_name = "Zz" + Letters(number, 5);
  child.given_name = "In" + Letters(number % 1009, 3);
  child.birth_date = kFirstBirth + number % kBirthDays;
  child.has_plan = number % 20 == 0;
  child.restricted = number % 100 == 50;
  return child;
}

void Populate(testing::TestMariaDb& server, const std::string& schema, const std::string& borough,
              const std::string& directory, int64_t count) {
  Rows children("children"), keys("child_keys"), people("child_people"), statuses("child_status");
  for (int64_t number = 0; number < count; ++number) {
    const InventedChild child = ChildNumber(number);
    const std::string born = absl::FormatCivilTime(child.birth_date);
    children.Add(absl::StrCat(borough, "\t", child.id, "\t1\t", child.id, "\t\\N\t",
                              child.restricted ? 1 : 0, "\t\\N\t", child.nhs_number, "\t", born,
                              "\t\\N\t\\N\t", 1 + number % 2, "\t", 1 + number % 18, "\t0"));
    for (const std::string& key : child_protection::KeysOf(CheckOf(borough, child))) {
      keys.Add(absl::StrCat(borough, "\t", key, "\t", child.id));
    }
    if (child.restricted) {
      people.Add(absl::StrCat(borough, "\t", child.id, "\tl.lead-invented"));
    }
    if (child.has_plan) {
      statuses.Add(absl::StrCat(borough, "\t", child.id, "\t",
                                static_cast<int>(pb::CHILD_STATUS_CHILD_PROTECTION_PLAN),
                                "\tboroughs/", borough, "/plans/", child.id, "\t", born, "\t\\N"));
    }
  }
  for (Rows* rows : {&children, &keys, &people, &statuses}) rows->Load(server, schema, directory);
}

pb::CheckChildRequest CheckOf(const std::string& borough, const InventedChild& child) {
  pb::CheckChildRequest request;
  request.set_parent("boroughs/" + borough);
  request.set_nhs_number(child.nhs_number);
  request.set_family_name(child.family_name);
  request.set_given_name(child.given_name);
  *request.mutable_birth_date() = DateToProto(child.birth_date);
  request.set_request_id(NewRequestId());
  return request;
}

}  // namespace lscp::tests
