#include "common/validate/scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/error.h"
#include "common/validate/sample.pb.h"

namespace lscp {
namespace {

using validate::sample::CreateBoxRequest;

TEST(ScopeOf, GivesTheValueAtThePath) {
  CreateBoxRequest request;
  request.set_parent("boroughs/barnet");
  request.mutable_box()->set_name("boroughs/barnet/boxes/1");
  EXPECT_EQ(*ScopeOf(request, "parent"), "boroughs/barnet");
  EXPECT_EQ(*ScopeOf(request, "box.name"), "boroughs/barnet/boxes/1");
}

TEST(ScopeOf, NamesTheFieldThatIsMissing) {
  for (const std::string path : {"parent", "box.name", "box.label.line"}) {
    const auto scope = ScopeOf(CreateBoxRequest(), path);
    EXPECT_EQ(scope.status().code(), absl::StatusCode::kInvalidArgument) << path;
    EXPECT_THAT(std::string(scope.status().message()), ::testing::HasSubstr(path));
  }
}

TEST(ScopeOf, OfAPathThatTheTypeLacksIsOurFault) {
  for (const std::string path :
       {"", ".", "no", "box", "box.", "box.no", "parent.x", "box.boxes.name", "box.weight"}) {
    EXPECT_EQ(ScopeOf(CreateBoxRequest(), path).status().code(), absl::StatusCode::kInternal)
        << path;
  }
}

}  // namespace
}  // namespace lscp
