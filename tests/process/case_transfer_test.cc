// A child moves from one borough to another: two stacks, each with its gateway, its services and
// its databases, that reach each other through their gateways only. Whatever is away or dies
// meanwhile, each side hears everything once, and at no moment is nobody responsible for the child.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "safeguarding/child_protection/v1/case_transfers_service.pb.h"
#include "safeguarding/child_protection/v1/child_in_need_plans_service.pb.h"
#include "safeguarding/referrals/v1/children_service.pb.h"
#include "tests/support/requests.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

namespace pb = safeguarding::child_protection::v1;
namespace referrals = safeguarding::referrals::v1;
using pb::CaseTransfer;

constexpr char kTransfers[] = "/safeguarding.child_protection.v1.CaseTransfersService/";
constexpr char kPlans[] = "/safeguarding.child_protection.v1.ChildInNeedPlansService/";
constexpr char kChildren[] = "/safeguarding.referrals.v1.ChildrenService/";
constexpr char kLeft[] = "barnet";
constexpr char kNew[] = "barking-and-dagenham";

// What a caller must expect of an outage, and may answer by asking again.
bool IsOutage(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsCancelled(status);
}

// One borough's stack, and a manager there.
class Stack {
 public:
  Stack(const std::string& borough, const testing::TestPki* authority)
      : borough_(borough), suite_(OptionsOf(borough, authority)) {
    manager_ = suite_.As(council(), "m.manager", {"mash_manager", "team_manager"});
  }

  // Has this stack know the other: a route to its gateway, and its service as a peer.
  void Meet(Stack& other) {
    suite_.AddConfig("gateway",
                     absl::Substitute("routes { service: \"child-protection\" gateway: true\n"
                                      "  packages: \"safeguarding.child_protection.v1\"\n"
                                      "  packages: \"safeguarding.events.v1\"\n"
                                      "  boroughs: \"$0\" target: \"ipv4:$1\"\n"
                                      "  tls_server_name: \"localhost\" }\n",
                                      other.borough_, other.suite_.gateway_endpoint()));
    const auto tls = suite_.pki().Agency(council());
    suite_.AddConfig(
        Suite::kChildProtection,
        absl::Substitute("subscribers { name: \"peer-$0\" boroughs: \"$0\" target: \"ipv4:$1\"\n"
                         "  tls_server_name: \"localhost\"\n"
                         "  event_types: \"child_protection.case_transfer_*\"\n"
                         "  peer { agency: \"$2\" tls { $3 } } }\n",
                         other.borough_, suite_.gateway_endpoint(), other.council(),
                         tls.ShortDebugString()));
    suite_.StopGateway();
    suite_.StartGateway();
    suite_.StopService(Suite::kChildProtection);
    suite_.StartService(Suite::kChildProtection);
  }

  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Ask(const std::string& method, const Request& request) {
    Reply reply;
    const absl::Status status =
        manager_->Call(method, request, {{"lscp-borough", borough_}}, &reply);
    if (!status.ok()) return status;
    return reply;
  }
  // Asks again, with the same request_id, as long as there is an outage.
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Insist(const std::string& method, const Request& request) {
    absl::StatusOr<Reply> reply = absl::UnknownError("not asked");
    WaitUntil(
        [&] {
          reply = Ask<Reply>(method, request);
          return !IsOutage(reply.status());
        },
        absl::Minutes(1));
    return reply;
  }
  template <typename Reply, typename Request>
  Reply Must(const std::string& method, const Request& request) {
    const auto reply = Insist<Reply>(method, request);
    EXPECT_TRUE(reply.ok()) << method << ": " << reply.status();
    return reply.value_or(Reply());
  }

  // The name of an invented child on the register.
  std::string Child() {
    referrals::CreateChildRequest create;
    create.set_parent("boroughs/" + borough_);
    create.set_request_id(NewRequestId());
    create.mutable_child()->set_family_name("Zzinvented");
    create.mutable_child()->mutable_birth_date()->set_year(2015);
    create.mutable_child()->mutable_birth_date()->set_month(3);
    create.mutable_child()->mutable_birth_date()->set_day(14);
    return Must<referrals::CreateChildResponse>(absl::StrCat(kChildren, "CreateChild"), create)
        .child()
        .name();
  }

  // Asks until the service has heard of the child from the register.
  template <typename Reply, typename Request>
  Reply Once(const std::string& method, const Request& request) {
    absl::StatusOr<Reply> reply = absl::UnknownError("not asked");
    WaitUntil([&] {
      reply = Ask<Reply>(method, request);
      return !absl::IsPermissionDenied(reply.status()) && !IsOutage(reply.status());
    });
    EXPECT_TRUE(reply.ok()) << method << ": " << reply.status();
    return reply.value_or(Reply());
  }

  // The name of a child with a child in need plan.
  std::string ChildWithPlan() {
    pb::StartChildInNeedPlanRequest start;
    start.set_parent("boroughs/" + borough_);
    start.set_child(Child());
    start.set_needs("Invented.");
    start.set_plan("Invented.");
    start.set_contingency("Invented.");
    start.set_request_id(NewRequestId());
    Once<pb::StartChildInNeedPlanResponse>(absl::StrCat(kPlans, "StartChildInNeedPlan"), start);
    return start.child();
  }

  CaseTransfer Send(const std::string& child, const std::string& to) {
    pb::TransferCaseRequest request;
    request.set_parent("boroughs/" + borough_);
    request.set_child(child);
    request.set_to_borough(to);
    request.set_given_name("Quentin");
    request.set_family_name("Zzinvented");
    request.set_reason(pb::CASE_TRANSFER_REASON_FAMILY_MOVES);
    request.mutable_move_date()->set_year(2025);
    request.mutable_move_date()->set_month(3);
    request.mutable_move_date()->set_day(3);
    request.set_new_address("1 Invented Street");
    request.set_risks("Invented.");
    request.set_request_id(NewRequestId());
    return Must<pb::TransferCaseResponse>(absl::StrCat(kTransfers, "TransferCase"), request)
        .case_transfer();
  }

  absl::StatusOr<CaseTransfer> Get(const std::string& name) {
    pb::GetCaseTransferRequest request;
    request.set_name(name);
    const auto reply =
        Ask<pb::GetCaseTransferResponse>(absl::StrCat(kTransfers, "GetCaseTransfer"), request);
    if (!reply.ok()) return reply.status();
    return reply->case_transfer();
  }

  // As Get, however long an outage lasts.
  CaseTransfer Read(const std::string& name) {
    pb::GetCaseTransferRequest request;
    request.set_name(name);
    return Must<pb::GetCaseTransferResponse>(absl::StrCat(kTransfers, "GetCaseTransfer"), request)
        .case_transfer();
  }

  absl::StatusOr<CaseTransfer> Accept(const CaseTransfer& transfer, const std::string& child) {
    pb::AcceptTransferRequest request;
    request.set_name(transfer.name());
    request.set_etag(transfer.etag());
    request.set_child(child);
    request.set_team("cin-1");
    request.set_request_id(NewRequestId());
    return Once<pb::AcceptTransferResponse>(absl::StrCat(kTransfers, "AcceptTransfer"), request)
        .case_transfer();
  }

  absl::Status Withdraw(const CaseTransfer& transfer) {
    pb::WithdrawTransferRequest request;
    request.set_name(transfer.name());
    request.set_etag(transfer.etag());
    request.set_reason("Invented: the family came back.");
    request.set_request_id(NewRequestId());
    return Insist<pb::WithdrawTransferResponse>(absl::StrCat(kTransfers, "WithdrawTransfer"),
                                                request)
        .status();
  }

  bool WaitFor(const std::string& name, CaseTransfer::State state) {
    return WaitUntil(
        [&] {
          const auto transfer = Get(name);
          return transfer.ok() && transfer->state() == state;
        },
        absl::Minutes(1));
  }

  int64_t Count(const std::string& query, const db::Args& args = {}) {
    const auto rows = suite_.OwnerConnection(Suite::kChildProtection)->Query(query, args);
    EXPECT_TRUE(rows.ok()) << rows.status();
    return rows.ok() ? (*rows)[0].Int(0) : -1;
  }

  std::string council() const { return borough_ + "-council"; }
  Suite& suite() { return suite_; }

 private:
  static Suite::Options OptionsOf(const std::string& borough, const testing::TestPki* authority) {
    Suite::Options options;
    options.boroughs = {borough};
    options.authority = authority;
    return options;
  }

  const std::string borough_;
  Suite suite_;
  std::unique_ptr<client::Channel> manager_;
};

class TwoBoroughs : public ::testing::Test {
 protected:
  TwoBoroughs() {
    left_.Meet(new_);
    new_.Meet(left_);
  }

  // It is one of the two boroughs' at least. Asks the one that the child leaves first: it gives the
  // child up only after the other has taken it.
  void ExpectSomebodyResponsible(const CaseTransfer& sent) {
    const auto here = left_.Get(sent.name());
    if (!here.ok() || here->responsible()) return;  // who does not answer gives nobody up
    const auto there = new_.Get(sent.counterpart());
    EXPECT_TRUE(!there.ok() || there->responsible()) << sent.name();
  }

  Stack left_{kLeft, nullptr};
  Stack new_{kNew, &left_.suite().pki()};
};

TEST_F(TwoBoroughs, ANoticeReachesAPeerThatWasAwayOnceAndTheAnswerComesBack) {
  const std::string child = left_.ChildWithPlan();
  const std::string child_there = new_.Child();
  new_.suite().KillGateway();
  new_.suite().KillService(Suite::kChildProtection);
  const CaseTransfer sent = left_.Send(child, kNew);
  ASSERT_EQ(sent.state(), CaseTransfer::STATE_PENDING);

  // It was tried, more than once, and both sides are honest about it.
  ASSERT_TRUE(WaitUntil([&] {
    return left_.suite().LogOf(Suite::kChildProtection).find("event delivery fails") !=
           std::string::npos;
  }));
  EXPECT_FALSE(left_.Read(sent.name()).has_receive_time());
  EXPECT_TRUE(left_.Read(sent.name()).responsible());
  left_.suite().KillService(Suite::kChildProtection);
  left_.suite().StartService(Suite::kChildProtection);
  new_.suite().StartGateway();
  new_.suite().StartService(Suite::kChildProtection);
  ASSERT_TRUE(new_.WaitFor(sent.counterpart(), CaseTransfer::STATE_PENDING));
  EXPECT_TRUE(WaitUntil(
      [&] { return left_.Get(sent.name()).value_or(CaseTransfer()).has_receive_time(); }));

  // Nobody of the other borough reads a record here, nor the council that delivered it.
  auto stranger = new_.suite().As(left_.council(), "m.manager", {"team_manager"});
  pb::GetCaseTransferRequest get;
  get.set_name(sent.counterpart());
  pb::GetCaseTransferResponse nothing;
  EXPECT_FALSE(stranger
                   ->Call(absl::StrCat(kTransfers, "GetCaseTransfer"), get,
                          {{"lscp-borough", kNew}}, &nothing)
                   .ok());

  ASSERT_TRUE(new_.Accept(new_.Read(sent.counterpart()), child_there).ok());
  ExpectSomebodyResponsible(sent);
  ASSERT_TRUE(left_.WaitFor(sent.name(), CaseTransfer::STATE_ACCEPTED));
  EXPECT_FALSE(left_.Read(sent.name()).responsible());
  EXPECT_TRUE(new_.Read(sent.counterpart()).responsible());
  EXPECT_EQ(left_.Count("SELECT COUNT(*) FROM child_in_need_plans WHERE open_child IS NOT NULL"),
            0);
  // Everything once: one notice there; two answers here.
  EXPECT_EQ(new_.Count("SELECT COUNT(*) FROM case_transfers"), 1);
  EXPECT_EQ(new_.Count("SELECT COUNT(*) FROM event_inbox WHERE event_id LIKE ?",
                       {absl::StrCat("child-protection/", kLeft, "/%")}),
            1);
  EXPECT_EQ(left_.Count("SELECT COUNT(*) FROM event_inbox WHERE event_id LIKE ?",
                        {absl::StrCat("child-protection/", kNew, "/%")}),
            2);
}

TEST_F(TwoBoroughs, AreNeverBothOutOfItWhicheverProcessDies) {
  const std::string child = left_.ChildWithPlan();
  const std::string child_there = new_.Child();
  const CaseTransfer sent = left_.Send(child, kNew);
  std::atomic<bool> stop = false;
  std::thread watcher([&] {
    while (!stop) ExpectSomebodyResponsible(sent);
  });
  ASSERT_TRUE(WaitUntil(
      [&] { return left_.Get(sent.name()).value_or(CaseTransfer()).has_receive_time(); }));
  // The two cross: the one who asks back hears that the other has accepted.
  left_.suite().KillGateway();
  new_.suite().KillGateway();
  left_.suite().StartGateway();
  ASSERT_TRUE(left_.Withdraw(left_.Read(sent.name())).ok());
  left_.suite().KillService(Suite::kChildProtection);
  new_.suite().StartGateway();
  ASSERT_TRUE(new_.Accept(new_.Read(sent.counterpart()), child_there).ok());
  new_.suite().KillService(Suite::kChildProtection);
  left_.suite().StartService(Suite::kChildProtection);
  new_.suite().StartService(Suite::kChildProtection);
  EXPECT_TRUE(left_.WaitFor(sent.name(), CaseTransfer::STATE_ACCEPTED));
  EXPECT_TRUE(new_.WaitFor(sent.counterpart(), CaseTransfer::STATE_ACCEPTED));
  EXPECT_TRUE(WaitUntil(
      [&] {
        return !new_.Get(sent.counterpart()).value_or(CaseTransfer()).withdraw_reason().empty();
      },
      absl::Minutes(1)));
  stop = true;
  watcher.join();
  EXPECT_EQ(new_.Count("SELECT COUNT(*) FROM case_transfers"), 1);
  EXPECT_EQ(left_.Count("SELECT COUNT(*) FROM child_in_need_plans WHERE open_child IS NOT NULL"),
            0);
}

}  // namespace
}  // namespace lscp::tests
