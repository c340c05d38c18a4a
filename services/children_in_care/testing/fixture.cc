#include "children_in_care/testing/fixture.h"

#include "absl/strings/str_cat.h"
#include "children_in_care/children.h"

namespace lscp::children_in_care {

Fixture::Fixture()
    : settings_(*Settings::Create(
          Parse<pb::ChildrenInCareSettings>(
              "boroughs { id: 'barnet' display_name: 'Barnet' area_code: 'E09000003' "
              "adjoining_area_codes: 'E09000005' }"),
          {"barnet"})) {}

std::string Fixture::Child(const std::string& id, const std::string& fields, int revision) {
  auto change = Parse<safeguarding::referrals::v1::ChildChanged>(fields);
  change.set_child("boroughs/barnet/children/" + id);
  change.set_revision(revision);
  EXPECT_TRUE(ChangeChild(harness_.Database(), change).ok());
  return change.child();
}

pb::ChildInCare Fixture::InCare(const std::string& child, int february, const std::string& fields) {
  auto request = Parse<pb::StartCareRequest>(absl::StrCat(
      "parent: 'boroughs/barnet' start_date { year: 2025 month: 2 day: ", february,
      " } need: NEED_CATEGORY_ABUSE_OR_NEGLECT team: 'cic-1' worker: 's.worker' ", fields));
  request.set_child(child);
  const auto response = harness_.Run(children_, &ChildrenInCare::Start, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->child_in_care() : pb::ChildInCare();
}

pb::ChildInCare Fixture::Read(const std::string& name) {
  pb::GetChildInCareRequest request;
  request.set_name(name);
  const auto response = harness_.Run(children_, &ChildrenInCare::Get, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->child_in_care() : pb::ChildInCare();
}

}  // namespace lscp::children_in_care
