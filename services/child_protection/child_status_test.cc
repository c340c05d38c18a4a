#include "child_protection/child_status.h"

#include "absl/strings/str_cat.h"
#include "child_protection/testing/fixture.h"

namespace lscp::child_protection {
namespace {

constexpr char kPlan[] = "boroughs/barnet/plans/p1";
constexpr absl::CivilDay kMonday(2025, 3, 3);

class ChildStatusTest : public Fixture {
 protected:
  std::string Rows() {
    std::string text;
    const auto rows = harness_.Database().Query(
        "SELECT child, status, source, from_date, to_date FROM child_status ORDER BY source", {});
    for (const db::Row& row : *rows) {
      absl::StrAppend(&text, row.Text(0), " ", row.Text(1), " ", row.Text(2), " ", row.Text(3), "–",
                      row.Text(4), "\n");
    }
    return text;
  }
};

TEST_F(ChildStatusTest, BeginsEndsAndIsTakenBack) {
  const std::string child = Child("k1");
  auto& db = harness_.Database();
  const auto status = pb::CHILD_STATUS_CHILD_PROTECTION_PLAN;
  ASSERT_TRUE(BeginStatus(db, child, status, kPlan, kMonday).ok());
  EXPECT_EQ(Rows(), "k1 1 boroughs/barnet/plans/p1 2025-03-03–\n");
  ASSERT_TRUE(EndStatus(db, child, status, kPlan, kMonday + 10).ok());
  EXPECT_EQ(Rows(), "k1 1 boroughs/barnet/plans/p1 2025-03-03–2025-03-13\n");
  ASSERT_TRUE(BeginStatus(db, child, status, kPlan, kMonday + 1).ok());
  EXPECT_EQ(Rows(), "k1 1 boroughs/barnet/plans/p1 2025-03-04–\n");
  ASSERT_TRUE(RemoveStatus(db, child, status, kPlan).ok());
  EXPECT_EQ(Rows(), "");
}

}  // namespace
}  // namespace lscp::child_protection
