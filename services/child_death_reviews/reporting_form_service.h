#pragma once

#include "absl/status/statusor.h"
#include "child_death_reviews/death_review_store.h"
#include "child_death_reviews/reporting_form_store.h"
#include "child_death_reviews/settings.h"
#include "common/lifecycle/service.h"

namespace lscp::child_death_reviews {

// Handlers of ReportingFormsService for those who ask. The contract says what they answer.
// Thread-safe; the settings must outlive this.
class ReportingForms {
 public:
  explicit ReportingForms(const Settings* settings) : settings_(settings) {}

  absl::StatusOr<pb::RequestReportingFormsResponse> Request(
      const pb::RequestReportingFormsRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetReportingFormResponse> Get(const pb::GetReportingFormRequest& request,
                                                   Reading& reading);
  absl::StatusOr<pb::ListReportingFormsResponse> List(const pb::ListReportingFormsRequest& request,
                                                      Reading& reading);
  absl::StatusOr<pb::ChaseReportingFormsResponse> Chase(
      const pb::ChaseReportingFormsRequest& request, Transaction& tx);
  absl::StatusOr<pb::WithdrawReportingFormResponse> Withdraw(
      const pb::WithdrawReportingFormRequest& request, Transaction& tx);

 private:
  const Settings* const settings_;
  const DeathReviewStore reviews_;
  const ReportingFormStore store_;
};

// Handlers for the agencies that are asked. An agency sees its own forms; those of others are
// absent. Thread-safe.
class AskedAgencies {
 public:
  absl::StatusOr<pb::ListMyReportingFormsResponse> List(
      const pb::ListMyReportingFormsRequest& request, Reading& reading);
  absl::StatusOr<rpc::WatchFilter> Watch(const pb::WatchMyReportingFormsRequest& request,
                                         const Call& call);
  absl::StatusOr<pb::SubmitReportingFormResponse> Submit(
      const pb::SubmitReportingFormRequest& request, Transaction& tx);
  absl::StatusOr<pb::DeclareChildNotKnownResponse> DeclareNotKnown(
      const pb::DeclareChildNotKnownRequest& request, Transaction& tx);

 private:
  const ReportingFormStore store_;
};

// The forms that are still owed are withdrawn: their death review goes on no more. Errors: the
// database's.
absl::Status WithdrawOwedForms(Transaction& tx, const ReportingFormStore& store,
                               std::string_view review, std::string_view reason);

void RegisterReportingForms(ServiceContext& context, const Settings* settings);

}  // namespace lscp::child_death_reviews
