// From a refusal nobody can tell whether a record exists: one that is not there, one that is
// somebody else's, a right that is not held and a borough that is not the caller's are answered in
// the same words.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "google/rpc/error_details.pb.h"
#include "re2/re2.h"
#include "safeguarding/referrals/v1/children_service.pb.h"
#include "tests/contract/well_formed.h"
#include "tests/support/any_call.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace referrals = safeguarding::referrals::v1;

constexpr char kContacts[] = "/safeguarding.referrals.v1.ContactsService/";
constexpr char kChildren[] = "/safeguarding.referrals.v1.ChildrenService/";
constexpr char kCouncil[] = "barnet-council";
const client::Headers kBarnet = {{"lscp-borough", "barnet"}};

Suite& TheSuite() {
  static auto& suite = *new Suite;
  return suite;
}

template <typename Reply>
Reply Must(client::Channel& channel, const std::string& method, const Message& request) {
  Reply reply;
  const absl::Status status = channel.Call(method, request, kBarnet, &reply);
  if (!status.ok()) ADD_FAILURE() << method << ": " << status;
  return reply;
}

struct Who {
  std::string agency;
  std::string person;
  std::vector<std::string> roles;
};

const Who kWorker = {kCouncil, "w.worker", {"mash_worker"}};
const Who kManager = {kCouncil, "m.manager", {"mash_manager"}};
const Who kAuditor = {kCouncil, "a.auditor", {"auditor"}};
const Who kPolice = {"example-police", "", {}};
const Who kSchool = {"example-primary-school", "", {}};

std::unique_ptr<client::Channel> As(const Who& who) {
  return TheSuite().As(who.agency, who.person, who.roles);
}

// A contact that the school has sent.
std::string SchoolsContact() {
  static const auto& name = *new std::string(
      Must<referrals::SubmitContactResponse>(*As(kSchool), std::string(kContacts) + "SubmitContact",
                                             ConcernOf("barnet", "ALIKE-1"))
          .referral()
          .name());
  return name;
}

// A child whose record only the manager may see.
std::string RestrictedChild() {
  static const auto& name = *new std::string([] {
    referrals::CreateChildRequest create;
    create.set_parent("boroughs/barnet");
    create.set_request_id(NewRequestId());
    create.mutable_child()->set_family_name("Zzinvented");
    create.mutable_child()->mutable_birth_date()->set_year(2015);
    create.mutable_child()->mutable_birth_date()->set_month(3);
    create.mutable_child()->mutable_birth_date()->set_day(14);
    const auto child = Must<referrals::CreateChildResponse>(
                           *As(kManager), std::string(kChildren) + "CreateChild", create)
                           .child();
    referrals::RestrictChildRequest restrict;
    restrict.set_name(child.name());
    restrict.set_etag(child.etag());
    restrict.set_request_id(NewRequestId());
    restrict.add_allowed_people("m.manager");
    restrict.set_reason("Invented: a relative works at the hub.");
    Must<referrals::RestrictChildResponse>(*As(kManager), std::string(kChildren) + "RestrictChild",
                                           restrict);
    return child.name();
  }());
  return name;
}

// What a caller sees of a refusal, names left out.
struct Seen {
  absl::StatusCode code;
  std::string text;
  std::string reason;
  std::map<std::string, std::string> metadata;

  static Seen Of(const absl::Status& status) {
    Seen seen{status.code(), std::string(status.message()), "", {}};
    RE2::GlobalReplace(&seen.text, "boroughs/[^ ']*", "NAME");
    google::rpc::ErrorInfo info;
    const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
    if (payload && info.ParseFromString(std::string(*payload))) {
      seen.reason = info.reason();
      seen.metadata = {info.metadata().begin(), info.metadata().end()};
    }
    return seen;
  }
  bool operator==(const Seen&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    out << absl::StatusCodeToString(seen.code) << " " << seen.reason << ": " << seen.text;
    for (const auto& [key, value] : seen.metadata) out << " " << key << "=" << value;
    return out;
  }
};

struct Question {
  std::string method;                   // "ChildrenService/GetChild"
  Who entitled;                         // holds the permission in Barnet
  Who unentitled;                       // does not
  std::function<std::string()> hidden;  // a record that the entitled may not see; none: nothing is
};

const MethodDescriptor& Method(const std::string& path) {
  for (const auto* method : Contract::Get().methods()) {
    if (PathOf(*method) == "/safeguarding.referrals.v1." + path) return *method;
  }
  std::abort();
}

absl::Status Ask(const Question& question, const Who& who, const std::string& record,
                 const std::string& borough) {
  const MethodDescriptor& method = Method(question.method);
  const auto request = WellFormed(method, borough);
  Message* named = request.get();
  const std::string scope = RuleOf(method).scope();
  const FieldDescriptor* field = named->GetDescriptor()->FindFieldByName(scope);
  if (field == nullptr) {  // "child.name"
    const size_t dot = scope.find('.');
    const auto* part = named->GetDescriptor()->FindFieldByName(scope.substr(0, dot));
    named = named->GetReflection()->MutableMessage(named, part);
    field = named->GetDescriptor()->FindFieldByName(scope.substr(dot + 1));
  }
  if (!record.empty()) named->GetReflection()->SetString(named, field, record);
  return CallAny(*As(who), method, request->SerializeAsString(), HeadersFor(method, borough));
}

class RefusedAlike : public ::testing::TestWithParam<Question> {};

TEST_P(RefusedAlike, WhetherTheRecordExistsCannotBeTold) {
  const Question& question = GetParam();
  const absl::Status absent = Ask(question, question.entitled, "", "barnet");
  EXPECT_EQ(Failure::Of(absent),
            (Failure{absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", {}}))
      << absent;
  const Seen seen = Seen::Of(absent);
  EXPECT_EQ(Seen::Of(Ask(question, question.unentitled, "", "barnet")), seen);
  EXPECT_EQ(Seen::Of(Ask(question, question.entitled, "", "camden")), seen);
  if (!question.hidden) return;
  const std::string hidden = question.hidden();
  const absl::Status denied = Ask(question, question.entitled, hidden, "barnet");
  EXPECT_EQ(Seen::Of(denied), seen) << denied;
  EXPECT_EQ(Seen::Of(Ask(question, question.unentitled, hidden, "barnet")), seen);
  // Here not even the service may be told apart.
  EXPECT_EQ(denied.GetPayload("type.googleapis.com/google.rpc.ErrorInfo"),
            absent.GetPayload("type.googleapis.com/google.rpc.ErrorInfo"));
}

INSTANTIATE_TEST_SUITE_P(
    Suite, RefusedAlike,
    ::testing::Values(Question{"ContactsService/GetMyReferral", kPolice, kAuditor, SchoolsContact},
                      Question{"ContactsService/GetContact", kWorker, kSchool, {}},
                      Question{"ContactsService/DecideContact", kManager, kAuditor, {}},
                      Question{"ContactsService/RateContact", kWorker, kAuditor, {}},
                      Question{"ContactsService/AnswerAgencyCheck", kPolice, kAuditor, {}},
                      Question{"ChildrenService/GetChild", kWorker, kSchool, RestrictedChild},
                      Question{"ChildrenService/UpdateChild", kWorker, kSchool, RestrictedChild},
                      Question{"ReferralsService/GetReferral", kWorker, kSchool, {}},
                      Question{"ReferralsService/DecideReferral", kManager, kAuditor, {}},
                      Question{"AssessmentsService/GetAssessment",
                               Who{kCouncil, "s.worker", {"social_worker"}},
                               kSchool,
                               {}}),
    [](const auto& info) { return info.param.method.substr(info.param.method.find('/') + 1); });

}  // namespace
}  // namespace lscp::tests
