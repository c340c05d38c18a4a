#include "child_protection/enquiry_service.h"

#include <memory>
#include <utility>

#include "child_protection/timescale_rules.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "safeguarding/child_protection/v1/events.pb.h"

namespace lscp::child_protection {
namespace {

using pb::Enquiry;

template <typename Response>
Response ReplyWith(Enquiry enquiry, absl::Time now) {
  Response response;
  enquiry.set_days_open(DaysOpen(enquiry, now));
  *response.mutable_enquiry() = std::move(enquiry);
  return response;
}

Event StartedEvent(const Enquiry& enquiry) {
  pb::EnquiryStarted started;
  started.set_enquiry(enquiry.name());
  started.set_child(enquiry.child());
  started.set_joint(enquiry.joint());
  *started.mutable_start_time() = enquiry.start_time();
  started.set_referral(enquiry.referral());
  return MakeEvent("child_protection.enquiry_started", enquiry.child(), started);
}

Event ConcludedEvent(const Enquiry& enquiry) {
  pb::EnquiryConcluded concluded;
  concluded.set_enquiry(enquiry.name());
  concluded.set_child(enquiry.child());
  concluded.set_finding(enquiry.finding());
  concluded.set_next_step(enquiry.next_step());
  *concluded.mutable_conclude_time() = enquiry.conclude_time();
  if (enquiry.state() == Enquiry::STATE_CONFERENCE_DUE) {
    *concluded.mutable_conference_due_time() = enquiry.conference_due_time();
  }
  return MakeEvent("child_protection.enquiry_concluded", enquiry.child(), concluded);
}

// A change that concerns nothing but the record.
template <typename Response, typename Request>
absl::StatusOr<Response> Change(const EnquiryStore& store, Transaction& tx, const Request& request,
                                absl::Status (*rule)(Enquiry&, const Request&)) {
  ASSIGN_OR_RETURN(Enquiry enquiry, store.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(rule(enquiry, request));
  RETURN_IF_ERROR(store.Update(tx, enquiry));
  return ReplyWith<Response>(std::move(enquiry), tx.now());
}

}  // namespace

absl::StatusOr<std::string> StartOrGoOn(Transaction& tx, const EnquiryStore& store,
                                        const pb::StrategyDiscussion& discussion,
                                        const std::string& child, bool joint) {
  ASSIGN_OR_RETURN(auto open, store.LockOpen(tx, child));
  if (open) {
    GoOn(*open, discussion, joint);
    RETURN_IF_ERROR(store.Update(tx, *open));
    return open->name();
  }
  Enquiry enquiry = StartEnquiry(discussion, child, joint);
  enquiry.set_name(store.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(timescales::Start(tx.db(), tx.call().borough,
                                    {ClockOf(kInitialConference, enquiry.name(),
                                             *ProtoToTime(enquiry.start_time()), enquiry.team())}));
  RETURN_IF_ERROR(store.Insert(tx, enquiry, StartedEvent(enquiry)));
  return enquiry.name();
}

absl::Status HoldInitialConferenceOf(Transaction& tx, const EnquiryStore& store,
                                     std::string_view name, absl::Time held) {
  ASSIGN_OR_RETURN(Enquiry enquiry, store.Lock(tx, name, ""));
  RETURN_IF_ERROR(HoldInitialConference(enquiry, held));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), name, kInitialConference.id, held).status());
  return store.Update(tx, enquiry);
}

absl::StatusOr<pb::GetEnquiryResponse> Enquiries::Get(const pb::GetEnquiryRequest& request,
                                                      Reading& reading) {
  ASSIGN_OR_RETURN(Enquiry enquiry, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetEnquiryResponse>(std::move(enquiry), reading.now());
}

absl::StatusOr<pb::ListEnquiriesResponse> Enquiries::List(const pb::ListEnquiriesRequest& request,
                                                          Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListEnquiriesResponse response;
  for (Enquiry& enquiry : page.resources) {
    enquiry.set_days_open(DaysOpen(enquiry, reading.now()));
    *response.add_enquiries() = std::move(enquiry);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::AllocateEnquiryResponse> Enquiries::Allocate(
    const pb::AllocateEnquiryRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(auto response, Change<pb::AllocateEnquiryResponse>(store_, tx, request,
                                                                      child_protection::Allocate));
  RETURN_IF_ERROR(
      timescales::Reassign(tx.db(), request.name(), request.team(), request.lead_worker())
          .status());
  return response;
}

absl::StatusOr<pb::RecordEnquiryChildSeenResponse> Enquiries::RecordSeen(
    const pb::RecordEnquiryChildSeenRequest& request, Transaction& tx) {
  return Change<pb::RecordEnquiryChildSeenResponse>(store_, tx, request,
                                                    child_protection::RecordSeen);
}

absl::StatusOr<pb::RecordMedicalExaminationResponse> Enquiries::RecordMedical(
    const pb::RecordMedicalExaminationRequest& request, Transaction& tx) {
  return Change<pb::RecordMedicalExaminationResponse>(store_, tx, request,
                                                      child_protection::RecordMedical);
}

absl::StatusOr<pb::RecordPoliceInvestigationResponse> Enquiries::RecordPolice(
    const pb::RecordPoliceInvestigationRequest& request, Transaction& tx) {
  return Change<pb::RecordPoliceInvestigationResponse>(store_, tx, request,
                                                       child_protection::RecordPolice);
}

absl::StatusOr<pb::ConcludeEnquiryResponse> Enquiries::Conclude(
    const pb::ConcludeEnquiryRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Enquiry enquiry, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::Conclude(enquiry, request, StepOf(tx)));
  if (enquiry.state() == Enquiry::STATE_CONCLUDED) {  // no conference is owed
    RETURN_IF_ERROR(timescales::CancelAll(tx.db(), enquiry.name(), tx.now()).status());
  }
  RETURN_IF_ERROR(store_.Update(tx, enquiry, ConcludedEvent(enquiry)));
  return ReplyWith<pb::ConcludeEnquiryResponse>(std::move(enquiry), tx.now());
}

absl::StatusOr<pb::CancelEnquiryResponse> Enquiries::Cancel(const pb::CancelEnquiryRequest& request,
                                                            Transaction& tx) {
  ASSIGN_OR_RETURN(auto response, Change<pb::CancelEnquiryResponse>(store_, tx, request,
                                                                    child_protection::Cancel));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), request.name(), tx.now()).status());
  return response;
}

void RegisterEnquiries(ServiceContext& context) {
  context.methods()
      .Of("safeguarding.child_protection.v1.EnquiriesService",
          context.Keep(std::make_unique<Enquiries>()))
      .Read("GetEnquiry", &Enquiries::Get)
      .Read("ListEnquiries", &Enquiries::List)
      .Write("AllocateEnquiry", &Enquiries::Allocate)
      .Write("RecordEnquiryChildSeen", &Enquiries::RecordSeen)
      .Write("RecordMedicalExamination", &Enquiries::RecordMedical)
      .Write("RecordPoliceInvestigation", &Enquiries::RecordPolice)
      .Write("ConcludeEnquiry", &Enquiries::Conclude)
      .Write("CancelEnquiry", &Enquiries::Cancel);
}

}  // namespace lscp::child_protection
