#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "child_death_reviews/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/death_reviews_service.pb.h"
#include "safeguarding/child_death_reviews/v1/reporting_forms_service.pb.h"

// The rules of what an agency that knew a child is asked after the child's death. No SQL, no gRPC,
// no clock.
namespace lscp::child_death_reviews {

// Children Act 2004, section 16P: whoever is asked for information for a child death review gives
// it.
inline constexpr Transition<pb::ReportingForm::State> kReportingFormTransitions[] = {
    {"RequestReportingForms",
     {pb::ReportingForm::STATE_UNSPECIFIED},
     pb::ReportingForm::STATE_REQUESTED},
    {"ChaseReportingForms",
     {pb::ReportingForm::STATE_REQUESTED},
     pb::ReportingForm::STATE_REQUESTED},
    {"SubmitReportingForm",
     {pb::ReportingForm::STATE_REQUESTED, pb::ReportingForm::STATE_RETURNED},
     pb::ReportingForm::STATE_RETURNED},
    {"DeclareChildNotKnown",
     {pb::ReportingForm::STATE_REQUESTED},
     pb::ReportingForm::STATE_NOT_KNOWN},
    {"WithdrawReportingForm",
     {pb::ReportingForm::STATE_REQUESTED},
     pb::ReportingForm::STATE_WITHDRAWN},
};

// Due when the request says; else the area's working days after it was asked for.
inline constexpr char kReportingForm[] = "reporting_form";
TimescaleRule ReportingFormRule(const Settings::Borough& borough);

// Name of the death review's n-th reporting form; its id is the death review's with the number, so
// that a form leads to its death review.
std::string FormName(std::string_view review, int number);
std::string ReviewOfForm(std::string_view form);

// What the agency gets to see.
pb::ReportingForm Ask(const pb::DeathReview& review, int number, const pb::AskedAgency& agency,
                      absl::Time due, absl::Time now);

// The agency is reminded. True if it owes a form.
bool Chase(pb::ReportingForm& form, absl::Time now);
absl::Status Submit(pb::ReportingForm& form, const pb::SubmitReportingFormRequest& request,
                    const Step& step);
absl::Status DeclareNotKnown(pb::ReportingForm& form,
                             const pb::DeclareChildNotKnownRequest& request, absl::Time now);
absl::Status Withdraw(pb::ReportingForm& form, std::string_view reason);

// Without what a list does not show.
void ClearForList(pb::ReportingForm& form);

}  // namespace lscp::child_death_reviews
