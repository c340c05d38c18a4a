#pragma once

#include "common/testing/handler_harness.h"
#include "referrals/migrations.h"

namespace lscp::referrals {

using testing::Parse;

// Runs this service's handlers, for a person of the hub until a test says otherwise.
class Harness : public testing::HandlerHarness {
 public:
  Harness() : HandlerHarness({"referrals", kMigrations}) {}
};

}  // namespace lscp::referrals
