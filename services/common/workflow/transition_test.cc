#include "common/workflow/transition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/status/error.h"
#include "common/workflow/transition_testing.h"
#include "google/rpc/error_details.pb.h"
#include "safeguarding/options/v1/options.pb.h"
#include "safeguarding/timescales/v1/timescales_service.pb.h"

namespace lscp {
namespace {

using safeguarding::timescales::v1::Timescale;
using State = Timescale::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Transition<State> kTable[] = {
    {"Start", {Timescale::STATE_UNSPECIFIED}, Timescale::STATE_RUNNING},
    {"Expire", {Timescale::STATE_RUNNING}, Timescale::STATE_OVERDUE},
    {"Meet", {Timescale::STATE_RUNNING}, Timescale::STATE_MET},
    {"Meet", {Timescale::STATE_OVERDUE}, Timescale::STATE_MET_LATE},
    {"Cancel", {Timescale::STATE_RUNNING, Timescale::STATE_OVERDUE}, Timescale::STATE_CANCELLED},
};
static_assert(kTable[4].from.Has(Timescale::STATE_OVERDUE));

TEST(Next, LeadsWhereTheTableSays) {
  EXPECT_EQ(*Next(kTable, "Start", Timescale::STATE_UNSPECIFIED, "s"), Timescale::STATE_RUNNING);
  EXPECT_EQ(*Next(kTable, "Meet", Timescale::STATE_RUNNING, "s"), Timescale::STATE_MET);
  EXPECT_EQ(*Next(kTable, "Meet", Timescale::STATE_OVERDUE, "s"), Timescale::STATE_MET_LATE);
}

TEST(Next, SaysWhichStatesAllowTheVerb) {
  const auto next = Next(kTable, "Meet", Timescale::STATE_CANCELLED, "boroughs/x/boxes/1");
  EXPECT_EQ(next.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(next.status()), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  google::rpc::PreconditionFailure failure;
  const google::rpc::Status wire = ToRpcStatus(next.status(), "t");
  for (const auto& any : wire.details()) any.UnpackTo(&failure);
  ASSERT_EQ(failure.violations_size(), 1);
  EXPECT_EQ(failure.violations(0).type(), "STATE");
  EXPECT_EQ(failure.violations(0).subject(), "boroughs/x/boxes/1");
  EXPECT_EQ(failure.violations(0).description(),
            "Meet is allowed in RUNNING, OVERDUE; the state is CANCELLED");
}

TEST(Next, OfAVerbThatIsNotInTheTableIsOurFault) {
  EXPECT_EQ(Next(kTable, "Fly", Timescale::STATE_RUNNING, "s").status().code(),
            absl::StatusCode::kInternal);
}

TEST(Next, RefusesStatesThatTheEnumDoesNotHave) {
  const auto next = Next(kTable, "Meet", static_cast<State>(99), "s");
  EXPECT_THAT(std::string(next.status().message()), HasSubstr("the state is state 99"));
}

TEST(StateName, LosesThePrefixOfItsEnum) {
  EXPECT_EQ(StateName(Timescale::STATE_MET_LATE), "MET_LATE");
  EXPECT_EQ(StateName(Timescale::STATE_UNSPECIFIED), "(new)");
  EXPECT_EQ(StateName(safeguarding::options::v1::DATA_CLASS_PERSONAL), "PERSONAL");
}

TEST(Tables, AreWrittenForAReadme) {
  EXPECT_EQ(MarkdownTable(kTable),
            "| verb | from | to |\n"
            "| --- | --- | --- |\n"
            "| Start | (new) | RUNNING |\n"
            "| Expire | RUNNING | OVERDUE |\n"
            "| Meet | RUNNING | MET |\n"
            "| Meet | OVERDUE | MET_LATE |\n"
            "| Cancel | RUNNING, OVERDUE | CANCELLED |\n");
  EXPECT_EQ(MermaidDiagram(kTable),
            "```mermaid\n"
            "stateDiagram-v2\n"
            "    [*] --> RUNNING: Start\n"
            "    RUNNING --> OVERDUE: Expire\n"
            "    RUNNING --> MET: Meet\n"
            "    OVERDUE --> MET_LATE: Meet\n"
            "    RUNNING --> CANCELLED: Cancel\n"
            "    OVERDUE --> CANCELLED: Cancel\n"
            "    MET --> [*]\n"
            "    MET_LATE --> [*]\n"
            "    CANCELLED --> [*]\n"
            "```\n");
}

TEST(EveryStateAndVerb, IsTheWholeMatrix) {
  const auto matrix = testing::EveryStateAndVerb(kTable);
  EXPECT_EQ(matrix.size(), 6u * 4u);
  const auto allowed = std::count_if(matrix.begin(), matrix.end(),
                                     [](const auto& cell) { return cell.to.has_value(); });
  EXPECT_EQ(allowed, 6);
}

TEST(IsWhole, FindsStatesThatCannotBeReachedAndDoubleRows) {
  EXPECT_TRUE(testing::IsWhole(kTable));
  constexpr Transition<State> kPoor[] = {
      {"Start", {Timescale::STATE_UNSPECIFIED}, Timescale::STATE_RUNNING},
      {"Start", {Timescale::STATE_UNSPECIFIED}, Timescale::STATE_MET},
  };
  EXPECT_THAT(workflow::Faults(workflow::Untyped(kPoor)),
              ElementsAre("Start from (new) is there twice", "nothing leads to OVERDUE",
                          "nothing leads to MET_LATE", "nothing leads to CANCELLED"));
  EXPECT_FALSE(testing::IsWhole(kPoor));
}

TEST(FileHolds, ComparesAReadmeWithTheTruth) {
  const std::string file = ::testing::TempDir() + "/transition_test_readme.md";
  std::ofstream(file) << "# Box\n\n" << MarkdownTable(kTable) << "\nmore\n";
  EXPECT_TRUE(testing::FileHolds(file, MarkdownTable(kTable)));
  EXPECT_FALSE(testing::FileHolds(file, MermaidDiagram(kTable)));
  EXPECT_FALSE(testing::FileHolds(file + ".none", "x"));
  std::remove(file.c_str());
}

}  // namespace
}  // namespace lscp
