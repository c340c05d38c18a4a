#pragma once

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "children_in_care/testing/rules.h"

namespace lscp::children_in_care {

// Operations at random, of which some fit and some do not.
class RandomCareer {
 public:
  explicit RandomCareer(unsigned seed) : random_(seed) {}

  // The next operation, some days later or, seldom, earlier.
  absl::Status Step(Career& career) {
    day_ += Pick(0, 40) == 0 ? -5 : Pick(0, 30);
    return Operation(career);
  }

 private:
  int Pick(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  std::string AnyLegal() {
    return pb::LegalStatus_Name(static_cast<pb::LegalStatus>(Pick(1, pb::LegalStatus_MAX)));
  }
  std::string AnyPlacement() {
    return absl::StrCat(
        "type: ", pb::PlacementType_Name(static_cast<pb::PlacementType>(Pick(1, 29))),
        " carer { id: 'c", Pick(1, 3), "' } address: '", Pick(1, 9), " Invented Road' provider: ",
        pb::PlacementProvider_Name(static_cast<pb::PlacementProvider>(Pick(0, 6))));
  }

  absl::Status Operation(Career& career) {
    switch (Pick(0, 7)) {
      case 0:
        return career.Start(day_, AnyLegal(), AnyPlacement());
      case 1:
        return career.ChangeLegal(day_, AnyLegal());
      case 2:
      case 3:
        return career.ChangePlacement(
            day_, AnyPlacement(), Pick(0, 1) == 0 ? "" : "legal { status: " + AnyLegal() + " }");
      case 4:
        return career.Move(
            day_, "type: " + pb::PlacementType_Name(static_cast<pb::PlacementType>(Pick(14, 20))));
      case 5:
        return career.Return(day_);
      case 6:
        if (Pick(0, 3) > 0) return career.Return(day_);
        return career.End(day_, pb::EpisodeEndReason_Name(static_cast<pb::EpisodeEndReason>(
                                    Pick(1, pb::EpisodeEndReason_MAX))));
      default:
        return Correct(career);
    }
  }

  // Leaves out a step, or moves it by some days.
  absl::Status Correct(Career& career) {
    pb::CorrectCareRequest request = career.Correction();
    if (request.steps().empty()) return absl::InvalidArgumentError("nothing to correct");
    const int which = Pick(0, request.steps_size() - 1);
    if (Pick(0, 1) == 0) {
      request.mutable_steps()->DeleteSubrange(which, 1);
      if (request.steps().empty()) return absl::InvalidArgumentError("required");
    } else {
      auto& date = *request.mutable_steps(which)->mutable_date();
      date = DateToProto(*ProtoToDate(date) + Pick(-10, 10));
    }
    return career.Correct(request);
  }

  std::mt19937 random_;
  CivilDay day_{2020, 1, 1};
};

}  // namespace lscp::children_in_care
