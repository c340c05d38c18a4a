#include "child_death_reviews/reporting_form.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "child_death_reviews/asked_agency.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_death_reviews {
namespace {

using pb::ReportingForm;

absl::Status TakeStep(ReportingForm& form, std::string_view verb) {
  ASSIGN_OR_RETURN(const ReportingForm::State next,
                   Next(kReportingFormTransitions, verb, form.state(), form.name()));
  form.set_state(next);
  return absl::OkStatus();
}

// Each supplementary form that was asked for is there once, and no other.
absl::Status CheckSupplementary(const ReportingForm& form, const pb::FormContent& content) {
  std::vector<FieldViolation> violations;
  std::set<int> owed(form.supplementary().begin(), form.supplementary().end());
  for (int i = 0; i < content.supplementary_size(); ++i) {
    if (owed.erase(content.supplementary(i).form()) == 1) continue;
    violations.push_back({absl::StrCat("content.supplementary[", i, "].form"),
                          "was not asked for, or occurs twice"});
  }
  if (!owed.empty()) {
    violations.push_back({"content.supplementary", "lacks a form that was asked for"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

}  // namespace

TimescaleRule ReportingFormRule(const Settings::Borough& borough) {
  return {kReportingForm, "Reporting form returned", "reporting form requested",
          WorkingDays(static_cast<int>(borough.reporting_form_working_days())),
          "Children Act 2004, section 16P; set with each request, else the "
          "area's working days"};
}

std::string FormName(std::string_view review, int number) {
  return NumberedName(review, "reportingForms", number);
}

std::string ReviewOfForm(std::string_view form) { return WholeOf(form, "deathReviews"); }

ReportingForm Ask(const pb::DeathReview& review, int number, const pb::AskedAgency& agency,
                  absl::Time due, absl::Time now) {
  const pb::Particulars& child = review.particulars();
  ReportingForm form;
  form.set_name(FormName(review.name(), number));
  form.set_state(ReportingForm::STATE_REQUESTED);
  form.set_agency(agency.agency());
  form.set_given_name(child.given_name());
  form.set_family_name(child.family_name());
  form.set_nhs_number(child.nhs_number());
  if (child.has_birth_date()) *form.mutable_birth_date() = child.birth_date();
  *form.mutable_death_date() = child.death_date();
  form.set_address(child.address());
  const std::set<int> forms(agency.supplementary().begin(), agency.supplementary().end());
  for (const int which : forms) {
    form.add_supplementary(static_cast<pb::SupplementaryForm>(which));
  }
  *form.mutable_request_time() = TimeToProto(now);
  *form.mutable_due_time() = TimeToProto(due);
  return form;
}

bool Chase(ReportingForm& form, absl::Time now) {
  if (!TakeStep(form, "ChaseReportingForms").ok()) return false;
  form.set_chases(form.chases() + 1);
  *form.mutable_chase_time() = TimeToProto(now);
  return true;
}

absl::Status Submit(ReportingForm& form, const pb::SubmitReportingFormRequest& request,
                    const Step& step) {
  RETURN_IF_ERROR(TakeStep(form, "SubmitReportingForm"));
  RETURN_IF_ERROR(CheckSupplementary(form, request.content()));
  pb::FormVersion& version = *form.add_versions();
  *version.mutable_content() = request.content();
  version.set_person(step.person.empty() ? request.returned_by() : step.person);
  *version.mutable_return_time() = TimeToProto(step.now);
  // A later version leaves the time that tells whether the form was there when it was needed.
  if (!form.has_return_time()) *form.mutable_return_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status DeclareNotKnown(ReportingForm& form, const pb::DeclareChildNotKnownRequest& request,
                             absl::Time now) {
  RETURN_IF_ERROR(TakeStep(form, "DeclareChildNotKnown"));
  form.set_end_reason(request.reason());
  *form.mutable_return_time() = TimeToProto(now);
  return absl::OkStatus();
}

absl::Status Withdraw(ReportingForm& form, std::string_view reason) {
  RETURN_IF_ERROR(TakeStep(form, "WithdrawReportingForm"));
  form.set_end_reason(std::string(reason));
  return absl::OkStatus();
}

void ClearForList(ReportingForm& form) {
  form.clear_versions();
  form.clear_address();
  form.clear_end_reason();
}

}  // namespace lscp::child_death_reviews
