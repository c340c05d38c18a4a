#pragma once

#include <string>

#include "child_protection/migrations.h"
#include "child_protection/parts.h"
#include "common/testing/handler_harness.h"
#include "gtest/gtest.h"

namespace lscp::child_protection {

using testing::Parse;

// What every resource's test needs: the service's tables, settings and register of children. Calls
// come from a person of the council until a test says otherwise.
class Fixture : public ::testing::Test {
 protected:
  Fixture();

  // The register tells of a child, "boroughs/barnet/children/{id}", whose name is the result.
  // `fields` are those of a ChildChanged beside it; an older revision than the last changes
  // nothing.
  std::string Child(const std::string& id, const std::string& fields = "", int revision = 1);

  // A request about a record as it was read.
  template <typename Request, typename Record>
  static Request Of(const Record& record, const std::string& text = "") {
    auto request = Parse<Request>(text);
    request.set_name(record.name());
    request.set_etag(record.etag());
    return request;
  }

  // When the clock of a rule is due, and when it was met or cancelled, as "due 2025-03-06 met
  // 2025-03-04"; "none" when there is no clock. Days are the last in time, in London.
  std::string ClockOf(const std::string& subject, const std::string& rule);

  testing::HandlerHarness harness_{{"child-protection", kMigrations}};
  const Settings settings_;
  const Children children_{};
  const Parts parts_{.settings = &settings_, .children = &children_};
};

}  // namespace lscp::child_protection
