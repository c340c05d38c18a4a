#include "common/auth/policy_file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace lscp {
namespace {

constexpr char kDepotMayAsk[] = R"(
roles { name: "asker" permissions: "boxes.get" }
agencies { id: "depot" grants { boroughs: "barnet" system_roles: "asker" } })";

class PolicyFileTest : public ::testing::Test {
 protected:
  PolicyFileTest() { Write(kDepotMayAsk); }
  ~PolicyFileTest() override { std::remove(path_.c_str()); }

  // As Kubernetes does: the new file takes the old one's place.
  void Write(const std::string& text) {
    const std::string fresh = path_ + ".new";
    std::ofstream(fresh) << text;
    ASSERT_EQ(std::rename(fresh.c_str(), path_.c_str()), 0);
  }
  bool DepotIsKnown(const PolicyFile& file) {
    return !file.Current()->GrantsFor("depot", "", {}, {"barnet"}).empty();
  }

  const std::string path_ = ::testing::TempDir() + "policy_file_test." +
                            ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(PolicyFileTest, AChangeIsInForceAfterTheNextLook) {
  auto file = PolicyFile::Open(path_).value();
  EXPECT_TRUE(DepotIsKnown(*file));
  EXPECT_FALSE(file->Refresh());
  Write("");
  EXPECT_TRUE(DepotIsKnown(*file));
  EXPECT_TRUE(file->Refresh());
  EXPECT_FALSE(DepotIsKnown(*file));
}

TEST_F(PolicyFileTest, ABrokenFileOrNoneLeavesTheLastPolicyInForce) {
  auto file = PolicyFile::Open(path_).value();
  Write("roles { name: 'asker'");
  EXPECT_FALSE(file->Refresh());
  std::remove(path_.c_str());
  EXPECT_FALSE(file->Refresh());
  EXPECT_TRUE(DepotIsKnown(*file));
  Write("");
  EXPECT_TRUE(file->Refresh());
  EXPECT_FALSE(DepotIsKnown(*file));
}

TEST_F(PolicyFileTest, WithoutAPolicyThereIsNone) {
  Write("agencies { id: 'depot' } agencies { id: 'depot' }");
  EXPECT_EQ(PolicyFile::Open(path_).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lscp
