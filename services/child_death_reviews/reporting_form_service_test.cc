#include "child_death_reviews/reporting_form_service.h"

#include "child_death_reviews/reporting_form.h"
#include "child_death_reviews/testing/fixture.h"
#include "common/testing/rules.h"
#include "gmock/gmock.h"

namespace lscp::child_death_reviews {
namespace {

using lscp::testing::BrokenRule;
using pb::ReportingForm;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReportingFormsTest : public Fixture {
 protected:
  std::vector<ReportingForm> Asked(const pb::DeathReview& review, const std::string& agencies) {
    const auto reply = harness_.Run(forms_, &ReportingForms::Request,
                                    Of<pb::RequestReportingFormsRequest>(review, agencies));
    EXPECT_TRUE(reply.ok()) << reply.status();
    if (!reply.ok()) return {};
    return {reply->reporting_forms().begin(), reply->reporting_forms().end()};
  }
  std::vector<ReportingForm> List(const std::string& filter = "") {
    const auto reply =
        harness_.Run(forms_, &ReportingForms::List,
                     Parse<pb::ListReportingFormsRequest>("parent: 'boroughs/havering' " + filter));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return {reply->reporting_forms().begin(), reply->reporting_forms().end()};
  }
  std::vector<ReportingForm> Mine() {
    const auto reply =
        harness_.Run(agencies_, &AskedAgencies::List,
                     Parse<pb::ListMyReportingFormsRequest>("parent: 'boroughs/havering'"));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return {reply->reporting_forms().begin(), reply->reporting_forms().end()};
  }
  // What an agency's stream says of the last mutation.
  std::vector<ReportingForm> Heard(const std::string& agency) {
    std::vector<FeedEntry> feed;
    for (const JournalEntry& entry : harness_.entries) {
      FeedEntry& row = feed.emplace_back();
      row.at = harness_.clock.Now();
      row.resource = entry.resource;
      row.revision = entry.revision;
      row.payload = entry.payload;
    }
    const std::string before = std::exchange(harness_.caller.agency, agency);
    const pb::WatchMyReportingFormsRequest request;
    const auto filter = agencies_.Watch(request, harness_.CallOf(request));
    harness_.caller.agency = before;
    std::vector<ReportingForm> heard;
    for (const FeedEntry& entry : feed) {
      const auto reply = (*filter)(entry);
      if (!reply) continue;
      const auto& message = static_cast<const pb::WatchMyReportingFormsResponse&>(*reply->message);
      EXPECT_EQ(reply->disclosed.size(), 1u);
      for (const auto& event : message.events()) heard.push_back(event.reporting_form());
    }
    return heard;
  }
  absl::StatusOr<ReportingForm> Submit(const ReportingForm& form) {
    const auto reply =
        harness_.Run(agencies_, &AskedAgencies::Submit,
                     Of<pb::SubmitReportingFormRequest>(form, "content { involvement: 'x' }"));
    if (!reply.ok()) return reply.status();
    return reply->reporting_form();
  }
  absl::StatusOr<pb::ChaseReportingFormsResponse> Chase(const pb::DeathReview& review) {
    return harness_.Run(forms_, &ReportingForms::Chase,
                        Of<pb::ChaseReportingFormsRequest>(Review(review.name())));
  }

  ReportingForms forms_{&settings_};
  AskedAgencies agencies_;
};

constexpr char kTwo[] =
    "agencies { agency: 'testschool' } agencies { agency: 'testpractice' "
    "due_time { seconds: 1741600800 } supplementary: SUPPLEMENTARY_FORM_ASTHMA "
    "}";

TEST_F(ReportingFormsTest, AreAskedOfEachAgencyWithTheirClocks) {
  const auto review = Accepted("address: '1 Invented Road'");
  const auto forms = Asked(review, kTwo);
  ASSERT_THAT(forms, SizeIs(2));
  EXPECT_EQ(ClockOf(forms[0].name(), kReportingForm), "due 2025-03-24");
  EXPECT_EQ(ClockOf(forms[1].name(), kReportingForm), "due 2025-03-10");
  ASSERT_TRUE(harness_.entries[0].event.has_value());
  EXPECT_EQ(harness_.entries[0].event->type, "child_death_reviews.reporting_form_requested");
  EXPECT_THAT(List("death_review: '" + review.name() + "'"), SizeIs(2));
  EXPECT_THAT(List("agency: 'testschool'"), SizeIs(1));
  EXPECT_THAT(List("overdue: true"), IsEmpty());
  harness_.clock.Advance(absl::Hours(24 * 10));
  EXPECT_THAT(List("overdue: true"), SizeIs(1));
}

TEST_F(ReportingFormsTest, AreTheirAgencysAndNoOthers) {
  const auto review = Accepted();
  const auto forms = Asked(review, kTwo);
  As("testschool", "");
  ASSERT_THAT(Mine(), SizeIs(1));
  EXPECT_THAT(harness_.disclosed, SizeIs(1));
  EXPECT_EQ(Mine()[0].family_name(), "Beispiel");
  EXPECT_EQ(Submit(forms[1]).status().code(), absl::StatusCode::kPermissionDenied);
  ReportingForm stale = forms[1];
  stale.set_etag("\"99\"");  // a wrong etag tells no more
  EXPECT_EQ(Submit(stale).status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Submit(forms[0])->state(), ReportingForm::STATE_RETURNED);
  As("teststranger", "");
  EXPECT_THAT(Mine(), IsEmpty());
  AsCoordinator();
  for (const ReportingForm& form : List()) EXPECT_THAT(form.versions(), IsEmpty());
}

TEST_F(ReportingFormsTest, AreWatchedByTheirAgencyAndNoOther) {
  const auto review = Accepted();
  const auto forms = Asked(review, kTwo);
  ASSERT_THAT(Heard("testschool"), SizeIs(1));
  EXPECT_EQ(Heard("testschool")[0].name(), forms[0].name());
  EXPECT_THAT(Heard("testpractice"), SizeIs(1));
  EXPECT_THAT(Heard("teststranger"), IsEmpty());
  ASSERT_TRUE(Chase(review).ok());
  EXPECT_EQ(Heard("testschool")[0].chases(), 1u);
  As("testschool", "");
  ASSERT_TRUE(Submit(Mine()[0]).ok());
  EXPECT_EQ(Heard("testschool")[0].state(), ReportingForm::STATE_RETURNED);
  EXPECT_THAT(Heard("testpractice"), IsEmpty());
}

TEST_F(ReportingFormsTest, ReturnedMeetTheirClockAndKeepEveryVersion) {
  const auto form = Asked(Accepted(), "agencies { agency: 'testschool' }")[0];
  harness_.clock.Advance(absl::Hours(24));
  As("testschool", "");
  const auto first = Submit(form);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(ClockOf(form.name(), kReportingForm), "due 2025-03-24 met 2025-03-04");
  harness_.clock.Advance(absl::Hours(24));
  EXPECT_THAT(Submit(*first)->versions(), SizeIs(2));
  EXPECT_EQ(ClockOf(form.name(), kReportingForm), "due 2025-03-24 met 2025-03-04");
}

TEST_F(ReportingFormsTest, AreChasedWhileTheyAreOwed) {
  const auto review = Accepted();
  const auto form = Asked(review, kTwo)[0];
  ASSERT_THAT(Chase(review)->reporting_forms(), SizeIs(2));
  As("testschool", "");
  const ReportingForm mine = Mine()[0];
  EXPECT_EQ(mine.chases(), 1u);
  ASSERT_TRUE(Submit(mine).ok());
  As("testpractice", "");
  ASSERT_TRUE(harness_
                  .Run(agencies_, &AskedAgencies::DeclareNotKnown,
                       Of<pb::DeclareChildNotKnownRequest>(Mine()[0], "reason: 'x'"))
                  .ok());
  AsCoordinator();
  EXPECT_EQ(BrokenRule(Chase(review).status()), "form_owed");
}

TEST_F(ReportingFormsTest, WithdrawnOweNothingAndMayBeAskedForAgain) {
  const auto review = Accepted();
  const auto form = Asked(review, "agencies { agency: 'testschool' }")[0];
  ASSERT_TRUE(harness_
                  .Run(forms_, &ReportingForms::Withdraw,
                       Of<pb::WithdrawReportingFormRequest>(form, "reason: 'x'"))
                  .ok());
  EXPECT_EQ(ClockOf(form.name(), kReportingForm), "due 2025-03-24 cancelled 2025-03-03");
  EXPECT_NE(Asked(Review(review.name()), "agencies { agency: 'testschool' }")[0].name(),
            form.name());
}

TEST_F(ReportingFormsTest, AreOwedNoMoreWhenTheReviewIsAnothers) {
  const auto review = Accepted();
  const auto forms = Asked(review, kTwo);
  const auto offered =
      harness_.Run(reviews_, &DeathReviews::HandOver,
                   Of<pb::HandOverDeathReviewRequest>(
                       Review(review.name()), "area: 'E10000012' contact: 'x' reason: 'x'"));
  ASSERT_TRUE(offered.ok()) << offered.status();
  ASSERT_TRUE(
      harness_
          .Run(reviews_, &DeathReviews::AnswerHandOver,
               Of<pb::AnswerHandOverRequest>(offered->death_review(), "accepted: true answer: 'x'"))
          .ok());
  EXPECT_THAT(List("states: STATE_WITHDRAWN"), SizeIs(2));
  EXPECT_EQ(ClockOf(forms[0].name(), kReportingForm), "due 2025-03-24 cancelled 2025-03-03");
}

TEST_F(ReportingFormsTest, OfAnotherBoroughAreAbsent) {
  const auto review = Accepted();
  As("testcouncil", "c.redbridge", {"redbridge"});
  EXPECT_EQ(
      harness_
          .Run(forms_, &ReportingForms::Request, Of<pb::RequestReportingFormsRequest>(review, kTwo))
          .status()
          .code(),
      absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lscp::child_death_reviews
