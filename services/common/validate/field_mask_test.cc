#include "common/validate/field_mask.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "common/validate/sample.pb.h"

namespace lscp {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::TextFormat;
using google::protobuf::util::MessageDifferencer;
using validate::sample::Box;
using validate::sample::CreateBoxRequest;
using validate::sample::Label;
using validate::sample::UpdateBoxRequest;

Box Parse(const std::string& text) {
  Box box;
  EXPECT_TRUE(TextFormat::ParseFromString(text, &box)) << text;
  return box;
}

FieldMask Mask(const std::vector<std::string>& paths) {
  FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return mask;
}

struct Update {
  const char* sentence;
  std::string stored;
  std::string patch;
  std::vector<std::string> mask;
  std::string expected;
};

class ApplyUpdateTest : public ::testing::TestWithParam<Update> {};

TEST_P(ApplyUpdateTest, GivesTheExpected) {
  const Update& update = GetParam();
  SCOPED_TRACE(update.sentence);
  Box target = Parse(update.stored);
  const absl::Status status = ApplyUpdate(Parse(update.patch), Mask(update.mask), &target);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_TRUE(MessageDifferencer::Equals(target, Parse(update.expected)))
      << target.ShortDebugString();
}

constexpr char kStored[] =
    "name: 'boroughs/x/boxes/1' etag: '1' title: 'old' note: 'n' weight: 3 height: 0 "
    "label { line: 'a' second_line: 'b' print_id: 'p' } create_time { seconds: 5 } "
    "boxes { title: 'in' } text: 't'";

INSTANTIATE_TEST_SUITE_P(
    , ApplyUpdateTest,
    ::testing::Values(
        Update{"without a mask the populated fields change",
               "title: 'old' weight: 3",
               "title: 'new' note: 'n'",
               {},
               "title: 'new' note: 'n' weight: 3"},
        Update{"without a mask a populated message is replaced and not merged",
               "label { line: 'a' second_line: 'b' }",
               "label { line: 'c' }",
               {},
               "label { line: 'c' }"},
        Update{"a named field that is not populated is cleared",
               "title: 'old' note: 'n'",
               "",
               {"note"},
               "title: 'old'"},
        Update{"a field outside the mask stays",
               "title: 'old'",
               "title: 'new' note: 'n'",
               {"note"},
               "title: 'old' note: 'n'"},
        Update{"a path into a message changes that part only",
               "label { line: 'a' second_line: 'b' }",
               "label { second_line: 'c' }",
               {"label.second_line"},
               "label { line: 'a' second_line: 'c' }"},
        Update{"a path into an unset message makes nothing of nothing",
               "",
               "",
               {"label.second_line"},
               ""},
        Update{"a list is replaced",
               "boxes { title: 'x' } boxes { title: 'y' }",
               "boxes { title: 'z' }",
               {"boxes"},
               "boxes { title: 'z' }"},
        Update{"a date is one value",
               "packed { year: 2020 month: 2 day: 3 }",
               "packed { year: 2021 month: 4 day: 5 }",
               {},
               "packed { year: 2021 month: 4 day: 5 }"},
        Update{"a time on the full second loses the old fraction",
               "send_time { seconds: 1 nanos: 9 }",
               "send_time { seconds: 2 }",
               {},
               "send_time { seconds: 2 }"},
        Update{"everything is replaced but what the service sets",
               kStored,
               "title: 'new'",
               {"*"},
               "name: 'boroughs/x/boxes/1' etag: '1' title: 'new' label { print_id: 'p' } "
               "create_time { seconds: 5 }"},
        Update{"what only the service sets is ignored in a mask",
               kStored,
               "name: 'boroughs/x/boxes/2' etag: '2' create_time { seconds: 6 } "
               "label { line: 'a' second_line: 'b' print_id: 'q' }",
               {"name", "etag", "create_time", "label.print_id", "label"},
               kStored},
        Update{"name and etag in a patch without a mask change nothing",
               kStored,
               "name: 'boroughs/x/boxes/2' etag: '2'",
               {},
               kStored},
        Update{"a path that is named twice and by its parent counts once",
               "title: 'old'",
               "title: 'new' label { line: 'c' }",
               {"title", "label.line", "title", "label", "label.line"},
               "title: 'new' label { line: 'c' }"},
        Update{"another member of a oneof takes over",
               "text: 't'",
               "other_label { line: 'o' }",
               {"other_label"},
               "other_label { line: 'o' }"},
        Update{"a member of a oneof that is not set clears itself only",
               "text: 't'",
               "text: 'u'",
               {"other_label"},
               "text: 't'"},
        Update{"a oneof member that is named and unset clears the stored one",
               "text: 't'",
               "other_label { line: 'o' }",
               {"text"},
               ""},
        Update{"an optional number is set to zero", "height: 4", "height: 0", {}, "height: 0"},
        Update{"an optional number is unset", "height: 4", "", {"height"}, ""}));

class BadMask : public ::testing::TestWithParam<std::vector<std::string>> {};

TEST_P(BadMask, IsRefusedWithoutRepeatingItAndNothingChanges) {
  Box target = Parse(kStored);
  const absl::Status status = ApplyUpdate(Parse("title: 'new'"), Mask(GetParam()), &target);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), ::testing::StartsWith("update_mask: "));
  EXPECT_THAT(std::string(status.message()), ::testing::Not(::testing::HasSubstr("evil")));
  EXPECT_TRUE(MessageDifferencer::Equals(target, Parse(kStored)));
}

std::string Deep(int segments) {
  std::string path = "title";
  for (int i = 0; i < segments; ++i) path += ".title";
  return path;
}

INSTANTIATE_TEST_SUITE_P(
    , BadMask,
    ::testing::Values(std::vector<std::string>{"evil"}, std::vector<std::string>{""},
                      std::vector<std::string>{"title", "*"}, std::vector<std::string>{"."},
                      std::vector<std::string>{"label."}, std::vector<std::string>{".label"},
                      std::vector<std::string>{"label.evil"}, std::vector<std::string>{"Title"},
                      std::vector<std::string>{"createTime"},
                      std::vector<std::string>{"boxes.title"}, std::vector<std::string>{"boxes[0]"},
                      std::vector<std::string>{"by_key.k"}, std::vector<std::string>{"packed.year"},
                      std::vector<std::string>{"title.evil"},
                      std::vector<std::string>{Deep(100'000)},
                      std::vector<std::string>{"evil\xFF\n"}));

TEST(ApplyUpdate, OfADifferentTypeIsOurFault) {
  Label label;
  EXPECT_EQ(ApplyUpdate(Box(), FieldMask(), &label).code(), absl::StatusCode::kInternal);
}

TEST(ClearOutputOnly, ReachesEveryDepth) {
  CreateBoxRequest request;
  *request.mutable_box() = Parse(
      "name: 'n' etag: 'e' title: 't' label { line: 'l' print_id: 'p' } boxes { name: 'n' } "
      "by_key { key: 'k' value { etag: 'e' title: 'v' } } create_time { seconds: 1 }");
  ClearOutputOnly(&request);
  EXPECT_TRUE(
      MessageDifferencer::Equals(request.box(), Parse("title: 't' label { line: 'l' } boxes { } "
                                                      "by_key { key: 'k' value { title: 'v' } }")))
      << request.ShortDebugString();
}

TEST(ClearOutputOnly, LeavesThePatchOfAnUpdateItsIdentity) {
  UpdateBoxRequest request;
  *request.mutable_box() =
      Parse("name: 'n' etag: 'e' title: 't' create_time { } boxes { name: 'm' }");
  ClearOutputOnly(&request);
  EXPECT_TRUE(
      MessageDifferencer::Equals(request.box(), Parse("name: 'n' etag: 'e' title: 't' boxes { }")));
}

}  // namespace
}  // namespace lscp
