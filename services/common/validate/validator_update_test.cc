#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/validate/sample.pb.h"
#include "common/validate/validator.h"

namespace lscp {
namespace {

using google::protobuf::TextFormat;
using validate::sample::UpdateBoxRequest;

struct Case {
  const char* sentence;
  const char* request;
  std::vector<std::string> violations;
};

class UpdateRules : public ::testing::TestWithParam<Case> {};

TEST_P(UpdateRules, HoldOfWhatTheMaskCovers) {
  SCOPED_TRACE(GetParam().sentence);
  UpdateBoxRequest request;
  ASSERT_TRUE(TextFormat::ParseFromString(GetParam().request, &request));
  std::vector<std::string> found;
  for (const auto& violation : Validator().Check(request, absl::FromUnixSeconds(1'751'326'200))) {
    found.push_back(violation.field + ": " + violation.description);
  }
  EXPECT_EQ(found, GetParam().violations);
}

INSTANTIATE_TEST_SUITE_P(
    , UpdateRules,
    ::testing::Values(
        Case{"the patch itself is required", "", {"box: is required"}},
        Case{"without a mask a required field may be left out", "box { note: 'n' }", {}},
        Case{"without a mask what is populated is checked",
             "box { title: 'longer than twenty characters' label { } }",
             {"box.title: must have at most 20 characters", "box.label.line: is required"}},
        Case{"a required field cannot be cleared",
             "box { } update_mask { paths: 'title' }",
             {"box.title: is required"}},
        Case{"nor by replacing everything",
             "box { note: 'n' } update_mask { paths: '*' }",
             {"box.title: is required"}},
        Case{"what the mask leaves out is not looked at",
             "box { note: 'n' send_time { seconds: 5 } label { } } update_mask { paths: 'note' }",
             {}},
        Case{"a named part is checked, its neighbours are not",
             "box { label { second_line: 'x' } } update_mask { paths: 'label.second_line' }",
             {}},
        Case{"a named required part cannot be cleared",
             "box { label { second_line: 'x' } } update_mask { paths: 'label.line' }",
             {"box.label.line: is required"}},
        Case{"the name is checked in any case",
             "box { name: 'nonsense' note: 'n' }",
             {"box.name: must be a name of the form \"boroughs/{borough}/boxes/{id}\""}},
        Case{"an unknown path is told with everything else",
             "box { title: '' } update_mask { paths: 'title' paths: 'nonsense' }",
             {"update_mask: paths[1] names no field that can be updated",
              "box.title: is required"}}));

}  // namespace
}  // namespace lscp
