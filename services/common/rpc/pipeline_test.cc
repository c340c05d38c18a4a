#include "common/rpc/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>

#include "common/config/load.h"
#include "common/observe/log.h"
#include "common/rpc/testing/boxes.h"
#include "common/status/error.h"
#include "common/testing/mariadb.h"

namespace lscp::rpc {
namespace {

namespace v1 = lscp::testing::v1;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPolicy[] = R"(
  roles { name: "packer" permissions: "boxes.pack" permissions: "boxes.get" }
  roles { name: "looker" permissions: "boxes.get" }
)";

Policy MakePolicy() {
  safeguarding::config::v1::Policy proto;
  EXPECT_TRUE(ParseTextProto(kPolicy, "policy", proto).ok());
  return *Policy::Create(proto);
}

std::vector<RpcMethod> Metered(const Methods& methods) {
  std::vector<RpcMethod> all;
  for (const auto& [path, method] : methods.all()) {
    all.push_back({"unary", method.descriptor->service()->full_name(), method.descriptor->name()});
  }
  return all;
}

class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() {
    boxes_.Register(methods_);
    EXPECT_TRUE(methods_.Check().ok()) << methods_.Check();
  }

  // A caller's arrival through a gateway; tests spoil it.
  static Arrival From(const std::string& role, const std::string& person = "p.person",
                      const std::string& borough = "barnet") {
    safeguarding::internal::v1::CallerContext context;
    context.set_agency("packers");
    context.set_person(person);
    context.set_purpose("tests");
    auto* grant = context.add_grants();
    grant->set_borough(borough);
    grant->add_roles(role);
    Arrival arrival;
    arrival.peer = "spiffe://lscp/gateway/tests";
    arrival.metadata["lscp-caller-bin"] = context.SerializeAsString();
    arrival.cancelled = [] { return false; };
    return arrival;
  }

  Outcome Run(const char* name, Arrival arrival, const std::string& bytes) {
    const Method& method =
        methods_.all().at(std::string("/") + testing::Boxes::kService + "/" + name);
    Outcome outcome;
    std::latch done(1);
    pipeline_.Run(method, std::move(arrival), bytes, [&](Outcome result) {
      outcome = std::move(result);
      done.count_down();
    });
    done.wait();
    return outcome;
  }

  static v1::PackBoxRequest Packing(const std::string& request_id) {
    v1::PackBoxRequest request;
    request.set_parent("boroughs/barnet");
    request.mutable_box()->set_content("apples");
    request.mutable_box()->set_weight(7);
    request.set_request_id(request_id);
    return request;
  }

  v1::Box Pack(const std::string& request_id) {
    const Outcome outcome = Run("PackBox", From("packer"), Packing(request_id).SerializeAsString());
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    v1::PackBoxResponse response;
    EXPECT_TRUE(response.ParseFromString(outcome.reply));
    return response.box();
  }

  Outcome GetBox(Arrival arrival, const std::string& name) {
    v1::GetBoxRequest request;
    request.set_name(name);
    return Run("GetBox", std::move(arrival), request.SerializeAsString());
  }

  int64_t Count(const std::string& table) {
    return (*database_.Connect()->Query("SELECT COUNT(*) FROM " + table, {}))[0].Int(0);
  }

  testing::TestDatabase database_{{{"boxes", testing::kMigrations}}};
  testing::Boxes boxes_;
  Methods methods_;
  std::shared_ptr<const Policy> policy_ = std::make_shared<const Policy>(MakePolicy());
  const Validator validator_;
  const SystemClock clock_;
  Metrics metrics_;
  RpcMetrics rpc_metrics_{metrics_, RpcMetrics::Side::kServer,
                          (boxes_.Register(methods_), Metered(methods_))};
  Disclosures disclosures_{&database_.database()};
  Executor executor_{&database_.database(), 2, 8};
  Pipeline pipeline_{{{"barnet", "camden"},
                      &clock_,
                      [this] { return policy_; },
                      &validator_,
                      &executor_,
                      &disclosures_,
                      &rpc_metrics_}};
};

TEST_F(PipelineTest, AWriteIsJournalledAndARepetitionIsAnsweredFromTheJournal) {
  const v1::Box first = Pack("one");
  const v1::Box second = Pack("one");
  EXPECT_EQ(first.name(), second.name());
  EXPECT_EQ(Count("boxes"), 1);
  EXPECT_EQ(Count("journal"), 1);
  v1::PackBoxRequest other = Packing("one");
  other.mutable_box()->set_content("pears");
  const Outcome reused = Run("PackBox", From("packer"), other.SerializeAsString());
  EXPECT_EQ(ReasonOf(reused.status), reason::ERROR_REASON_REQUEST_ID_REUSED);
}

TEST_F(PipelineTest, ARehearsalHasNoEffect) {
  v1::PackBoxRequest request = Packing("rehearsal");
  request.set_validate_only(true);
  EXPECT_TRUE(Run("PackBox", From("packer"), request.SerializeAsString()).status.ok());
  EXPECT_EQ(Count("boxes"), 0);
  EXPECT_EQ(Count("journal"), 0);
}

TEST_F(PipelineTest, ADisclosureIsOnRecordWhenItsReplyLeaves) {
  const v1::Box box = Pack("shown");
  EXPECT_TRUE(GetBox(From("looker"), box.name()).status.ok());
  const auto rows =
      database_.Connect()->Query("SELECT agency, person, purpose, resource FROM disclosures", {});
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].Text(0), "packers");
  EXPECT_EQ((*rows)[0].Text(1), "p.person");
  EXPECT_EQ((*rows)[0].Text(2), "tests");
  EXPECT_EQ((*rows)[0].Text(3), box.name());
}

TEST_F(PipelineTest, ASearchThatFoundNothingIsOnRecordToo) {
  v1::ListBoxesRequest request;
  request.set_parent("boroughs/barnet");
  EXPECT_TRUE(Run("ListBoxes", From("looker"), request.SerializeAsString()).status.ok());
  EXPECT_EQ(Count("disclosures WHERE resource = 'boroughs/barnet'"), 1);
}

TEST_F(PipelineTest, WhatMayNotBeSeenLooksLikeWhatIsNotThere) {
  const v1::Box box = Pack("hidden");
  const std::string absent = "boroughs/barnet/boxes/absent";
  const Outcome not_there = GetBox(From("looker"), absent);
  const Outcome not_allowed = GetBox(From("nobody"), absent);
  const Outcome elsewhere = GetBox(From("looker", "p.person", "camden"), absent);
  EXPECT_EQ(not_there.status, not_allowed.status);
  EXPECT_EQ(not_there.status, elsewhere.status);
  EXPECT_EQ(ReasonOf(not_there.status), reason::ERROR_REASON_PERMISSION_DENIED);
  EXPECT_EQ(Count("disclosures"), 0);
}

TEST_F(PipelineTest, WhoCallsMustBeKnown) {
  const std::string bytes = Packing("who").SerializeAsString();
  Arrival agency = From("packer");
  agency.peer = "spiffe://lscp/agency/packers";
  EXPECT_EQ(ReasonOf(Run("PackBox", agency, bytes).status),
            reason::ERROR_REASON_CERTIFICATE_REQUIRED);
  Arrival nobody = From("packer");
  nobody.metadata.clear();
  EXPECT_EQ(Run("PackBox", nobody, bytes).status.code(), absl::StatusCode::kUnauthenticated);
  Arrival junk = From("packer");
  junk.metadata["lscp-caller-bin"] = "\xff\xff";
  EXPECT_EQ(Run("PackBox", junk, bytes).status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(ReasonOf(Run("PackBox", From("packer", ""), bytes).status),
            reason::ERROR_REASON_PERSON_REQUIRED);
}

TEST_F(PipelineTest, PermissionComesBeforeValidationAndValidationListsEverything) {
  v1::PackBoxRequest bad;
  bad.set_parent("boroughs/barnet");
  bad.mutable_box()->set_content(std::string(30, 'x'));
  EXPECT_EQ(ReasonOf(Run("PackBox", From("looker"), bad.SerializeAsString()).status),
            reason::ERROR_REASON_PERMISSION_DENIED);
  const Outcome invalid = Run("PackBox", From("packer"), bad.SerializeAsString());
  EXPECT_EQ(invalid.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(invalid.status.ToString(), HasSubstr("box.content"));
  EXPECT_THAT(invalid.status.ToString(), HasSubstr("request_id"));
  EXPECT_EQ(ReasonOf(Run("PackBox", From("packer"), "\xff\xff\xff").status),
            reason::ERROR_REASON_UNDECODABLE_REQUEST);
  Arrival misrouted = From("packer");
  misrouted.metadata["lscp-borough"] = "camden";
  EXPECT_EQ(ReasonOf(Run("PackBox", misrouted, Packing("r").SerializeAsString()).status),
            reason::ERROR_REASON_BOROUGH_MISMATCH);
}

TEST_F(PipelineTest, AStaleEtagIsRefusedAndNamesTheCurrentOne) {
  const v1::Box box = Pack("etag");
  v1::RepackBoxRequest request;
  request.set_name(box.name());
  request.set_etag(box.etag());
  request.set_content("pears");
  request.set_request_id("r1");
  EXPECT_TRUE(Run("RepackBox", From("packer"), request.SerializeAsString()).status.ok());
  request.set_request_id("r2");
  const Outcome stale = Run("RepackBox", From("packer"), request.SerializeAsString());
  EXPECT_EQ(ReasonOf(stale.status), reason::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_THAT(ToRpcStatus(stale.status, "").ShortDebugString(), HasSubstr("currentEtag"));
}

TEST_F(PipelineTest, PagesFollowEachOtherAndATokenIsBoundToItsQuery) {
  for (int i = 0; i < 5; ++i) Pack("page" + std::to_string(i));
  v1::ListBoxesRequest request;
  request.set_parent("boroughs/-");
  request.set_page_size(2);
  std::set<std::string> seen;
  v1::ListBoxesResponse page;
  do {
    const Outcome outcome = Run("ListBoxes", From("looker"), request.SerializeAsString());
    ASSERT_TRUE(page.ParseFromString(outcome.reply));
    ASSERT_LE(page.boxes_size(), 2);
    for (const v1::Box& box : page.boxes()) EXPECT_TRUE(seen.insert(box.name()).second);
    if (!page.next_page_token().empty()) request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  EXPECT_EQ(seen.size(), 5u);
  request.set_heavier_than(3);
  EXPECT_EQ(ReasonOf(Run("ListBoxes", From("looker"), request.SerializeAsString()).status),
            reason::ERROR_REASON_PAGE_TOKEN_MISMATCH);
}

TEST_F(PipelineTest, AFaultIsMaskedAndFoundInTheLogByItsId) {
  std::string logged;
  v1::PackBoxRequest bomb = Packing("bomb");
  bomb.mutable_box()->set_content("bomb");
  Outcome outcome;
  {
    const ScopedLogSink sink([&](std::string_view line) { logged += line; });
    outcome = Run("PackBox", From("packer"), bomb.SerializeAsString());
  }
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kInternal);
  const std::string text(outcome.status.message());
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(logged, HasSubstr("secret of the database"));
  const std::string fault_id = text.substr(sizeof("Internal fault ") - 1, 16);
  EXPECT_THAT(logged, HasSubstr(fault_id));
}

TEST_F(PipelineTest, ACallThatNobodyWaitsForIsDropped) {
  Arrival late = From("packer");
  late.deadline = absl::Now() - absl::Milliseconds(1);
  EXPECT_EQ(ReasonOf(Run("PackBox", late, Packing("late").SerializeAsString()).status),
            reason::ERROR_REASON_TOO_LATE);
  Arrival gone = From("packer");
  gone.cancelled = [] { return true; };
  EXPECT_EQ(Run("PackBox", gone, Packing("gone").SerializeAsString()).status.code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(Count("boxes"), 0);
}

TEST_F(PipelineTest, AFullQueueIsAnsweredAtOnceWithWhenToTryAgain) {
  // Shared: the workers may still be looking at it when the test ends.
  auto release = std::make_shared<std::latch>(1);
  // Two workers held, eight places taken.
  for (int i = 0; i < 2; ++i) {
    executor_.Submit([release](db::Session&) { release->wait(); });
  }
  while (executor_.busy() < 2) absl::SleepFor(absl::Milliseconds(1));
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(executor_.TrySubmit([](db::Session&) {}));
  const Outcome refused = Run("PackBox", From("packer"), Packing("busy").SerializeAsString());
  release->count_down();
  EXPECT_EQ(ReasonOf(refused.status), reason::ERROR_REASON_OVERLOADED);
  EXPECT_THAT(ToRpcStatus(refused.status, "").ShortDebugString(), HasSubstr("RetryInfo"));
}

TEST_F(PipelineTest, EveryCallIsCountedRefusedOrNot) {
  Pack("count");
  Run("PackBox", From("looker"), Packing("x").SerializeAsString());
  const std::string text = metrics_.Text();
  for (const char* code : {"OK", "PermissionDenied"}) {
    EXPECT_THAT(text, HasSubstr(std::string("grpc_server_handled_total{grpc_code=\"") + code +
                                "\",grpc_method=\"PackBox\",grpc_service=\"lscp.testing.v1."
                                "BoxesService\",grpc_type=\"unary\"} 1"));
  }
}

TEST(MethodsTest, WhatIsMissingOrMisfitIsFoundAtStart) {
  struct Half {
    absl::StatusOr<v1::GetBoxResponse> Get(const v1::GetBoxRequest&, Reading&) {
      return v1::GetBoxResponse();
    }
    absl::StatusOr<v1::GetBoxResponse> Wrong(const v1::ListBoxesRequest&, Reading&) {
      return v1::GetBoxResponse();
    }
  } half;
  Methods methods;
  methods.Of(testing::Boxes::kService, &half)
      .Read("GetBox", &Half::Get)
      .Read("ListBoxes", &Half::Wrong)
      .Read("NoSuchMethod", &Half::Get);
  const std::string mistakes = methods.Check().ToString();
  EXPECT_THAT(mistakes, HasSubstr("PackBox is not served"));
  EXPECT_THAT(mistakes, HasSubstr("ListBoxes is not in the contract with these types"));
  EXPECT_THAT(mistakes, HasSubstr("NoSuchMethod is not in the contract"));
}

}  // namespace
}  // namespace lscp::rpc
