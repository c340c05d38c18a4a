#include "child_death_reviews/testing/panel_fixture.h"

#include "common/time/convert.h"

namespace lscp::child_death_reviews {
namespace {

std::string Analysis(const std::string& category) {
  return "analysis { category: " + category +
         " modifiability: MODIFIABILITY_IDENTIFIED learning_points: 'ask about smoke alarms' "
         "factors { domain: FACTOR_DOMAIN_CHILD description: 'asthma' "
         "grade: FACTOR_GRADE_CONTRIBUTED } "
         "factors { domain: FACTOR_DOMAIN_SOCIAL_ENVIRONMENT description: 'none' "
         "grade: FACTOR_GRADE_UNLIKELY } "
         "factors { domain: FACTOR_DOMAIN_PHYSICAL_ENVIRONMENT description: 'smoke' "
         "modifiable: true grade: FACTOR_GRADE_CONTRIBUTED } "
         "factors { domain: FACTOR_DOMAIN_SERVICE_PROVISION description: 'not known' "
         "grade: FACTOR_GRADE_NO_INFORMATION } } ";
}

}  // namespace

pb::DeathReviewMeeting PanelFixture::PlannedMeeting(const pb::DeathReview& review) {
  auto request = Of<pb::PlanDeathReviewMeetingRequest>(
      Review(review.name()),
      "chair: 'c.doctor' invitations { agency: 'testhospital' kind: AGENCY_KIND_HOSPITAL } "
      "invitations { agency: 'testpolice' kind: AGENCY_KIND_POLICE }");
  *request.mutable_meet_time() = TimeToProto(harness_.clock.Now() + absl::Hours(24));
  return Must(meetings_, &DeathReviewMeetings::Plan, request).death_review_meeting();
}

pb::DeathReviewMeeting PanelFixture::HeldMeeting(const pb::DeathReview& review) {
  auto request = Of<pb::HoldDeathReviewMeetingRequest>(
      PlannedMeeting(review),
      "minutes: 'x' attendances { agency: 'testhospital' kind: AGENCY_KIND_HOSPITAL invited: true "
      "attended: true } attendances { agency: 'testpolice' kind: AGENCY_KIND_POLICE invited: true "
      "}");
  *request.mutable_meet_time() = TimeToProto(harness_.clock.Now());
  return Must(meetings_, &DeathReviewMeetings::Hold, request).death_review_meeting();
}

pb::DeathReviewMeeting PanelFixture::Reported(const pb::DeathReview& review,
                                              const std::string& category) {
  return Must(meetings_, &DeathReviewMeetings::Report,
              Of<pb::ReportDeathReviewMeetingRequest>(HeldMeeting(review), Analysis(category)))
      .death_review_meeting();
}

pb::DeathPanelCase PanelFixture::CaseOf(const pb::DeathReview& review) {
  const auto all = Must(cases_, &DeathPanelCases::List,
                        Parse<pb::ListDeathPanelCasesRequest>("parent: 'boroughs/" +
                                                              harness_.boroughs.front() + "'"));
  for (const pb::DeathPanelCase& record : all.death_panel_cases()) {
    if (record.death_review() != review.name()) continue;
    pb::GetDeathPanelCaseRequest request;
    request.set_name(record.name());
    return Must(cases_, &DeathPanelCases::Get, request).death_panel_case();
  }
  ADD_FAILURE() << "no case";
  return {};
}

pb::DeathPanel PanelFixture::PlannedPanel(const std::string& fields) {
  auto request = Parse<pb::PlanDeathPanelRequest>(
      fields +
      " chair { agency: 'testpublichealth' kind: AGENCY_KIND_PUBLIC_HEALTH person: 'c.chair' } "
      "members { agency: 'testpolice' kind: AGENCY_KIND_POLICE person: 'm.member' }");
  request.set_parent("boroughs/" + harness_.boroughs.front());
  *request.mutable_meet_time() = TimeToProto(harness_.clock.Now() + absl::Hours(24));
  return Must(panels_, &DeathPanels::Plan, request).death_panel();
}

pb::DeathPanelCase PanelFixture::Listed(const pb::DeathReview& review,
                                        const pb::DeathPanel& panel) {
  auto request = Of<pb::PutOnDeathPanelAgendaRequest>(CaseOf(review), "incomplete_reason: 'x'");
  request.set_death_panel(panel.name());
  return Must(cases_, &DeathPanelCases::PutOnAgenda, request).death_panel_case();
}

pb::DeathPanel PanelFixture::HeldPanel(const pb::DeathPanel& panel, bool quorate) {
  harness_.clock.Advance(absl::Hours(24));
  auto request = Of<pb::HoldDeathPanelRequest>(
      panel, "attendances { agency: 'testpolice' kind: AGENCY_KIND_POLICE attended: true }");
  if (quorate) {
    request.MergeFrom(Parse<pb::HoldDeathPanelRequest>(
        "attendances { agency: 'a' kind: AGENCY_KIND_DESIGNATED_DOCTOR attended: true } "
        "attendances { agency: 'b' kind: AGENCY_KIND_SOCIAL_CARE attended: true } "
        "attendances { agency: 'c' kind: AGENCY_KIND_PUBLIC_HEALTH attended: true }"));
  }
  *request.mutable_meet_time() = TimeToProto(harness_.clock.Now());
  return Must(panels_, &DeathPanels::Hold, request).death_panel();
}

pb::RecordDeathPanelAnalysisRequest PanelFixture::AnalysisOf(const pb::DeathPanelCase& record,
                                                             const std::string& more) {
  return Of<pb::RecordDeathPanelAnalysisRequest>(record, Analysis("DEATH_CATEGORY_ACUTE") + more);
}

pb::DeathReview PanelFixture::Reviewed(const std::string& particulars) {
  const pb::DeathReview review = Accepted(particulars);
  const pb::DeathPanel panel = PlannedPanel();
  const pb::DeathPanelCase record = Listed(review, panel);
  HeldPanel(panel);
  Must(cases_, &DeathPanelCases::Analyse, AnalysisOf(record));
  return Review(review.name());
}

pb::DeathReview PanelFixture::Completed(const std::string& particulars) {
  const pb::DeathReview told =
      Must(reviews_, &DeathReviews::RecordNational,
           Of<pb::RecordNationalNotificationRequest>(Reviewed(particulars), "reference: 'N-1'"))
          .death_review();
  return Must(completions_, &ReviewCompletions::Complete,
              Of<pb::CompleteDeathReviewRequest>(told, "no_feedback_reason: 'x'"))
      .death_review();
}

}  // namespace lscp::child_death_reviews
