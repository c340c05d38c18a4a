#pragma once

#include <string>

#include "children_in_care/child_in_care.h"
#include "common/testing/rules.h"
#include "common/time/convert.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "safeguarding/options/v1/options.pb.h"

// For the tests of rules.
namespace lscp::children_in_care {

using absl::CivilDay;
using testing::BrokenRule;
using testing::Violations;

// A message from text format; the test fails if the text is wrong.
template <typename Message>
Message ParseText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// The code of an enum value in the return, e.g. "V2".
inline std::string ShortName(const google::protobuf::EnumDescriptor* type, int value) {
  return type->FindValueByNumber(value)
      ->options()
      .GetExtension(safeguarding::options::v1::code)
      .code();
}

// Barnet, beside Brent (E09000005).
inline const Settings::Borough& TestBorough() {
  static const auto& borough = *new Settings::Borough(
      ParseText<pb::BoroughSettings>("id: 'barnet' display_name: 'Barnet' area_code: 'E09000003' "
                                     "adjoining_area_codes: 'E09000005'"));
  return borough;
}

// Of a child born on this day, in that borough.
inline CareFacts Born(CivilDay birth) { return {.birth_date = birth, .borough = &TestBorough()}; }

inline constexpr char kFoster[] =
    "type: PLACEMENT_TYPE_FOSTER provider: PLACEMENT_PROVIDER_OWN_AUTHORITY carer { id: 'c1' } "
    "address: '1 Invented Road' area_code: 'E09000003'";

// A child in care as it is tested: each operation is a line. Born on 1 June 2012.
class Career {
 public:
  Career() { record.set_name("boroughs/barnet/childrenInCare/c"); }

  absl::Status Start(CivilDay day, const std::string& legal = "LEGAL_STATUS_SECTION_20",
                     const std::string& placement = kFoster) {
    auto request = ParseText<pb::StartCareRequest>(
        "child: 'boroughs/barnet/children/a' need: NEED_CATEGORY_ABUSE_OR_NEGLECT legal { "
        "status: " +
        legal + " } placement { " + placement + " }");
    *request.mutable_start_date() = DateToProto(day);
    return Do(request, StartCare);
  }
  absl::Status ChangeLegal(CivilDay day, const std::string& legal) {
    return Change(day, "legal { status: " + legal + " }");
  }
  absl::Status ChangePlacement(CivilDay day, const std::string& placement,
                               const std::string& more = "") {
    return Change(day, "placement { " + placement +
                           " } placement_change_reason: PLACEMENT_CHANGE_REASON_CARE_PLAN " + more);
  }
  absl::Status Change(CivilDay day, const std::string& fields) {
    auto request = ParseText<pb::ChangeCareRequest>(fields);
    *request.mutable_change_date() = DateToProto(day);
    return Do(request, ChangeCare);
  }
  absl::Status Move(CivilDay day, const std::string& placement) {
    auto request = ParseText<pb::MoveTemporarilyRequest>("placement { " + placement + " }");
    *request.mutable_move_date() = DateToProto(day);
    return Do(request, MoveTemporarily);
  }
  absl::Status Return(CivilDay day) {
    pb::ReturnToPlacementRequest request;
    *request.mutable_return_date() = DateToProto(day);
    return Do(request, ReturnToPlacement);
  }
  absl::Status End(CivilDay day, const std::string& reason = "EPISODE_END_REASON_HOME_PLANNED") {
    auto request = ParseText<pb::EndCareRequest>("end_reason: " + reason);
    *request.mutable_end_date() = DateToProto(day);
    return Do(request, EndCare);
  }
  absl::Status Correct(const pb::CorrectCareRequest& request) { return Do(request, CorrectCare); }
  // A correction that would leave everything as it is.
  pb::CorrectCareRequest Correction() const {
    pb::CorrectCareRequest request;
    *request.mutable_steps() = record.steps();
    return request;
  }

  pb::ChildInCare record;
  CareFacts facts = Born(CivilDay(2012, 6, 1));

 private:
  // After an error nothing is stored.
  template <typename Request>
  absl::Status Do(const Request& request,
                  absl::Status (*rule)(pb::ChildInCare&, const Request&, const CareFacts&)) {
    pb::ChildInCare changed = record;
    const absl::Status status = rule(changed, request, facts);
    if (status.ok()) record = changed;
    return status;
  }
};

}  // namespace lscp::children_in_care
