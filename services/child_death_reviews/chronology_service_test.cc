#include "child_death_reviews/chronology_service.h"

#include "child_death_reviews/chronology.h"
#include "child_death_reviews/serious_incident_service.h"
#include "child_death_reviews/testing/fixture.h"
#include "child_death_reviews/testing/incidents.h"
#include "common/testing/rules.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using lscp::testing::Violations;
using pb::Chronology;
using pb::SeriousIncident;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ChronologiesTest : public Fixture {
 protected:
  // A serious incident of which a review is held of the year 2024.
  SeriousIncident Scoped() {
    SeriousIncidentStore store;
    auto incident = ParseText<SeriousIncident>(
        "kind: INCIDENT_KIND_DEATH lead: 'l.lead' children { given_name: 'Testa' harm: 'x' } "
        "incident_date { year: 2025 month: 2 day: 27 } "
        "aware_date { year: 2025 month: 2 day: 28 } "
        "decision { type: REVIEW_TYPE_LEARNING_REVIEW "
        "  decide_date { year: 2025 month: 3 day: 3 } } "
        "scope { questions: 'q' from_date { year: 2024 month: 1 day: 1 } "
        "  to_date { year: 2024 month: 12 day: 31 } }");
    incident.set_state(SeriousIncident::STATE_SCOPED);
    Put put{store, incident};
    pb::GetSeriousIncidentRequest request;
    request.set_name("boroughs/havering/seriousIncidents/s1");
    const auto stored = harness_.Run(put, &Put::Run, request);
    EXPECT_TRUE(stored.ok()) << stored.status();
    return stored.ok() ? stored->serious_incident() : incident;
  }
  SeriousIncident Read(const SeriousIncident& incident) {
    pb::GetSeriousIncidentRequest request;
    request.set_name(incident.name());
    return harness_.Run(incidents_, &SeriousIncidents::Get, request)->serious_incident();
  }
  absl::StatusOr<std::vector<Chronology>> Ask(const SeriousIncident& incident,
                                              const std::string& agencies) {
    const auto reply = harness_.Run(chronologies_, &Chronologies::Request,
                                    Of<pb::RequestChronologiesRequest>(incident, agencies));
    if (!reply.ok()) return reply.status();
    return std::vector<Chronology>(reply->chronologies().begin(), reply->chronologies().end());
  }
  std::vector<Chronology> Asked(const SeriousIncident& incident, const std::string& agencies) {
    auto asked = Ask(incident, agencies);
    EXPECT_TRUE(asked.ok()) << asked.status();
    return asked.ok() ? *asked : std::vector<Chronology>(2);
  }
  std::vector<Chronology> List(const std::string& filter = "") {
    const auto reply =
        harness_.Run(chronologies_, &Chronologies::List,
                     Parse<pb::ListChronologiesRequest>("parent: 'boroughs/havering' " + filter));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return {reply->chronologies().begin(), reply->chronologies().end()};
  }
  std::vector<Chronology> Mine() {
    const auto reply =
        harness_.Run(agencies_, &ChronologyAgencies::List,
                     Parse<pb::ListMyChronologiesRequest>("parent: 'boroughs/havering'"));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return {reply->chronologies().begin(), reply->chronologies().end()};
  }
  absl::StatusOr<Chronology> Submit(const Chronology& chronology, int year = 2024) {
    const auto reply = harness_.Run(
        agencies_, &ChronologyAgencies::Submit,
        Of<pb::SubmitChronologyRequest>(
            chronology, absl::StrCat("content { entries { event: 'x' date { year: ", year,
                                     " month: 5 day: 1 } } }")));
    if (!reply.ok()) return reply.status();
    return reply->chronology();
  }
  absl::StatusOr<pb::ChaseChronologiesResponse> Chase(const SeriousIncident& incident) {
    return harness_.Run(chronologies_, &Chronologies::Chase,
                        Of<pb::ChaseChronologiesRequest>(Read(incident)));
  }

  Chronologies chronologies_{&settings_};
  ChronologyAgencies agencies_;
  SeriousIncidents incidents_;

 private:
  // Stores an incident as it is, for the request's name.
  struct Put {
    const SeriousIncidentStore& store;
    SeriousIncident incident;
    absl::StatusOr<pb::GetSeriousIncidentResponse> Run(const pb::GetSeriousIncidentRequest& request,
                                                       Transaction& tx) {
      incident.set_name(request.name());
      const absl::Status stored = store.Insert(tx, incident);
      if (!stored.ok()) return stored;
      pb::GetSeriousIncidentResponse response;
      *response.mutable_serious_incident() = incident;
      return response;
    }
  };
};

constexpr char kTwo[] =
    "agencies { agency: 'testschool' } "
    "agencies { agency: 'testpractice' due_time { seconds: 1741600800 } }";

TEST_F(ChronologiesTest, AreAskedOfEachAgencyWithTheirClocks) {
  const SeriousIncident incident = Scoped();
  const auto asked = Asked(incident, kTwo);
  EXPECT_EQ(ClockOf(asked[0].name(), kChronology), "due 2025-03-24");
  EXPECT_EQ(ClockOf(asked[1].name(), kChronology), "due 2025-03-10");
  ASSERT_TRUE(harness_.entries[0].event.has_value());
  EXPECT_EQ(harness_.entries[0].event->type, "child_death_reviews.chronology_requested");
  EXPECT_THAT(List("serious_incident: '" + incident.name() + "'"), SizeIs(2));
  EXPECT_THAT(List("agency: 'testschool'"), SizeIs(1));
  EXPECT_THAT(List("overdue: true"), IsEmpty());
  harness_.clock.Advance(absl::Hours(24 * 10));
  EXPECT_THAT(List("overdue: true"), SizeIs(1));
  EXPECT_THAT(Violations(Ask(Read(incident), "agencies { agency: 'testschool' }").status()),
              ElementsAre("agencies[0].agency"));
}

TEST_F(ChronologiesTest, AreTheirAgencysAndNoOthers) {
  const auto asked = Asked(Scoped(), kTwo);
  As("testschool", "");
  ASSERT_THAT(Mine(), SizeIs(1));
  EXPECT_THAT(harness_.disclosed, SizeIs(1));
  EXPECT_EQ(Mine()[0].children(0).given_name(), "Testa");
  EXPECT_EQ(Submit(asked[1]).status().code(), absl::StatusCode::kPermissionDenied);
  Chronology stale = asked[1];
  stale.set_etag("\"99\"");  // a wrong etag tells no more
  EXPECT_EQ(Submit(stale).status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Submit(asked[0])->state(), Chronology::STATE_RETURNED);
  As("teststranger", "");
  EXPECT_THAT(Mine(), IsEmpty());
  AsCoordinator();
  for (const Chronology& chronology : List()) EXPECT_THAT(chronology.versions(), IsEmpty());
}

TEST_F(ChronologiesTest, ReturnedMeetTheirClockAndKeepEveryVersion) {
  const auto chronology = Asked(Scoped(), "agencies { agency: 'testschool' }")[0];
  harness_.clock.Advance(absl::Hours(24));
  As("testschool", "");
  EXPECT_THAT(Violations(Submit(chronology, 2025).status()),
              ElementsAre("content.entries[0].date"));
  const auto first = Submit(chronology);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(ClockOf(chronology.name(), kChronology), "due 2025-03-24 met 2025-03-04");
  harness_.clock.Advance(absl::Hours(24));
  EXPECT_THAT(Submit(*first)->versions(), SizeIs(2));
  EXPECT_EQ(ClockOf(chronology.name(), kChronology), "due 2025-03-24 met 2025-03-04");
}

TEST_F(ChronologiesTest, AreChasedWhileTheyAreOwedAndHoldTheReportUp) {
  const SeriousIncident incident = Scoped();
  Asked(incident, kTwo);
  ASSERT_THAT(Chase(incident)->chronologies(), SizeIs(2));
  PracticeReviews practice;
  const auto report = [&] {
    return harness_
        .Run(practice, &PracticeReviews::RecordReport,
             Of<pb::RecordReportRequest>(Read(incident),
                                         "report { report_date { year: 2025 month: 3 day: 3 } }"))
        .status();
  };
  EXPECT_EQ(BrokenRule(report()), "chronologies_returned");
  As("testschool", "");
  EXPECT_EQ(Mine()[0].chases(), 1u);
  ASSERT_TRUE(Submit(Mine()[0]).ok());
  As("testpractice", "");
  ASSERT_TRUE(harness_
                  .Run(agencies_, &ChronologyAgencies::DeclareNothing,
                       Of<pb::DeclareNothingHeldRequest>(Mine()[0], "reason: 'x'"))
                  .ok());
  AsCoordinator();
  EXPECT_EQ(BrokenRule(Chase(incident).status()), "chronology_owed");
  EXPECT_TRUE(report().ok());
}

TEST_F(ChronologiesTest, AreReadAsOneByWhoHoldsTheReview) {
  const SeriousIncident incident = Scoped();
  const auto asked = Asked(incident, kTwo);
  As("testschool", "");
  ASSERT_TRUE(Submit(asked[0]).ok());
  AsCoordinator();
  pb::CombineChronologiesRequest request;
  request.set_name(incident.name());
  const auto combined = harness_.Run(chronologies_, &Chronologies::Combine, request);
  ASSERT_TRUE(combined.ok()) << combined.status();
  EXPECT_THAT(combined->entries(), SizeIs(1));
  EXPECT_THAT(combined->missing(), ElementsAre("testpractice"));
  EXPECT_THAT(harness_.disclosed, SizeIs(3));  // the incident's and both chronologies'
  As("testcouncil", "c.redbridge", {"redbridge"});
  EXPECT_EQ(harness_.Run(chronologies_, &Chronologies::Combine, request).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(ChronologiesTest, WithdrawnOweNothingAndMayBeAskedForAgain) {
  const SeriousIncident incident = Scoped();
  const auto chronology = Asked(incident, "agencies { agency: 'testschool' }")[0];
  ASSERT_TRUE(harness_
                  .Run(chronologies_, &Chronologies::Withdraw,
                       Of<pb::WithdrawChronologyRequest>(chronology, "reason: 'x'"))
                  .ok());
  EXPECT_EQ(ClockOf(chronology.name(), kChronology), "due 2025-03-24 cancelled 2025-03-03");
  EXPECT_NE(Asked(Read(incident), "agencies { agency: 'testschool' }")[0].name(),
            chronology.name());
}

TEST_F(ChronologiesTest, OfAnotherBoroughAreAbsent) {
  const SeriousIncident incident = Scoped();
  As("testcouncil", "c.redbridge", {"redbridge"});
  EXPECT_EQ(Ask(incident, kTwo).status().code(), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lscp::child_death_reviews
