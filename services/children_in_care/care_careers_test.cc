// Care careers at random: whatever happens, a chain has its invariants, and what does not fit is
// refused and changes nothing.

#include <algorithm>
#include <string>

#include "children_in_care/care_chain.h"
#include "children_in_care/care_record.h"
#include "children_in_care/testing/random_career.h"
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

TEST(RandomCareers, KeepTheInvariantsAndRefuseWhatDoesNotFit) {
  int accepted = 0;
  int refused = 0;
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Career career;
    RandomCareer random(seed);
    for (int i = 0; i < 80; ++i) {
      const std::string before = career.record.SerializeAsString();
      const absl::Status status = random.Step(career);
      ++(status.ok() ? accepted : refused);
      if (!status.ok()) {
        EXPECT_EQ(before, career.record.SerializeAsString());
        EXPECT_TRUE(absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status))
            << status;
      }
      ExpectChain(career.record);
    }
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace lscp::children_in_care
