#include "common/auth/policy_file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace lscp {
namespace {

constexpr char kSchoolMayAsk[] = R"(
roles { name: "asker" permissions: "boxes.get" }
agencies { id: "school" grants { boroughs: "barnet" system_roles: "asker" } })";

class PolicyFileTest : public ::testing::Test {
 protected:
  PolicyFileTest() { Write(kSchoolMayAsk); }
  ~PolicyFileTest() override { std::remove(path_.c_str()); }

  // As Kubernetes does: the new file takes the old one's place.
  void Write(const std::string& text) {
    const std::string fresh = path_ + ".new";
    std::ofstream(fresh) << text;
    ASSERT_EQ(std::rename(fresh.c_str(), path_.c_str()), 0);
  }
  bool SchoolIsKnown(const PolicyFile& file) {
    return !file.Current()->GrantsFor("school", "", {}, {"barnet"}).empty();
  }

  const std::string path_ = ::testing::TempDir() + "policy_file_test." +
                            ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(PolicyFileTest, AChangeIsInForceAfterTheNextLook) {
  auto file = PolicyFile::Open(path_).value();
  EXPECT_TRUE(SchoolIsKnown(*file));
  EXPECT_FALSE(file->Refresh());
  Write("");
  EXPECT_TRUE(SchoolIsKnown(*file));
  EXPECT_TRUE(file->Refresh());
  EXPECT_FALSE(SchoolIsKnown(*file));
}

TEST_F(PolicyFileTest, ABrokenFileOrNoneLeavesTheLastPolicyInForce) {
  auto file = PolicyFile::Open(path_).value();
  Write("roles { name: 'asker'");
  EXPECT_FALSE(file->Refresh());
  std::remove(path_.c_str());
  EXPECT_FALSE(file->Refresh());
  EXPECT_TRUE(SchoolIsKnown(*file));
  Write("");
  EXPECT_TRUE(file->Refresh());
  EXPECT_FALSE(SchoolIsKnown(*file));
}

TEST_F(PolicyFileTest, WithoutAPolicyThereIsNone) {
  Write("agencies { id: 'school' } agencies { id: 'school' }");
  EXPECT_EQ(PolicyFile::Open(path_).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lscp
