#pragma once

#include <string>

#include "children_in_care/child_in_care_service.h"
#include "children_in_care/migrations.h"
#include "children_in_care/parts.h"
#include "common/testing/clocks.h"
#include "common/testing/handler_harness.h"
#include "gtest/gtest.h"

namespace lscp::children_in_care {

using testing::Parse;

// What every resource's test needs: the service's tables, settings, register of children, and the
// handlers of children in care. Calls come from a person of the council until a test says
// otherwise; the clock stands at Monday, 3 March 2025, 10:00.
class Fixture : public ::testing::Test {
 protected:
  Fixture();

  // The register tells of a child, "boroughs/barnet/children/{id}", whose name is the result.
  // `fields` are those of a ChildChanged beside it.
  std::string Child(const std::string& id,
                    const std::string& fields = "birth_date { year: 2015 month: 6 day: 1 }",
                    int revision = 1);

  // A request about a record as it was read.
  template <typename Request, typename Record>
  static Request Of(const Record& record, const std::string& text = "") {
    auto request = Parse<Request>(text);
    request.set_name(record.name());
    request.set_etag(record.etag());
    return request;
  }

  // The child is looked after since a day of February 2025, under section 20, with foster carers in
  // the borough. `fields` are the request's, in place of legal status and placement.
  pb::ChildInCare InCare(const std::string& child, int february = 3,
                         const std::string& fields = kSection20InFosterCare);
  static constexpr char kSection20InFosterCare[] =
      "legal { status: LEGAL_STATUS_SECTION_20 } placement { type: PLACEMENT_TYPE_FOSTER "
      "provider: PLACEMENT_PROVIDER_OWN_AUTHORITY carer { id: 'c1' } address: '1 Invented Road' "
      "area_code: 'E09000003' }";
  // The record as it is now.
  pb::ChildInCare Read(const std::string& name);

  std::string ClockOf(const std::string& subject, const std::string& rule) {
    return testing::ClockText(harness_.Database(), subject, rule);
  }

  testing::HandlerHarness harness_{{"children-in-care", kMigrations}};
  const Settings settings_;
  const Parts parts_{.settings = &settings_};
  ChildrenInCare children_{parts_};
};

}  // namespace lscp::children_in_care
