#pragma once

#include <string>

#include "child_death_reviews/death_panel_case_service.h"
#include "child_death_reviews/death_panel_service.h"
#include "child_death_reviews/death_review_meeting_service.h"
#include "child_death_reviews/reporting_form_service.h"
#include "child_death_reviews/review_completion_service.h"
#include "child_death_reviews/testing/fixture.h"

namespace lscp::child_death_reviews {

// What comes after the immediate response, with its handlers. Calls come from Havering's
// coordinator.
class PanelFixture : public Fixture {
 protected:
  // Runs a method that has to succeed; its reply.
  template <typename Object, typename Request, typename Response, typename Context>
  Response Must(Object& object,
                absl::StatusOr<Response> (Object::*handler)(const Request&, Context&),
                const Request& request) {
    const auto reply = harness_.Run(object, handler, request);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() ? *reply : Response();
  }

  // A meeting of those who cared for the child, as it is planned, held now and reported.
  pb::DeathReviewMeeting PlannedMeeting(const pb::DeathReview& review);
  pb::DeathReviewMeeting HeldMeeting(const pb::DeathReview& review);
  pb::DeathReviewMeeting Reported(const pb::DeathReview& review,
                                  const std::string& category = "DEATH_CATEGORY_ACUTE");

  // The case that a death review has, as a coordinator reads it.
  pb::DeathPanelCase CaseOf(const pb::DeathReview& review);
  // A meeting of the panel tomorrow, led by c.chair of testpublichealth; m.member of testpolice
  // sits on it.
  pb::DeathPanel PlannedPanel(const std::string& fields = "theme: PANEL_THEME_ORDINARY");
  // The case on the meeting's agenda, whatever it lacks.
  pb::DeathPanelCase Listed(const pb::DeathReview& review, const pb::DeathPanel& panel);
  // The meeting held a day later, quorate or with the police alone.
  pb::DeathPanel HeldPanel(const pb::DeathPanel& panel, bool quorate = true);
  pb::RecordDeathPanelAnalysisRequest AnalysisOf(const pb::DeathPanelCase& record,
                                                 const std::string& more = "");
  // A death review of which the panel has agreed the analysis.
  pb::DeathReview Reviewed(const std::string& particulars = "");
  pb::DeathReview Completed(const std::string& particulars = "");

  ReportingForms forms_{&settings_};
  DeathReviewMeetings meetings_{&settings_};
  DeathPanels panels_{&settings_};
  DeathPanelCases cases_;
  PanelPapers papers_;
  ReviewCompletions completions_{&settings_};
};

}  // namespace lscp::child_death_reviews
