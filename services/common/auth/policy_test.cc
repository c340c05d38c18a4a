#include "common/auth/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/config/load.h"

namespace lscp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kPolicy[] = R"(
  roles { name: "submitter" permissions: "things.submit" permissions: "things.get" }
  roles { name: "reader" permissions: "things.get" permissions: "notes.list" }
  roles { name: "keeper" permissions: "things.*" }
  roles { name: "nobody" }
  agencies {
    id: "example-school"
    grants { boroughs: "*" system_roles: "submitter" }
    grants { boroughs: "north" person_roles: "reader" person_roles: "submitter" }
  }
  agencies {
    id: "example-trust"
    grants { boroughs: "north" boroughs: "south" system_roles: "reader" person_roles: "keeper" }
    grants { boroughs: "south" system_roles: "reader" system_roles: "submitter" }
  }
)";

absl::StatusOr<Policy> Make(const std::string& text) {
  safeguarding::config::v1::Policy proto;
  if (auto parsed = ParseTextProto(text, "policy", proto); !parsed.ok()) return parsed;
  return Policy::Create(proto);
}

// Grants as "borough: role role".
std::vector<std::string> Text(const std::vector<Caller::Grant>& grants) {
  std::vector<std::string> lines;
  for (const auto& grant : grants) {
    std::string line = grant.borough + ":";
    for (const auto& role : grant.roles) line += " " + role;
    lines.push_back(line);
  }
  return lines;
}

TEST(Policy, GrantsWhatTheAgencyHoldsInEachBorough) {
  const Policy policy = Make(kPolicy).value();
  using Lines = std::vector<std::string>;
  const struct {
    const char* agency;
    const char* person;
    std::vector<std::string> token_roles;
    std::vector<std::string> boroughs;
    Lines granted;
  } kCases[] = {
      {"example-school", "", {}, {"north", "south"}, {"north: submitter", "south: submitter"}},
      // A system's token roles don't count.
      {"example-school", "", {"reader"}, {"north"}, {"north: submitter"}},
      // A person has the roles that both the token and the policy name.
      {"example-school", "p1", {"reader", "keeper"}, {"north", "south"}, {"north: reader"}},
      {"example-school", "p1", {}, {"north"}, {}},
      {"example-school", "p1", {"submitter", "reader"}, {"north"}, {"north: reader submitter"}},
      // Grants add up, and a role is named once.
      {"example-trust", "", {}, {"north", "south"}, {"north: reader", "south: reader submitter"}},
      {"example-trust", "", {}, {"east", "*", ""}, {}},
      {"stranger", "", {"keeper"}, {"north"}, {}},
      {"", "", {}, {"north"}, {}},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Text(policy.GrantsFor(c.agency, c.person, c.token_roles, c.boroughs)), c.granted)
        << c.agency << " " << c.person;
  }
}

TEST(Policy, ARolePermitsWhatItNames) {
  const Policy policy = Make(kPolicy).value();
  const struct {
    std::vector<std::string> roles;
    const char* permission;
    bool permitted;
  } kCases[] = {
      {{"submitter"}, "things.submit", true},
      {{"submitter"}, "things.delete", false},
      {{"reader", "submitter"}, "things.submit", true},
      {{"keeper"}, "things.submit", true},
      {{"keeper"}, "things.parts.get", true},
      {{"keeper"}, "things", false},
      {{"keeper"}, "things.", false},
      {{"keeper"}, "thingsother.get", false},
      {{"keeper"}, "notes.list", false},
      {{"nobody"}, "things.get", false},
      {{"undefined"}, "things.get", false},
      {{}, "things.get", false},
      {{"keeper"}, "", false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(policy.Permits(c.roles, c.permission), c.permitted) << c.permission;
  }
}

TEST(Policy, MistakesAreNamed) {
  const struct {
    const char* text;
    const char* named;
  } kCases[] = {
      {R"(roles { name: "a" } roles { name: "a" })", "role \"a\": is defined twice"},
      {R"(roles { permissions: "x.y" })", "has no name"},
      {R"(roles { name: "a" permissions: "" })", "malformed permission"},
      {R"(roles { name: "a" permissions: "*" })", "malformed permission"},
      {R"(roles { name: "a" permissions: ".*" })", "malformed permission"},
      {R"(roles { name: "a" permissions: "x.*.y" })", "malformed permission"},
      {R"(roles { name: "a" permissions: "x..y" })", "malformed permission"},
      {R"(roles { name: "a" permissions: "x y" })", "malformed permission"},
      {R"(agencies { id: "s" } agencies { id: "s" })", "agency \"s\": is defined twice"},
      {R"(agencies {})", "has no id"},
      {R"(agencies { id: "s" grants { boroughs: "*" system_roles: "r" } })",
       "agency \"s\": role \"r\" is not defined"},
      {R"(agencies { id: "s" grants { boroughs: "*" person_roles: "r" } })", "is not defined"},
      {R"(agencies { id: "s" grants {} })", "names no borough"},
  };
  for (const auto& c : kCases) {
    const auto policy = Make(c.text);
    EXPECT_EQ(policy.status().code(), absl::StatusCode::kInvalidArgument) << c.text;
    EXPECT_THAT(std::string(policy.status().message()), HasSubstr(c.named));
  }
}

TEST(Caller, SurvivesTheWire) {
  const Caller caller{.agency = "example-trust",
                      .person = "p1",
                      .team = "t1",
                      .purpose = "statutory",
                      .grants = {{"north", {"reader", "keeper"}}, {"south", {}}}};
  const Caller received = Caller::FromProto(caller.ToProto());
  EXPECT_EQ(received.agency, "example-trust");
  EXPECT_EQ(received.person, "p1");
  EXPECT_EQ(received.team, "t1");
  EXPECT_EQ(received.purpose, "statutory");
  EXPECT_THAT(received.RolesIn("north"), ElementsAre("reader", "keeper"));
  EXPECT_THAT(received.RolesIn("south"), IsEmpty());
  EXPECT_THAT(received.RolesIn("east"), IsEmpty());
}

}  // namespace
}  // namespace lscp
