#pragma once

#include <string>

#include "child_protection/settings.h"
#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

// For the tests of rules.
namespace lscp::child_protection {

using testing::BrokenRule;
using testing::ExpectEveryStateAndVerb;
using testing::LondonTime;
using testing::Violations;

// A message from text format; the test fails if the text is wrong.
template <typename Message>
Message ParseRequest(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// Settings with `fields` beside what every borough must say.
inline Settings::Borough BoroughWith(const std::string& fields) {
  const auto settings = Settings::Create(
      ParseRequest<safeguarding::child_protection::v1::ChildProtectionSettings>(
          "boroughs { id: 'testborough' duty_contact { display_name: 'Testing hub' "
          "phone: '020 7946 0001' out_of_hours_phone: '020 7946 0002' } " +
          fields + " }"),
      {"testborough"});
  EXPECT_TRUE(settings.ok()) << settings.status();
  return settings.ok() ? settings->Of("testborough") : Settings::Borough();
}

// A borough that leaves everything open.
inline const Settings::Borough& TestBorough() {
  static const auto& borough = *new Settings::Borough(BoroughWith(""));
  return borough;
}

}  // namespace lscp::child_protection
