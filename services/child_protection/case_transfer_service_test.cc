#include "child_protection/case_transfer_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "absl/strings/str_cat.h"
#include "child_protection/child_in_need_plan_service.h"
#include "child_protection/testing/conferences_fixture.h"
#include "common/lifecycle/suite_services.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::CaseTransfer;
using safeguarding::events::v1::DeliverFromPeerRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kThere[] = "boroughs/camden/children/c1";

// Barnet, from which children move to Camden. Both are in one database; what one tells the other is
// carried by hand.
class CaseTransfersTest : public ConferencesFixture {
 protected:
  CaseTransfersTest() {
    RegisterCaseTransfers(context_, parts_);
    safeguarding::referrals::v1::ChildChanged change;
    change.set_child(kThere);
    change.set_revision(1);
    EXPECT_TRUE(children_.Change(harness_.Database(), change).ok());
  }

  void In(const std::string& borough) {
    harness_.boroughs = {borough};
    As(borough + "-council", borough + ".worker");
  }

  template <typename Request, typename Response>
  absl::StatusOr<CaseTransfer> Run(
      absl::StatusOr<Response> (CaseTransfers::*handler)(const Request&, Transaction&),
      const Request& request) {
    const auto response = harness_.Run(transfers_, handler, request);
    if (!response.ok()) return response.status();
    Collect();
    return response->case_transfer();
  }

  absl::StatusOr<CaseTransfer> Transfer(const std::string& child,
                                        const std::string& to = "camden") {
    In("barnet");
    auto request = Parse<pb::TransferCaseRequest>(
        "parent: 'boroughs/barnet' given_name: 'Testa' family_name: 'Beispiel' "
        "reason: CASE_TRANSFER_REASON_FAMILY_MOVES move_date { year: 2025 month: 3 day: 1 } "
        "new_address: '1 Invented Street' risks: 'invented'");
    request.set_child(child);
    request.set_to_borough(to);
    return Run(&CaseTransfers::Transfer, request);
  }

  absl::StatusOr<CaseTransfer> Accept(const CaseTransfer& transfer) {
    auto request = Of<pb::AcceptTransferRequest>(transfer, "team: 'cp-9' worker: 'n.new'");
    request.set_child(kThere);
    return Run(&CaseTransfers::Accept, request);
  }

  CaseTransfer Get(const std::string& name) {
    In(BoroughOf(name));
    pb::GetCaseTransferRequest request;
    request.set_name(name);
    const auto response = harness_.Run(transfers_, &CaseTransfers::Get, request);
    EXPECT_TRUE(response.ok()) << response.status();
    EXPECT_THAT(harness_.disclosed, ElementsAre(name));
    return response.ok() ? response->case_transfer() : CaseTransfer();
  }

  std::vector<std::string> ListedIn(const std::string& borough, const std::string& filter) {
    In(borough);
    const auto response = harness_.Run(
        transfers_, &CaseTransfers::List,
        Parse<pb::ListCaseTransfersRequest>("parent: 'boroughs/" + borough + "' " + filter));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    for (const CaseTransfer& transfer : response->case_transfers()) {
      names.push_back(transfer.name());
      EXPECT_FALSE(transfer.has_summary());
    }
    return names;
  }

  // Puts what the last change tells others on its way.
  void Collect() {
    for (const JournalEntry& entry : harness_.entries) {
      const std::string here = BoroughOf(entry.resource);
      if (!entry.event || BoroughOf(entry.event->subject) == here) continue;
      safeguarding::events::v1::Event event;
      event.set_id(absl::StrCat("child-protection/", here, "/", ++sent_));
      event.set_type(entry.event->type);
      event.set_resource(entry.resource);
      event.set_subject(entry.event->subject);
      EXPECT_TRUE(event.mutable_content()->ParseFromString(entry.event->content));
      on_the_way_.push_back(std::move(event));
    }
  }

  absl::Status Deliver(const safeguarding::events::v1::Event& event, const std::string& agency) {
    harness_.boroughs = {BoroughOf(event.subject())};
    harness_.caller = Caller();
    harness_.caller.agency = agency;
    DeliverFromPeerRequest request;
    request.set_parent("boroughs/" + harness_.boroughs.front());
    *request.add_events() = event;
    harness_.entries.clear();
    return harness_.Run(suite_services_, &SuiteServices::DeliverFromPeer, request).status();
  }

  // Delivers one event, and then once more as a relay may.
  void Carry() {
    ASSERT_FALSE(on_the_way_.empty());
    const auto event = on_the_way_.front();
    on_the_way_.pop_front();
    const std::string agency = BoroughOf(event.resource()) + "-council";
    const absl::Status delivered = Deliver(event, agency);
    ASSERT_TRUE(delivered.ok()) << delivered;
    Collect();
    EXPECT_TRUE(Deliver(event, agency).ok());
    EXPECT_THAT(harness_.entries, IsEmpty());
  }
  void CarryAll() {
    while (!on_the_way_.empty()) Carry();
  }

  std::string StatusesOf(const std::string& child) {
    const ResourceName name = *ResourceName::Parse(child);
    const auto rows = harness_.Database().Query(
        "SELECT COUNT(*) FROM child_status WHERE borough = ? AND child = ? AND to_date IS NULL",
        {name.borough, name.id});
    return (*rows)[0].Text(0);
  }

  const safeguarding::config::v1::ServiceConfig config_ =
      Parse<safeguarding::config::v1::ServiceConfig>(
          "boroughs: 'barnet' "
          "subscribers { name: 'barnet' boroughs: 'barnet' peer { agency: 'barnet-council' } } "
          "subscribers { name: 'camden' boroughs: 'camden' peer { agency: 'camden-council' } }");
  ServiceContext context_{&config_, &harness_.clock};
  CaseTransfers transfers_{parts_, {"barnet", "camden"}};
  SuiteServices suite_services_{&context_};
  std::deque<safeguarding::events::v1::Event> on_the_way_;
  int sent_ = 0;
};

TEST_F(CaseTransfersTest, TheSummaryIsMadeOfWhatIsOnRecord) {
  const std::string child =
      Child("k1", "nhs_number: '9990000018' birth_date { year: 2019 month: 5 day: 4 }");
  const std::string plan = PlanFor(child);
  const auto sent = Transfer(child);
  ASSERT_TRUE(sent.ok()) << sent.status();
  const pb::CaseSummary& summary = sent->summary();
  EXPECT_EQ(summary.given_name(), "Testa");
  EXPECT_EQ(summary.nhs_number(), "9990000018");
  EXPECT_EQ(summary.birth_date().year(), 2019);
  EXPECT_EQ(summary.protection_plan().latest_category(), pb::PLAN_CATEGORY_NEGLECT);
  EXPECT_EQ(summary.worker(), "w.worker");
  EXPECT_EQ(summary.duty_contact().phone(), "020 7946 0001");
  EXPECT_FALSE(summary.has_last_visit_date());
  EXPECT_FALSE(summary.missing());
}

TEST_F(CaseTransfersTest, BothSidesShowItPendingAndTheClocksRunFromTheNotice) {
  const std::string child = Child("k1");
  PlanFor(child);
  const auto sent = Transfer(child);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_THAT(ListedIn("barnet", "not_received: true"), ElementsAre(sent->name()));
  EXPECT_THAT(ListedIn("camden", ""), IsEmpty());
  harness_.clock.Advance(absl::Hours(72));  // the other borough is away
  CarryAll();
  const CaseTransfer here = Get(sent->name());
  const CaseTransfer there = Get(sent->counterpart());
  EXPECT_EQ(here.state(), CaseTransfer::STATE_PENDING);
  EXPECT_EQ(there.state(), CaseTransfer::STATE_PENDING);
  EXPECT_EQ(ProtoToTime(here.receive_time()), harness_.clock.Now());
  EXPECT_TRUE(here.responsible());
  EXPECT_FALSE(there.responsible());
  EXPECT_EQ(there.sent_by(), "");
  EXPECT_THAT(ListedIn("barnet", "not_received: true"), IsEmpty());
  EXPECT_EQ(ClockOf(here.name(), "transfer_answer"), "due 2025-03-10");
  EXPECT_EQ(ClockOf(there.name(), "transfer_answer"), "due 2025-03-10");
  EXPECT_EQ(ClockOf(there.name(), "transfer_in_conference"), "due 2025-03-24");
  EXPECT_EQ(ClockOf(here.name(), "transfer_in_conference"), "none");
}

TEST_F(CaseTransfersTest, AnAcceptanceEndsThePlanWhenItArrivesAndNotBefore) {
  const std::string child = Child("k1");
  const std::string plan = PlanFor(child);
  const std::string sent = Transfer(child)->name();
  CarryAll();
  const auto accepted = Accept(Get(Get(sent).counterpart()));
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_TRUE(accepted->responsible());
  EXPECT_EQ(StatusesOf(kThere), "1");
  EXPECT_EQ(ClockOf(accepted->name(), "transfer_answer"), "due 2025-03-10 met 2025-03-03");
  In("barnet");
  EXPECT_EQ(Plan(plan).state(), pb::ProtectionPlan::STATE_ACTIVE);
  EXPECT_TRUE(Get(sent).responsible());

  CarryAll();
  EXPECT_EQ(Get(sent).state(), CaseTransfer::STATE_ACCEPTED);
  EXPECT_FALSE(Get(sent).responsible());
  EXPECT_EQ(Plan(plan).end_reason(), pb::PLAN_END_REASON_TRANSFERRED);
  EXPECT_EQ(StatusesOf(child), "0");
  EXPECT_EQ(ClockOf(sent, "transfer_answer"), "due 2025-03-10 met 2025-03-03");
}

TEST_F(CaseTransfersTest, AnAcceptanceEndsTheChildInNeedPlanToo) {
  ChildInNeedPlans in_need(parts_);
  const auto started =
      harness_.Run(in_need, &ChildInNeedPlans::Start,
                   Parse<pb::StartChildInNeedPlanRequest>(
                       "parent: 'boroughs/barnet' child: '" + Child("k1") +
                       "' needs: 'invented' plan: 'invented' contingency: 'invented' team: 'cin'"));
  ASSERT_TRUE(started.ok()) << started.status();
  const auto sent = Transfer(started->child_in_need_plan().child());
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->summary().child_in_need_plan().needs(), "invented");
  CarryAll();
  const auto accepted = Accept(Get(sent->counterpart()));
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(StatusesOf(kThere), "0");
  EXPECT_EQ(ClockOf(accepted->name(), "transfer_in_conference"), "none");
  CarryAll();
  In("barnet");
  pb::GetChildInNeedPlanRequest get;
  get.set_name(started->child_in_need_plan().name());
  const auto ended = harness_.Run(in_need, &ChildInNeedPlans::Get, get);
  EXPECT_EQ(ended->child_in_need_plan().destination(), pb::CIN_DESTINATION_OTHER_LOCAL_AUTHORITY);
  EXPECT_EQ(ClockOf(get.name(), "cin_first_review"), "due 2025-06-03 cancelled 2025-03-03");
}

TEST_F(CaseTransfersTest, OfARestrictedChildGoesOnWithoutAPersonWhoMaySeeIt) {
  const std::string child = Child("k1");
  const std::string plan = PlanFor(child);
  Child("k1", "restricted: true allowed_people: 'barnet.worker'", 2);
  const auto sent = Transfer(child);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(sent->summary().restricted());
  CarryAll();
  ASSERT_TRUE(Accept(Get(sent->counterpart())).ok());
  CarryAll();
  EXPECT_EQ(Get(sent->name()).state(), CaseTransfer::STATE_ACCEPTED);
  EXPECT_EQ(Plan(plan).state(), pb::ProtectionPlan::STATE_ENDED);
  As("barnet-council", "somebody.else");
  pb::GetCaseTransferRequest get;
  get.set_name(sent->name());
  EXPECT_TRUE(
      absl::IsPermissionDenied(harness_.Run(transfers_, &CaseTransfers::Get, get).status()));
}

TEST_F(CaseTransfersTest, ARefusalLeavesEverythingAsItWas) {
  const std::string child = Child("k1");
  const std::string plan = PlanFor(child);
  const std::string sent = Transfer(child)->name();
  CarryAll();
  const std::string there = Get(sent).counterpart();
  const CaseTransfer incoming = Get(there);
  const auto declined =
      Run(&CaseTransfers::Decline,
          Of<pb::DeclineTransferRequest>(
              incoming, "reason: CASE_TRANSFER_DECLINE_REASON_NOT_HERE note: 'invented'"));
  ASSERT_TRUE(declined.ok()) << declined.status();
  EXPECT_EQ(ClockOf(there, "transfer_in_conference"), "due 2025-03-24 cancelled 2025-03-03");
  CarryAll();
  EXPECT_EQ(Get(sent).state(), CaseTransfer::STATE_DECLINED);
  EXPECT_EQ(Get(sent).decline_reason(), pb::CASE_TRANSFER_DECLINE_REASON_NOT_HERE);
  EXPECT_EQ(Plan(plan).state(), pb::ProtectionPlan::STATE_ACTIVE);
  EXPECT_TRUE(Transfer(child).ok());
}

TEST_F(CaseTransfersTest, AWithdrawalIsConfirmed) {
  const std::string child = Child("k1");
  PlanFor(child);
  const auto sent = Transfer(child);
  const auto withdrawing =
      Run(&CaseTransfers::Withdraw, Of<pb::WithdrawTransferRequest>(*sent, "reason: 'came back'"));
  ASSERT_TRUE(withdrawing.ok()) << withdrawing.status();
  EXPECT_EQ(withdrawing->state(), CaseTransfer::STATE_WITHDRAWING);
  CarryAll();
  EXPECT_EQ(Get(sent->name()).state(), CaseTransfer::STATE_WITHDRAWN);
  EXPECT_EQ(Get(sent->counterpart()).state(), CaseTransfer::STATE_WITHDRAWN);
  EXPECT_EQ(ClockOf(sent->counterpart(), "transfer_answer"), "due 2025-03-10 cancelled 2025-03-03");
}

TEST_F(CaseTransfersTest, AWithdrawalThatCrossesAnAcceptanceComesTooLate) {
  const std::string child = Child("k1");
  const std::string plan = PlanFor(child);
  const auto sent = Transfer(child);
  CarryAll();
  ASSERT_TRUE(Run(&CaseTransfers::Withdraw,
                  Of<pb::WithdrawTransferRequest>(Get(sent->name()), "reason: 'came back'"))
                  .ok());
  ASSERT_TRUE(Accept(Get(sent->counterpart())).ok());
  CarryAll();
  EXPECT_EQ(Get(sent->name()).state(), CaseTransfer::STATE_ACCEPTED);
  EXPECT_EQ(Get(sent->counterpart()).state(), CaseTransfer::STATE_ACCEPTED);
  EXPECT_EQ(Get(sent->counterpart()).withdraw_reason(), "came back");
  In("barnet");
  EXPECT_EQ(Plan(plan).state(), pb::ProtectionPlan::STATE_ENDED);
}

TEST_F(CaseTransfersTest, AreRefusedWithoutAPlanTwiceOrToWhereNobodyIs) {
  const std::string child = Child("k1");
  EXPECT_EQ(ReasonOf(Transfer(child).status()), reason::ERROR_REASON_RULE_NOT_MET);
  PlanFor(child);
  for (const char* to : {"nowhere", "barnet"}) {
    EXPECT_THAT(Violations(Transfer(child, to).status()), ElementsAre("to_borough")) << to;
  }
  EXPECT_TRUE(Transfer(child).ok());
  EXPECT_EQ(BrokenRule(Transfer(child).status()), "one_open_transfer");
}

TEST_F(CaseTransfersTest, APeerSpeaksForItsOwnBoroughsAndRecordsOnly) {
  const std::string child = Child("k1");
  PlanFor(child);
  const auto sent = Transfer(child);
  const auto notice = on_the_way_.front();
  EXPECT_TRUE(absl::IsPermissionDenied(Deliver(notice, "camden-council")));
  EXPECT_TRUE(absl::IsPermissionDenied(Deliver(notice, "unheard-of-agency")));
  auto other = notice;
  other.set_resource("boroughs/enfield/caseTransfers/x");
  EXPECT_TRUE(absl::IsInvalidArgument(Deliver(other, "barnet-council")));
  other = notice;
  other.set_resource("boroughs/barnet/caseTransfers/x");
  EXPECT_TRUE(absl::IsInvalidArgument(Deliver(other, "barnet-council")));
  other = notice;
  other.set_type("referrals.child_changed");  // what siblings say is not taken from peers
  EXPECT_TRUE(Deliver(other, "barnet-council").ok());
  EXPECT_THAT(ListedIn("camden", ""), IsEmpty());
  Carry();
  EXPECT_THAT(ListedIn("camden", "direction: DIRECTION_INCOMING"), SizeIs(1));

  // An answer of somebody to whom the child was not sent.
  safeguarding::events::v1::Event answer = on_the_way_.front();
  answer.set_id("child-protection/camden/999");
  answer.set_resource("boroughs/camden/caseTransfers/other");
  EXPECT_TRUE(absl::IsInvalidArgument(Deliver(answer, "camden-council")));
}

TEST_F(CaseTransfersTest, TheTransferInConferenceIsWhatAnAcceptedChildIsOwed) {
  const std::string gone = Child("k1");
  PlanFor(gone);
  const auto sent = Transfer(gone);
  CarryAll();
  CaseTransfer incoming = Get(sent->counterpart());
  ASSERT_TRUE(Accept(incoming).ok());
  CarryAll();
  EXPECT_THAT(ListedIn("camden", "awaiting_conference: true"), ElementsAre(incoming.name()));

  In("camden");
  auto request = Parse<pb::ConveneConferenceRequest>(
      "parent: 'boroughs/camden' chair: 'c.chair' team: 'cp-9' worker: 'w.worker' "
      "type: TYPE_TRANSFER_IN notice_date { year: 2025 month: 3 day: 3 }");
  pb::ConsideredChild& considered = *request.add_children();
  considered.set_child(kThere);
  considered.set_given_name("Testa");
  considered.set_family_name("Beispiel");
  *request.mutable_plan_time() =
      TimeToProto(StartOfDay(absl::CivilDay(2025, 3, 20)) + absl::Hours(10));
  const auto convened = harness_.Run(conferences_, &Conferences::Convene, request);
  ASSERT_TRUE(convened.ok()) << convened.status();
  const std::string conference = convened->conference().name();
  EXPECT_EQ(ClockOf(conference, "transfer_in_conference"), "none");
  EXPECT_EQ(ClockOf(incoming.name(), "transfer_in_conference"), "due 2025-03-24");

  const auto held = Held(Invited(convened->conference()));
  EXPECT_EQ(ClockOf(incoming.name(), "transfer_in_conference"), "due 2025-03-24 met 2025-03-03");
  EXPECT_EQ(StatusesOf(kThere), "1");
  Decided(Read(held), {"PLAN"});
  EXPECT_EQ(StatusesOf(kThere), "1");  // of the plan now
  EXPECT_THAT(ListedIn("camden", "awaiting_conference: true"), IsEmpty());
  EXPECT_EQ(Get(incoming.name()).conference(), conference);
}

}  // namespace
}  // namespace lscp::child_protection
