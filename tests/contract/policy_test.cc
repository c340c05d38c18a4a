// The development policy against the contract: what may be asked, and who may ask it.

#include "common/auth/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/contract/contract.h"

namespace lscp::tests {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

const Policy& Development() {
  static const auto& policy =
      *new Policy(Policy::Load(LSCP_SOURCE_DIR "/gateway/policy/development.textproto").value());
  return policy;
}

std::vector<std::string> Roles() {
  std::vector<std::string> roles;
  for (const auto& role : Development().proto().roles()) roles.push_back(role.name());
  return roles;
}

// What a policy can give: the permissions of methods that are for partners.
std::set<std::string> Permissions() {
  std::set<std::string> permissions;
  for (const auto* method : Contract::Get().methods()) {
    if (!RuleOf(*method).internal()) permissions.insert(RuleOf(*method).permission());
  }
  return permissions;
}

TEST(DevelopmentPolicy, GivesEveryPermissionToSomebody) {
  std::vector<std::string> given_to_nobody;
  for (const std::string& permission : Permissions()) {
    if (!Development().Permits(Roles(), permission)) given_to_nobody.push_back(permission);
  }
  EXPECT_THAT(given_to_nobody, IsEmpty());
}

TEST(DevelopmentPolicy, GivesNothingThatTheContractDoesNotHave) {
  const std::set<std::string> known = Permissions();
  std::vector<std::string> unknown;
  for (const auto& role : Development().proto().roles()) {
    for (const std::string& permission : role.permissions()) {
      const bool whole = absl::EndsWith(permission, ".*");
      const std::string prefix = permission.substr(0, permission.size() - 1);
      const auto from = known.lower_bound(whole ? prefix : permission);
      const bool found =
          from != known.end() && (whole ? absl::StartsWith(*from, prefix) : *from == permission);
      if (!found) unknown.push_back(absl::StrCat(role.name(), ": ", permission));
    }
  }
  EXPECT_THAT(unknown, IsEmpty());
}

TEST(DevelopmentPolicy, LetsNobodyCallWhatServicesSayToEachOther) {
  for (const auto* method : Contract::Get().methods()) {
    if (!RuleOf(*method).internal()) continue;
    EXPECT_FALSE(Development().Permits(Roles(), RuleOf(*method).permission()))
        << method->full_name();
  }
}

// What a method needs, and which role may call it, as a table for people.
std::string Matrix() {
  std::string matrix =
      "# Who may call what\n\nThe development policy (`gateway/policy/development.textproto`) "
      "applied to every RPC of the contract. ● the role may; ○ it may, as a person with a token "
      "only. Written by `LSCP_UPDATE_GOLDEN=1 build/dev/tests/contract/contract_policy_test`; "
      "a change of rights is a change of this file.\n";
  std::string service;
  for (const auto* method : Contract::Get().methods()) {
    const MethodRule rule = RuleOf(*method);
    if (rule.internal()) continue;
    if (service != method->service()->full_name()) {
      service = method->service()->full_name();
      absl::StrAppend(&matrix, "\n## ", service, "\n| RPC | permission |");
      for (const std::string& role : Roles()) absl::StrAppend(&matrix, " ", role, " |");
      absl::StrAppend(&matrix, "\n|---|---|");
      for (size_t i = 0; i < Roles().size(); ++i) absl::StrAppend(&matrix, ":-:|");
      absl::StrAppend(&matrix, "\n");
    }
    absl::StrAppend(&matrix, "| ", method->name(), " | ", rule.permission(), " |");
    for (const std::string& role : Roles()) {
      const bool may = Development().Permits({role}, rule.permission());
      absl::StrAppend(&matrix, " ", !may ? "" : rule.needs_person() ? "○" : "●", " |");
    }
    absl::StrAppend(&matrix, "\n");
  }
  return matrix;
}

TEST(DevelopmentPolicy, IsTheOneThatWasReviewed) {
  const std::string file = LSCP_SOURCE_DIR "/tests/contract/permissions.golden.md";
  if (std::getenv("LSCP_UPDATE_GOLDEN") != nullptr) std::ofstream(file) << Matrix();
  std::ifstream in(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), Matrix())
      << "rights have changed; if that is meant, run this test with LSCP_UPDATE_GOLDEN=1";
}

// Separation of duties: who proves that nothing was removed reads no case, and who counts sees no
// child.
TEST(DevelopmentPolicy, LetsAuditorsAnalystsAndOperatorsReadNoPersonalData) {
  for (const auto* method : Contract::Get().methods()) {
    const MethodRule rule = RuleOf(*method);
    if (rule.discloses() != safeguarding::options::v1::DISCLOSES_PERSONAL_DATA) continue;
    for (const std::string role : {"auditor", "analyst", "operator"}) {
      ASSERT_THAT(Roles(), Contains(role));
      EXPECT_FALSE(Development().Permits({role}, rule.permission()))
          << role << " may call " << method->full_name();
    }
  }
}

// Child Death Review: statutory and operational guidance (2018), chapter 5: the panel reviews
// deaths without knowing whose they were.
TEST(DevelopmentPolicy, LetsThePanelReadPapersAndNoDeathReview) {
  ASSERT_THAT(Roles(), Contains("panel_member"));
  ASSERT_THAT(Roles(), Contains("panel_chair"));
  for (const std::string& permission : Permissions()) {
    const bool paper = permission == "death_panel_cases.view";
    EXPECT_EQ(Development().Permits({"panel_member"}, permission), paper) << permission;
    if (!Development().Permits({"panel_chair"}, permission)) continue;
    EXPECT_TRUE(paper || permission == "death_panel_cases.analyse" ||
                absl::StartsWith(permission, "death_panels."))
        << permission;
  }
}

}  // namespace
}  // namespace lscp::tests
