#pragma once

#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "safeguarding/children_in_care/v1/children_in_care_service.pb.h"

// What the duties towards a child in care (reviews, visits, health) need to know of the child's
// care. No SQL, no gRPC, no clock.
namespace lscp::children_in_care {

namespace pb = safeguarding::children_in_care::v1;

// A period of care, as it is known now.
struct CareNow {
  struct Home {
    std::string id = {};  // of the placement
    absl::CivilDay start = {};
    pb::PlacementType type = pb::PLACEMENT_TYPE_UNSPECIFIED;
    bool until_adulthood = false;
  };

  std::string name;  // of the child in care
  std::string child;
  std::string team;
  std::string worker;
  absl::CivilDay start = {};
  std::optional<absl::CivilDay> end = {};  // from which the child was not looked after
  pb::LegalStatus legal = pb::LEGAL_STATUS_UNSPECIFIED;
  absl::CivilDay legal_start = {};
  Home home = {};  // for good, whatever temporary move there is
};

// The last period of care in which reviews, visits and health assessments are owed. Short breaks
// are none: of a child who had nothing else it is a period that ended as it began. Nothing for a
// record without periods.
std::optional<CareNow> LastCare(const pb::ChildInCare& record);

}  // namespace lscp::children_in_care
