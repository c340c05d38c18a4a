#include "child_death_reviews/reporting_form_service.h"

#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "child_death_reviews/asked_agency.h"
#include "child_death_reviews/death_review.h"
#include "child_death_reviews/reporting_form.h"
#include "child_death_reviews/timescale_rules.h"
#include "common/journal/step.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "safeguarding/child_death_reviews/v1/events.pb.h"

namespace lscp::child_death_reviews {
namespace {

using pb::ReportingForm;

Event RequestedEvent(const ReportingForm& form) {
  pb::ReportingFormRequested requested;
  requested.set_reporting_form(form.name());
  requested.set_agency(form.agency());
  requested.set_chases(form.chases());
  return MakeEvent("child_death_reviews.reporting_form_requested", form.name(), requested);
}

// What the stream of the agency that is asked says of a change; nothing to others.
std::optional<rpc::WatchReply> ForAgency(const Call& call, const FeedEntry& entry) {
  ReportingForm form;  // stays empty when the payload's retention has ended
  if (!MayName(call, "reportingForms", entry.resource) || entry.payload.empty() ||
      !form.ParseFromString(entry.payload) || form.agency() != call.caller.agency) {
    return std::nullopt;
  }
  auto reply = std::make_unique<pb::WatchMyReportingFormsResponse>();
  pb::MyReportingFormEvent& event = *reply->add_events();
  *event.mutable_time() = TimeToProto(entry.at);
  std::string name = form.name();
  *event.mutable_reporting_form() = std::move(form);
  return rpc::WatchReply{std::move(reply), {std::move(name)}};
}

template <typename Response>
Response ReplyWith(ReportingForm form) {
  Response response;
  *response.mutable_reporting_form() = std::move(form);
  return response;
}

}  // namespace

absl::StatusOr<pb::RequestReportingFormsResponse> ReportingForms::Request(
    const pb::RequestReportingFormsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(pb::DeathReview review, reviews_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(TakeReviewStep(review, "RequestReportingForms"));
  ASSIGN_OR_RETURN(const auto asked, store_.LockOf(tx, review.name()));
  RETURN_IF_ERROR(AllowAgencies(request, asked));
  const absl::Time usual =
      DueAt(tx.now(), ReportingFormRule(settings_->Of(tx.call().borough)).due_after,
            WorkingDayCalendar());
  pb::RequestReportingFormsResponse response;
  std::vector<timescales::NewClock> clocks;
  int number = static_cast<int>(asked.size());
  for (const pb::AskedAgency& agency : request.agencies()) {
    const absl::Time due = agency.has_due_time() ? *ProtoToTime(agency.due_time()) : usual;
    ReportingForm form = Ask(review, ++number, agency, due, tx.now());
    clocks.push_back({.subject = form.name(),
                      .rule = kReportingForm,
                      .started_at = tx.now(),
                      .due_at = due,
                      .owner = review.coordinator()});
    RETURN_IF_ERROR(store_.Insert(tx, form, RequestedEvent(form)));
    *response.add_reporting_forms() = std::move(form);
  }
  RETURN_IF_ERROR(timescales::Start(tx.db(), tx.call().borough, clocks));
  RETURN_IF_ERROR(reviews_.Update(tx, review));
  response.set_death_review_etag(review.etag());
  return response;
}

absl::StatusOr<pb::GetReportingFormResponse> ReportingForms::Get(
    const pb::GetReportingFormRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(ReportingForm form, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetReportingFormResponse>(std::move(form));
}

absl::StatusOr<pb::ListReportingFormsResponse> ReportingForms::List(
    const pb::ListReportingFormsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListReportingFormsResponse response;
  for (ReportingForm& form : page.resources) {
    ClearForList(form);
    *response.add_reporting_forms() = std::move(form);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::ChaseReportingFormsResponse> ReportingForms::Chase(
    const pb::ChaseReportingFormsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(pb::DeathReview review, reviews_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(TakeReviewStep(review, "ChaseReportingForms"));
  ASSIGN_OR_RETURN(auto forms, store_.LockOf(tx, review.name()));
  pb::ChaseReportingFormsResponse response;
  for (ReportingForm& form : forms) {
    if (!child_death_reviews::Chase(form, tx.now())) continue;
    RETURN_IF_ERROR(store_.Update(tx, form, RequestedEvent(form)));
    *response.add_reporting_forms() = std::move(form);
  }
  if (response.reporting_forms().empty()) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "form_owed", review.name(),
                              "no agency owes a reporting form");
  }
  RETURN_IF_ERROR(reviews_.Update(tx, review));
  response.set_death_review_etag(review.etag());
  return response;
}

absl::StatusOr<pb::WithdrawReportingFormResponse> ReportingForms::Withdraw(
    const pb::WithdrawReportingFormRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ReportingForm form, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_death_reviews::Withdraw(form, request.reason()));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), form.name(), tx.now()).status());
  RETURN_IF_ERROR(store_.Update(tx, form));
  return ReplyWith<pb::WithdrawReportingFormResponse>(std::move(form));
}

absl::StatusOr<pb::ListMyReportingFormsResponse> AskedAgencies::List(
    const pb::ListMyReportingFormsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.FindMine(reading, request));
  pb::ListMyReportingFormsResponse response;
  response.mutable_reporting_forms()->Add(std::make_move_iterator(page.resources.begin()),
                                          std::make_move_iterator(page.resources.end()));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<rpc::WatchFilter> AskedAgencies::Watch(const pb::WatchMyReportingFormsRequest&,
                                                      const Call& call) {
  return [call](const FeedEntry& entry) { return ForAgency(call, entry); };
}

absl::StatusOr<pb::SubmitReportingFormResponse> AskedAgencies::Submit(
    const pb::SubmitReportingFormRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ReportingForm form, store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_death_reviews::Submit(form, request, StepOf(tx)));
  // The first version meets the clock; a later one finds none running.
  RETURN_IF_ERROR(timescales::Meet(tx.db(), form.name(), kReportingForm, tx.now()).status());
  RETURN_IF_ERROR(store_.Update(tx, form));
  return ReplyWith<pb::SubmitReportingFormResponse>(std::move(form));
}

absl::StatusOr<pb::DeclareChildNotKnownResponse> AskedAgencies::DeclareNotKnown(
    const pb::DeclareChildNotKnownRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ReportingForm form, store_.LockMine(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_death_reviews::DeclareNotKnown(form, request, tx.now()));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), form.name(), kReportingForm, tx.now()).status());
  RETURN_IF_ERROR(store_.Update(tx, form));
  return ReplyWith<pb::DeclareChildNotKnownResponse>(std::move(form));
}

absl::Status WithdrawOwedForms(Transaction& tx, const ReportingFormStore& store,
                               std::string_view review, std::string_view reason) {
  ASSIGN_OR_RETURN(auto forms, store.LockOf(tx, review));
  for (ReportingForm& form : forms) {
    if (form.state() != ReportingForm::STATE_REQUESTED) continue;
    RETURN_IF_ERROR(Withdraw(form, reason));
    RETURN_IF_ERROR(timescales::CancelAll(tx.db(), form.name(), tx.now()).status());
    RETURN_IF_ERROR(store.Update(tx, form));
  }
  return absl::OkStatus();
}

void RegisterReportingForms(ServiceContext& context, const Settings* settings) {
  constexpr char kService[] = "safeguarding.child_death_reviews.v1.ReportingFormsService";
  context.methods()
      .Of(kService, context.Keep(std::make_unique<ReportingForms>(settings)))
      .Write("RequestReportingForms", &ReportingForms::Request)
      .Read("GetReportingForm", &ReportingForms::Get)
      .Read("ListReportingForms", &ReportingForms::List)
      .Write("ChaseReportingForms", &ReportingForms::Chase)
      .Write("WithdrawReportingForm", &ReportingForms::Withdraw);
  context.methods()
      .Of(kService, context.Keep(std::make_unique<AskedAgencies>()))
      .Read("ListMyReportingForms", &AskedAgencies::List)
      .Watch<pb::WatchMyReportingFormsResponse>("WatchMyReportingForms", &AskedAgencies::Watch)
      .Write("SubmitReportingForm", &AskedAgencies::Submit)
      .Write("DeclareChildNotKnown", &AskedAgencies::DeclareNotKnown);
}

}  // namespace lscp::child_death_reviews
