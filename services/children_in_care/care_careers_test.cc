// Care careers at random: whatever happens, a chain has its invariants, and what does not fit is
// refused and changes nothing.

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "children_in_care/care_chain.h"
#include "children_in_care/care_record.h"
#include "children_in_care/testing/rules.h"

namespace lscp::children_in_care {
namespace {

// The invariants of a chain, whatever happened.
void ExpectChain(const pb::ChildInCare& record) {
  const pb::CareEpisode* before = nullptr;
  int open = 0;
  for (const pb::CareEpisode& episode : record.episodes()) {
    const pb::Placement& placement = PlacementOf(record, episode);
    EXPECT_FALSE(placement.id().empty());
    const CivilDay start = *ProtoToDate(episode.start_date());
    if (episode.has_end_date()) {
      EXPECT_GT(*ProtoToDate(episode.end_date()), start);
      EXPECT_NE(episode.end_reason(), pb::EPISODE_END_REASON_UNSPECIFIED);
    } else {
      ++open;
    }
    const bool first =
        before == nullptr || before->end_reason() != pb::EPISODE_END_REASON_NEW_EPISODE;
    EXPECT_EQ(episode.start_reason() == pb::NEW_EPISODE_REASON_STARTED, first);
    if (first) {
      if (before != nullptr) {
        EXPECT_GT(start, *ProtoToDate(before->end_date()));
      }
      EXPECT_FALSE(IsTemporary(placement.type()));
    } else {
      EXPECT_EQ(start, *ProtoToDate(before->end_date()));
      const pb::Placement& left = PlacementOf(record, *before);
      const bool legal = before->legal().status() != episode.legal().status();
      const bool moved = before->placement() != episode.placement();
      const bool carer = left.carer().id().empty() || left.carer().id() != placement.carer().id();
      const std::string reason =
          ShortName(pb::NewEpisodeReason_descriptor(), episode.start_reason());
      EXPECT_EQ(reason, legal && moved ? (carer ? "B" : "U") : legal ? "L" : carer ? "P" : "T");
      EXPECT_TRUE(legal || moved);
      EXPECT_EQ(before->placement_change_reason() != 0,
                moved && !IsTemporary(left.type()) && !IsTemporary(placement.type()));
    }
    before = &episode;
  }
  EXPECT_LE(open, 1);
  EXPECT_EQ(open == 1, record.state() == pb::ChildInCare::STATE_LOOKED_AFTER);
  if (before != nullptr && open == 0) {
    EXPECT_FALSE(IsTemporary(PlacementOf(record, *before).type()));
  }
  EXPECT_EQ(record.periods_size(),
            std::count_if(record.episodes().begin(), record.episodes().end(), [](const auto& e) {
              return e.start_reason() == pb::NEW_EPISODE_REASON_STARTED;
            }));
}

// Operations at random, of which some fit and some do not.
class RandomCareer {
 public:
  explicit RandomCareer(unsigned seed) : random_(seed) {}

  void Step(Career& career) {
    const pb::ChildInCare before = career.record;
    day_ += Pick(0, 40) == 0 ? -5 : Pick(0, 30);
    const absl::Status status = Operation(career);
    status.ok() ? ++accepted : ++refused;
    if (!status.ok()) {
      EXPECT_EQ(before.SerializeAsString(), career.record.SerializeAsString());
      EXPECT_TRUE(absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status)) << status;
    }
    ExpectChain(career.record);
  }

  int accepted = 0;
  int refused = 0;

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

TEST(RandomCareers, KeepTheInvariantsAndRefuseWhatDoesNotFit) {
  int accepted = 0;
  int refused = 0;
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Career career;
    RandomCareer random(seed);
    for (int i = 0; i < 80; ++i) random.Step(career);
    accepted += random.accepted;
    refused += random.refused;
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace lscp::children_in_care
