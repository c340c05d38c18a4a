#include "gateway/wire/message_meter.h"

#include <gtest/gtest.h>

#include <string>

namespace lscp::gateway::wire {
namespace {

using Fault = MessageMeter::Fault;

std::string Prefix(char flag, uint32_t size) {
  return {flag, static_cast<char>(size >> 24), static_cast<char>(size >> 16),
          static_cast<char>(size >> 8), static_cast<char>(size)};
}

std::string Message(const std::string& body) {
  return Prefix(0, static_cast<uint32_t>(body.size())) + body;
}

TEST(MessageMeter, CountsMessagesHoweverTheyAreCut) {
  const std::string bytes = Message("one") + Message("") + Message("three");
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    MessageMeter meter(100);
    std::string held, passed;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      held += bytes.substr(at, piece);
      const size_t good = meter.Feed(held);
      passed += held.substr(0, good);
      held.erase(0, good);
    }
    EXPECT_EQ(passed, bytes) << "in pieces of " << piece;
    EXPECT_EQ(meter.messages(), 3u);
    EXPECT_TRUE(meter.at_boundary());
    EXPECT_EQ(meter.fault(), Fault::kNone);
  }
}

TEST(MessageMeter, HoldsBackAnUnfinishedPrefixOnly) {
  MessageMeter meter(100);
  EXPECT_EQ(meter.Feed(Message("abc") + std::string(4, '\0')), 8u);
  EXPECT_TRUE(meter.at_boundary());
  EXPECT_EQ(meter.Feed(Prefix(0, 10) + "ab"), 7u);
  EXPECT_FALSE(meter.at_boundary());
}

TEST(MessageMeter, StopsBeforeTheMessageThatIsAtFault) {
  const struct {
    std::string prefix;
    Fault fault;
  } cases[] = {{Prefix(0, 101), Fault::kTooLarge},
               {Prefix(0, 0xffffffff), Fault::kTooLarge},
               {Prefix(1, 3), Fault::kCompressed},
               {Prefix(2, 3), Fault::kBadFlag},
               {Prefix(static_cast<char>(0xff), 3), Fault::kBadFlag}};
  for (const auto& c : cases) {
    MessageMeter meter(100);
    EXPECT_EQ(meter.Feed(Message(std::string(100, 'x')) + c.prefix + "abc"), 105u);
    EXPECT_EQ(meter.fault(), c.fault);
    EXPECT_TRUE(meter.at_boundary());
    EXPECT_EQ(meter.Feed("more"), 0u);
  }
}

}  // namespace
}  // namespace lscp::gateway::wire
