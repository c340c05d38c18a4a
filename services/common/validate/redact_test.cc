#include "common/validate/redact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/validate/sample.pb.h"

namespace lscp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using validate::sample::Box;

Box Full() {
  Box box;
  box.set_title("plain");
  box.set_note("SECRET");
  box.mutable_packed()->set_year(1987);
  box.add_boxes()->set_note("SECRET too");
  box.mutable_boxes(0)->set_weight(4);
  (*box.mutable_by_key())["k"].set_note("SECRET three");
  box.mutable_extra()->PackFrom(box.boxes(0));
  return box;
}

TEST(Redacted, ShowsWhatIsNotPersonal) {
  EXPECT_EQ(RedactedDebugString(Full()),
            "title: \"plain\" note: [redacted] boxes { note: [redacted] weight: 4 } "
            "by_key { key: \"k\" value { note: [redacted] } } packed: [redacted] "
            "extra { type_url: \"type.googleapis.com/lscp.validate.sample.Box\" "
            "value: [redacted] }");
  EXPECT_EQ(RedactedDebugString(Box()), "");
}

TEST(Redacted, HidesUnknownFields) {
  Box box = Full();
  box.GetReflection()->MutableUnknownFields(&box)->AddLengthDelimited(900, "SECRET");
  EXPECT_THAT(RedactedDebugString(box), Not(HasSubstr("SECRET")));
  EXPECT_THAT(RedactedDebugString(box), Not(HasSubstr("900")));
}

TEST(Redacted, StaysOnOneLineWhateverTheContent) {
  Box box;
  box.set_title("two\nlines \"quoted\" \x01");
  EXPECT_EQ(RedactedDebugString(box), R"(title: "two\nlines \"quoted\" \001")");
}

}  // namespace
}  // namespace lscp
