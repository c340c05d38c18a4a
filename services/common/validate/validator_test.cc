#include "common/validate/validator.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "common/validate/sample.pb.h"

namespace lscp {
namespace {

using google::protobuf::Message;
using google::protobuf::TextFormat;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using validate::sample::Amounts;
using validate::sample::Box;
using validate::sample::Plain;
using validate::sample::Texts;

std::optional<std::string> EvenLength(std::string_view text) {
  if (text.size() % 2 == 0) return std::nullopt;
  return "must have an even length";
}

const Validator& TheValidator() {
  static const Validator validator({{"even_length", EvenLength}});
  return validator;
}

// 2025-06-30 23:30 UTC, which is 1 July in London.
const absl::Time kNow = absl::FromUnixSeconds(1'751'326'200);

std::vector<std::string> Check(const Message& message) {
  std::vector<std::string> found;
  for (const FieldViolation& violation : TheValidator().Check(message, kNow)) {
    found.push_back(violation.field + ": " + violation.description);
  }
  return found;
}

template <typename Type>
Type Parse(const std::string& text, const std::string& basis = "") {
  Type message;
  EXPECT_TRUE(TextFormat::ParseFromString(basis, &message)) << basis;
  EXPECT_TRUE(TextFormat::MergeFromString(text, &message)) << text;
  return message;
}

struct Case {
  std::string sentence;
  std::string message;
  std::vector<std::string> violations;
};

class TextRules : public ::testing::TestWithParam<Case> {};
class AmountRules : public ::testing::TestWithParam<Case> {};
class NestedRules : public ::testing::TestWithParam<Case> {};

TEST_P(TextRules, AreChecked) {
  SCOPED_TRACE(GetParam().sentence);
  EXPECT_EQ(Check(Parse<Texts>(GetParam().message, "needed: 'x'")), GetParam().violations);
}

INSTANTIATE_TEST_SUITE_P(
    , TextRules,
    ::testing::Values(
        Case{"the needed is enough", "", {}},
        Case{"a missing string is required", "needed: ''", {"needed: is required"}},
        Case{"too short", "sized: 'a'", {"sized: must have at least 2 characters"}},
        Case{"too long", "sized: 'abcde'", {"sized: must have at most 4 characters"}},
        Case{"characters are counted, not bytes", "sized: '\u00e9\u20ac\U0001F600\u00fc'", {}},
        Case{"an empty string is not set", "sized: '' coded: '' even: '' box: '' maybe: ''", {}},
        Case{"a pattern matches as a whole", "coded: 'AB1'", {}},
        Case{"a pattern does not match a part",
             "coded: 'xAB1'",
             {"coded: must match the pattern [A-Z]{2}[0-9]"}},
        Case{"a pattern does not match before a newline",
             "coded: 'AB1\\n'",
             {"coded: must match the pattern [A-Z]{2}[0-9]"}},
        Case{"a format has its own words", "even: 'abc'", {"even: must have an even length"}},
        Case{"a resource of one collection", "box: 'boroughs/x/boxes/1'", {}},
        Case{"a resource of the other", "box: 'boroughs/x/crates/1'", {}},
        Case{"a resource of neither",
             "box: 'boroughs/x/lids/1'",
             {"box: must be a name of the form \"boroughs/{borough}/boxes/{id}\" or "
              "\"boroughs/{borough}/crates/{id}\""}},
        Case{"a resource is of one borough",
             "box: 'boroughs/-/boxes/1'",
             {"box: must be a name of the form \"boroughs/{borough}/boxes/{id}\" or "
              "\"boroughs/{borough}/crates/{id}\""}},
        Case{"a string without rules may be anything", "free: '\\001\\n\\000 x'", {}},
        Case{"bytes are counted", "blob: 'abcd'", {"blob: must have at most 3 bytes"}},
        Case{"bytes need not be UTF-8", "blob: '\\377'", {}},
        Case{"elements are checked by index",
             "tags: 'a' tags: 'B' tags: ''",
             {"tags[1]: must match the pattern [a-z]+", "tags[2]: must match the pattern [a-z]+"}},
        Case{"a list that is too long says so once",
             "tags: 'a' tags: 'b' tags: 'c' tags: 'D'",
             {"tags: must have at most 3 items"}},
        Case{"a map is checked by its values",
             "labels { key: 'size_1' value: 'long' }",
             {"labels[\"size_1\"]: must have at most 3 characters"}},
        Case{"a key that is not a code is not repeated",
             "labels { key: 'Ann Other' value: 'long' }",
             {"labels[?]: must have at most 3 characters"}},
        Case{"a key of a personal map is not repeated",
             "secrets { key: 'ann' value: 'long' }",
             {"secrets[?]: must have at most 3 characters"}},
        Case{"an optional string that is set is checked",
             "maybe: 'x'",
             {"maybe: must have at least 2 characters"}},
        Case{"everything at once",
             "needed: '' sized: 'a' coded: 'x' blob: 'abcd'",
             {"needed: is required", "sized: must have at least 2 characters",
              "coded: must match the pattern [A-Z]{2}[0-9]", "blob: must have at most 3 bytes"}}));

TEST_P(AmountRules, AreChecked) {
  SCOPED_TRACE(GetParam().sentence);
  EXPECT_EQ(Check(Parse<Amounts>(GetParam().message, "needed_colour: COLOUR_RED count: 0")),
            GetParam().violations);
}

constexpr char kNoDate[] = ": must be a complete, real date of the years 1900 to 2200";
constexpr char kNoTime[] = ": must be a valid time of the years 1 to 9999";

INSTANTIATE_TEST_SUITE_P(
    , AmountRules,
    ::testing::Values(
        Case{"zero without presence is not set", "small: 0", {}},
        Case{"too small", "small: -1", {"small: must be at least 1"}},
        Case{"too large", "small: 11", {"small: must be at most 10"}},
        Case{"the bounds belong to it", "small: 10 ratio: 1", {}},
        Case{"an unsigned number beyond the signed ones",
             "large: 9223372036854775808",
             {"large: must be at most 9223372036854775807"}},
        Case{"a fraction too large", "ratio: 1.0000001", {"ratio: must be at most 1"}},
        Case{"not a number", "ratio: nan", {"ratio: must be a number"}},
        Case{"infinity is none either", "ratio: inf", {"ratio: must be a number"}},
        Case{"zero in a list is a value",
             "numbers: 0 numbers: 5",
             {"numbers[0]: must be at least 5"}},
        Case{"a list of colours has no unspecified",
             "colours: COLOUR_RED colours: COLOUR_UNSPECIFIED",
             {"colours[1]: must not be unspecified"}},
        Case{"an optional number below its bound", "count: -1", {"count: must be at least 0"}},
        Case{"a real date", "day { year: 2024 month: 2 day: 29 }", {}},
        Case{"no such day", "day { year: 2023 month: 2 day: 29 }", {std::string("day") + kNoDate}},
        Case{"an incomplete date", "day { year: 2023 month: 2 }", {std::string("day") + kNoDate}},
        Case{"an empty date", "day { }", {std::string("day") + kNoDate}},
        Case{
            "today in London though not yet in UTC", "past_day { year: 2025 month: 7 day: 1 }", {}},
        Case{"tomorrow is in the future",
             "past_day { year: 2025 month: 7 day: 2 }",
             {"past_day: must not lie in the future"}},
        Case{"today is not past", "future_day { year: 2025 month: 7 day: 1 }", {}},
        Case{"yesterday in London is past",
             "future_day { year: 2025 month: 6 day: 30 }",
             {"future_day: must not lie in the past"}},
        Case{"an impossible time", "time { nanos: -1 }", {std::string("time") + kNoTime}},
        Case{"a time beyond the calendar",
             "time { seconds: 253402300800 }",
             {std::string("time") + kNoTime}},
        Case{"clocks may differ by a minute",
             "past_time { seconds: 1751326260 } future_time { seconds: 1751326140 }",
             {}},
        Case{"but not by more",
             "past_time { seconds: 1751326261 }",
             {"past_time: must not lie in the future"}},
        Case{"in either direction",
             "future_time { seconds: 1751326139 }",
             {"future_time: must not lie in the past"}}));

TEST_P(NestedRules, AreCheckedWithTheirPath) {
  SCOPED_TRACE(GetParam().sentence);
  EXPECT_EQ(Check(Parse<Box>("title: 't' " + GetParam().message)), GetParam().violations);
}

INSTANTIATE_TEST_SUITE_P(
    , NestedRules,
    ::testing::Values(
        Case{"an unset message asks for nothing", "", {}},
        Case{"a set one does", "label { }", {"label.line: is required"}},
        Case{"at any depth",
             "boxes { title: 'a' boxes { title: 'b' } boxes { label { } } }",
             {"boxes[0].boxes[1].title: is required", "boxes[0].boxes[1].label.line: is required"}},
        Case{"in a map", "by_key { key: 'k' value { } }", {"by_key[\"k\"].title: is required"}},
        Case{"in a oneof", "other_label { }", {"other_label.line: is required"}},
        Case{
            "what the service sets is ignored", "name: 'nonsense' create_time { nanos: -1 }", {}}));

TEST(Validator, RefusesEnumValuesThatAreNotDefined) {
  Amounts amounts;
  amounts.set_count(1);
  amounts.set_colour(static_cast<validate::sample::Colour>(77));
  amounts.set_needed_colour(static_cast<validate::sample::Colour>(-1));
  EXPECT_THAT(Check(amounts), ElementsAre("colour: must be a value that the enum defines",
                                          "needed_colour: must be a value that the enum defines"));
}

TEST(Validator, RequiresAnEnumAndAnOptionalNumberToBeSet) {
  EXPECT_THAT(Check(Amounts()), ElementsAre("needed_colour: is required", "count: is required"));
}

TEST(Validator, RefusesInvalidUtf8WithOrWithoutRules) {
  Texts texts;
  texts.set_needed("\xFF");
  texts.set_free("\xC3");
  texts.add_tags("\xED\xA0\x80");
  (*texts.mutable_labels())["\xFF"] = "a";
  EXPECT_THAT(Check(texts), ElementsAre("needed: must be valid UTF-8", "free: must be valid UTF-8",
                                        "tags[0]: must be valid UTF-8",
                                        "labels[?]: must have a key of valid UTF-8"));
}

TEST(Validator, NeverRepeatsAValue) {
  Texts texts;
  texts.set_sized("evil evil");
  texts.set_coded("evil");
  texts.set_even("evils");
  texts.set_box("evil");
  for (const std::string& violation : Check(texts)) {
    EXPECT_THAT(violation, Not(HasSubstr("evil")));
  }
}

TEST(Validator, IgnoresUnknownFields) {
  Texts texts;
  texts.set_needed("x");
  texts.GetReflection()->MutableUnknownFields(&texts)->AddVarint(900, 1);
  EXPECT_THAT(Check(texts), IsEmpty());
}

TEST(Validator, StopsCollectingWhenThereIsNoEnd) {
  Amounts amounts;
  for (int i = 0; i < 100'000; ++i) amounts.add_numbers(0);
  EXPECT_EQ(Check(amounts).size(), 256u);
}

TEST(Validator, HasNothingToDoForAMessageWithoutRules) {
  EXPECT_THAT(Check(Parse<Plain>("number: 1 blob: '\\377' plain { plain { } }")), IsEmpty());
}

TEST(Validator, SaysAtTheStartWhichRulesCannotBeChecked) {
  const Validator& validator = TheValidator();
  for (const auto* type :
       {Texts::descriptor(), Amounts::descriptor(), Box::descriptor(), Plain::descriptor()}) {
    EXPECT_TRUE(validator.Prepare(*type).ok()) << type->name();
  }
  const auto fault = [&](const google::protobuf::Descriptor* type) {
    return std::string(validator.Prepare(*type).message());
  };
  EXPECT_THAT(fault(validate::sample::HoldsBroken::descriptor()),
              HasSubstr("BrokenPattern.text: pattern is no RE2 expression"));
  EXPECT_THAT(fault(validate::sample::UnknownFormat::descriptor()),
              HasSubstr("unknown format nobody_knows"));
  EXPECT_THAT(fault(validate::sample::MisplacedRule::descriptor()),
              HasSubstr("max_items does not apply"));
}

TEST(Validator, LetsNothingPassWhoseRulesItCannotCheck) {
  validate::sample::HoldsBroken message;
  EXPECT_THAT(Check(message), IsEmpty());
  message.add_list();
  EXPECT_THAT(Check(message), ElementsAre("list[0]: has rules that this server cannot check"));
}

TEST(Validator, IsSafeToUseFromManyThreadsAtOnce) {
  const Validator validator({{"even_length", EvenLength}});
  const Box box = Parse<Box>("title: 't' boxes { } by_key { key: 'k' value { label { } } }");
  const Texts texts = Parse<Texts>("even: 'abc'");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 50; ++j) {
        EXPECT_EQ(
            validator.Check(i % 2 == 0 ? static_cast<const Message&>(box) : texts, kNow).size(),
            i % 2 == 0 ? 3u : 2u);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace lscp
