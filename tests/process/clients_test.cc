// A partner's own programs, in two other languages (tests/clients): each sends a referral, hears
// what became of it, and shows what is wrong with a bad one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/testing/process.h"
#include "re2/re2.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace referrals = safeguarding::referrals::v1;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kContacts[] = "/safeguarding.referrals.v1.ContactsService/";
constexpr char kClients[] = LSCP_SOURCE_DIR "/tests/clients";
const client::Headers kBarnet = {{"lscp-borough", "barnet"}};

Suite& TheSuite() {
  static auto& suite = *new Suite;
  return suite;
}

// The hub: decides a contact for early help, with words for its sender.
void Decide(const std::string& name) {
  auto manager = TheSuite().As("barnet-council", "m.manager", {"mash_manager"});
  referrals::GetContactRequest get;
  get.set_name(name);
  referrals::GetContactResponse contact;
  absl::Status status =
      manager->Call(absl::StrCat(kContacts, "GetContact"), get, kBarnet, &contact);
  ASSERT_TRUE(status.ok()) << status;
  referrals::DecideContactResponse reply;
  status = manager->Call(absl::StrCat(kContacts, "DecideContact"), EarlyHelpFor(contact.contact()),
                         kBarnet, &reply);
  ASSERT_TRUE(status.ok()) << status;
}

struct Program {
  std::string name;
  std::vector<std::string> command;
  std::string needs;  // a file that must be there, and how to get it
};

class APartnersProgram : public ::testing::TestWithParam<Program> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(GetParam().needs)) {
      if (std::getenv("CI") != nullptr) FAIL() << GetParam().needs << " is missing";
      GTEST_SKIP() << GetParam().needs << " is missing; ./lscp test installs it";
    }
    output_ = absl::StrCat(TheSuite().pki().directory(), "/", GetParam().name, ".out");
    std::filesystem::remove(output_);
  }

  // Starts the program on a file with a contact.
  std::unique_ptr<testing::ChildProcess> Start(const std::string& file) {
    const client::Target target = TheSuite().TargetOf("example-primary-school");
    std::vector<std::string> command = {
        "/usr/bin/env",
        "LSCP_ENDPOINT=" + target.endpoint,
        "LSCP_CERT=" + target.certificate_file,
        "LSCP_KEY=" + target.key_file,
        "LSCP_CA=" + target.ca_file,
        "LSCP_BOROUGH=barnet",
        "PYTHONPATH=" LSCP_PYTHON_MODULES,
        "PYTHONDONTWRITEBYTECODE=1",
    };
    command.insert(command.end(), GetParam().command.begin(), GetParam().command.end());
    command.push_back(file);
    return std::make_unique<testing::ChildProcess>(command, output_);
  }

  std::string Output() const {
    std::ifstream in(output_);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }

 private:
  std::string output_;
};

TEST_P(APartnersProgram, SendsAReferralAndHearsWhatBecameOfIt) {
  auto program = Start(absl::StrCat(kClients, "/referral.json"));
  std::string name;
  const bool sent = WaitUntil([&] {
    return RE2::PartialMatch(Output(), "sent: (\\S+)\n(?s:.*)decision due: \\d{4}-", &name) ||
           !program->Running();
  });
  ASSERT_TRUE(sent && !name.empty()) << Output();
  Decide(name);
  EXPECT_EQ(program->Wait(), 0) << Output();
  EXPECT_THAT(Output(),
              AllOf(HasSubstr("outcome: CONTACT_OUTCOME_EARLY_HELP"),
                    HasSubstr("feedback: Invented: an early help worker will be in touch")));
}

TEST_P(APartnersProgram, ShowsWhatIsWrongWithABadReferral) {
  const std::string file = TheSuite().pki().WriteFile("bad.json", R"({
      "formType": "FORM_TYPE_REFERRAL_FORM", "source": "REFERRAL_SOURCE_SCHOOL",
      "consent": {"status": "STATUS_OBTAINED"},
      "children": [{"familyName": "Zzinvented",
                    "birthDate": {"year": 2023, "month": 2, "day": 29}}]})");
  auto program = Start(file);
  EXPECT_EQ(program->Wait(), 1);
  EXPECT_THAT(Output(),
              AllOf(HasSubstr("refused: INVALID_ARGUMENT"), HasSubstr("reason: INVALID_FIELDS"),
                    HasSubstr("contact.concerns: is required"),
                    HasSubstr("contact.children[0].birth_date: "), Not(HasSubstr("Zzinvented"))));
}

INSTANTIATE_TEST_SUITE_P(
    Clients, APartnersProgram,
    ::testing::Values(Program{"node",
                              {"node", absl::StrCat(kClients, "/node/refer.js")},
                              absl::StrCat(kClients, "/node/node_modules/@grpc/grpc-js")},
                      Program{"python",
                              {"/usr/bin/python3", absl::StrCat(kClients, "/python/refer.py")},
                              "/usr/lib/python3/dist-packages/grpc"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace lscp::tests
