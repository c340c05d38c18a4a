#include "child_protection/case_transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "absl/strings/match.h"
#include "child_protection/testing/rules.h"

namespace lscp::child_protection {
namespace {

using pb::CaseTransfer;

constexpr char kOurs[] = "boroughs/testborough/caseTransfers/t1";
constexpr char kTheirs[] = "boroughs/otherborough/caseTransfers/t1";
// A Monday.
const absl::Time kNotice = LondonTime(2025, 9, 1, 10);
const Step kStep = {"w.worker", "testcouncil", kNotice};

pb::CaseSummary WithPlan() {
  return ParseRequest<pb::CaseSummary>("protection_plan { previous_plans: 1 } team: 'cp-1'");
}

absl::StatusOr<CaseTransfer> Sent(const pb::CaseSummary& summary) {
  return Send(ParseRequest<pb::TransferCaseRequest>(
                  "child: 'boroughs/testborough/children/k1' to_borough: 'otherborough' "
                  "given_name: 'Testa' family_name: 'Beispiel' new_address: 'invented' "
                  "reason: CASE_TRANSFER_REASON_FAMILY_MOVES risks: 'invented'"),
              kOurs, summary, kStep, TestBorough());
}

CaseTransfer Outgoing(CaseTransfer::State state = CaseTransfer::STATE_PENDING) {
  CaseTransfer transfer = *Sent(WithPlan());
  transfer.set_state(state);
  return transfer;
}

CaseTransfer Incoming(CaseTransfer::State state = CaseTransfer::STATE_PENDING) {
  pb::CaseTransferNotice notice = NoticeOf(Outgoing());
  notice.set_case_transfer(kTheirs);
  CaseTransfer transfer = Arrive(notice, kOurs, TestBorough(), kNotice + absl::Hours(48));
  transfer.set_state(state);
  return transfer;
}

absl::Status Hear(CaseTransfer& transfer, CaseTransfer::State said) {
  pb::CaseTransferAnswer answer;
  answer.set_state(said);
  *answer.mutable_answer_time() = TimeToProto(kNotice + absl::Hours(1));
  return TakeAnswer(transfer, answer, kNotice + absl::Hours(2));
}

absl::Status AcceptIt(CaseTransfer& transfer) {
  return Accept(transfer,
                ParseRequest<pb::AcceptTransferRequest>(
                    "child: 'boroughs/testborough/children/k9' team: 'cp-2' worker: 'n.new'"),
                kStep);
}
absl::Status DeclineIt(CaseTransfer& transfer) {
  return Decline(transfer,
                 ParseRequest<pb::DeclineTransferRequest>(
                     "reason: CASE_TRANSFER_DECLINE_REASON_NOT_HERE note: 'invented'"),
                 kStep);
}
absl::Status WithdrawIt(CaseTransfer& transfer) {
  return Withdraw(transfer, ParseRequest<pb::WithdrawTransferRequest>("reason: 'invented'"));
}
absl::Status HearWithdrawal(CaseTransfer& transfer) {
  return TakeWithdrawal(transfer, ParseRequest<pb::CaseTransferWithdrawal>("reason: 'invented'"),
                        kNotice + absl::Hours(3));
}

using Verbs = std::map<std::string, std::function<absl::Status(CaseTransfer&)>>;

const Verbs& OutgoingVerbs() {
  static const auto& verbs = *new Verbs{
      {"the other borough has it",
       [](CaseTransfer& t) { return Hear(t, CaseTransfer::STATE_PENDING); }},
      {"WithdrawTransfer", WithdrawIt},
      {"the other borough accepted",
       [](CaseTransfer& t) { return Hear(t, CaseTransfer::STATE_ACCEPTED); }},
      {"the other borough declined",
       [](CaseTransfer& t) { return Hear(t, CaseTransfer::STATE_DECLINED); }},
      {"the other borough let it go",
       [](CaseTransfer& t) { return Hear(t, CaseTransfer::STATE_WITHDRAWN); }},
  };
  return verbs;
}

const Verbs& IncomingVerbs() {
  static const auto& verbs = *new Verbs{
      {"AcceptTransfer", AcceptIt},
      {"DeclineTransfer", DeclineIt},
      {"a withdrawal arrives", HearWithdrawal},
  };
  return verbs;
}

TEST(CaseTransferTransitions, AreWholeAndAsTheReadmeSays) {
  EXPECT_TRUE(testing::IsWhole(kCaseTransferTransitions));
  EXPECT_TRUE(
      testing::FileHolds(LSCP_CHILD_PROTECTION_README, MarkdownTable(kCaseTransferTransitions)));
}

TEST(CaseTransferTransitions, HoldForEveryStateAndVerbOfEachSide) {
  for (const auto& cell : testing::EveryStateAndVerb(kCaseTransferTransitions)) {
    if (cell.state == CaseTransfer::STATE_UNSPECIFIED) continue;
    for (const bool outgoing : {true, false}) {
      const Verbs& verbs = outgoing ? OutgoingVerbs() : IncomingVerbs();
      const auto verb = verbs.find(cell.verb);
      if (verb == verbs.end()) continue;
      CaseTransfer transfer = outgoing ? Outgoing(cell.state) : Incoming(cell.state);
      const absl::Status status = verb->second(transfer);
      const std::string what = cell.verb + " in " + StateName(cell.state);
      EXPECT_EQ(status.ok(), cell.to.has_value()) << what << ": " << status;
      if (cell.to) {
        EXPECT_EQ(transfer.state(), *cell.to) << what;
      } else {
        EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED) << what;
      }
    }
  }
}

TEST(CaseTransferTransitions, AreEachForOneOfTheTwoBoroughs) {
  for (const auto& [verb, run] : OutgoingVerbs()) {
    CaseTransfer transfer = Incoming();
    EXPECT_EQ(ReasonOf(run(transfer)), reason::ERROR_REASON_RULE_NOT_MET) << verb;
  }
  for (const auto& [verb, run] : IncomingVerbs()) {
    CaseTransfer transfer = Outgoing();
    EXPECT_EQ(ReasonOf(run(transfer)), reason::ERROR_REASON_RULE_NOT_MET) << verb;
  }
}

// The two records, and what is on its way between them, in order.
struct Pair {
  CaseTransfer ours = Outgoing();
  CaseTransfer theirs;  // nothing until the notice is there
  std::vector<std::string> to_them = {"notice"};
  std::vector<CaseTransfer::State> to_us;
};

void DeliverToThem(Pair& pair) {
  const std::string event = pair.to_them.front();
  pair.to_them.erase(pair.to_them.begin());
  if (event == "notice") {
    pair.theirs = Incoming();
  } else {
    ASSERT_TRUE(HearWithdrawal(pair.theirs).ok());
    if (pair.theirs.state() != CaseTransfer::STATE_WITHDRAWN) return;
  }
  pair.to_us.push_back(pair.theirs.state());
}

void DeliverToUs(Pair& pair) {
  const absl::Status heard = Hear(pair.ours, pair.to_us.front());
  ASSERT_TRUE(heard.ok()) << heard;
  pair.to_us.erase(pair.to_us.begin());
}

// Every order in which people decide and events arrive, to its end. Result: how many there are.
int Explore(const Pair& pair, const std::string& path) {
  EXPECT_TRUE(pair.ours.responsible() || pair.theirs.responsible()) << path << ": nobody is";
  int ends = 0;
  const auto go = [&](const std::string& step, const std::function<void(Pair&)>& run) {
    Pair next = pair;
    run(next);
    ends += Explore(next, path + " " + step);
  };
  if (pair.ours.state() == CaseTransfer::STATE_PENDING) {
    go("withdraw", [](Pair& p) {
      ASSERT_TRUE(WithdrawIt(p.ours).ok());
      p.to_them.push_back("withdrawal");
    });
  }
  if (pair.theirs.state() == CaseTransfer::STATE_PENDING) {
    go("accept", [](Pair& p) {
      ASSERT_TRUE(AcceptIt(p.theirs).ok());
      p.to_us.push_back(p.theirs.state());
    });
    go("decline", [](Pair& p) {
      ASSERT_TRUE(DeclineIt(p.theirs).ok());
      p.to_us.push_back(p.theirs.state());
    });
  }
  if (!pair.to_them.empty()) go("to-them", DeliverToThem);
  if (!pair.to_us.empty()) go("to-us", DeliverToUs);
  if (ends > 0) return ends;
  // Nothing is left to do or on its way: they agree, and exactly one of them is responsible.
  EXPECT_EQ(pair.ours.state(), pair.theirs.state()) << path;
  EXPECT_NE(pair.ours.responsible(), pair.theirs.responsible()) << path;
  return 1;
}

TEST(TwoBoroughs, AgreeInTheEndAndNeverLeaveTheChildToNobody) {
  EXPECT_GT(Explore(Pair(), "transfer"), 20);
}

TEST(TransferCase, WantsAPlan) {
  EXPECT_EQ(ReasonOf(Sent(pb::CaseSummary()).status()), reason::ERROR_REASON_RULE_NOT_MET);
  EXPECT_TRUE(Sent(ParseRequest<pb::CaseSummary>("child_in_need_plan {}")).ok());
  const CaseTransfer transfer = *Sent(WithPlan());
  EXPECT_EQ(transfer.counterpart(), kTheirs);
  EXPECT_EQ(transfer.summary().family_name(), "Beispiel");
}

TEST(Clocks, RunFromTheNoticeHoweverLateItArrives) {
  for (const CaseTransfer& transfer : {Outgoing(), Incoming()}) {
    EXPECT_EQ(LastDayOf(*ProtoToTime(transfer.answer_due_time())), absl::CivilDay(2025, 9, 8));
    EXPECT_EQ(ProtoToDate(transfer.conference_due_date()), absl::CivilDay(2025, 9, 22));
  }
  EXPECT_EQ(ProtoToTime(Incoming().receive_time()), kNotice + absl::Hours(48));
  EXPECT_FALSE(Outgoing().has_receive_time());
  EXPECT_FALSE(
      Sent(ParseRequest<pb::CaseSummary>("child_in_need_plan {}"))->has_conference_due_date());
}

TEST(Clocks, DoNotStartInTheFutureBecauseTheOthersClockIsWrong) {
  pb::CaseTransferNotice notice = NoticeOf(Outgoing());
  const CaseTransfer early = Arrive(notice, kOurs, TestBorough(), kNotice - absl::Hours(1));
  EXPECT_EQ(ProtoToTime(early.notice_time()), kNotice - absl::Hours(1));
}

}  // namespace
}  // namespace lscp::child_protection
