// Every request type is checked as its contract says: a well-formed request passes, and each way of
// spoiling one field is reported at that field and nowhere else. That the services do so too is
// tests/process/bad_input_test.cc.

#include "tests/contract/well_formed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "common/validate/validator.h"

namespace lscp::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::optional<std::string> OfDigits(std::string_view text) {
  if (text.find_first_not_of("0123456789") == text.npos) return std::nullopt;
  return "is malformed";
}

std::vector<std::string> Violated(const Message& request) {
  static const auto& validator = *new Validator({{"nhs_number", OfDigits}, {"upn", OfDigits}});
  std::vector<std::string> fields;
  for (const FieldViolation& violation : validator.Check(request, absl::Now())) {
    if (fields.empty() || fields.back() != violation.field) fields.push_back(violation.field);
  }
  return fields;
}

class EveryRequest : public ::testing::TestWithParam<const MethodDescriptor*> {};

TEST_P(EveryRequest, PassesWhenItIsWellFormed) {
  EXPECT_THAT(Violated(*WellFormed(*GetParam(), "barnet")), IsEmpty());
}

TEST_P(EveryRequest, IsRefusedByTheFieldThatIsSpoiled) {
  const auto request = WellFormed(*GetParam(), "barnet");
  int ways = 0;
  ForEachSpoiled(*request, [&](const Spoiled& spoiled) {
    ++ways;
    EXPECT_THAT(Violated(spoiled.request), ElementsAre(spoiled.field)) << spoiled.what;
  });
  EXPECT_GE(ways, 2);
  EXPECT_THAT(Violated(*request), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Contract, EveryRequest, ::testing::ValuesIn(Contract::Get().methods()),
                         [](const auto& info) {
                           return info.param->service()->name() + info.param->name();
                         });

}  // namespace
}  // namespace lscp::tests
