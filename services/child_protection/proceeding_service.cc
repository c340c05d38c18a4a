#include "child_protection/proceeding_service.h"

#include <memory>
#include <string>
#include <utility>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/days.h"
#include "common/timescales/store.h"

namespace lscp::child_protection {
namespace {

using pb::Proceeding;

template <typename Response>
Response ReplyWith(Proceeding proceeding) {
  Response response;
  *response.mutable_proceeding() = std::move(proceeding);
  return response;
}

void ClearTexts(Proceeding& proceeding) {
  proceeding.clear_concerns();
  proceeding.clear_rationale();
  proceeding.clear_end_note();
  for (pb::PreProceedingsMeeting& meeting : *proceeding.mutable_meetings()) {
    meeting.clear_agreed();
  }
}

absl::Status OneOpen(const std::string& child) {
  return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "one_open_proceeding", child,
                            "the child has a proceeding that has not ended");
}

}  // namespace

absl::Status Proceedings::Insert(Transaction& tx, Proceeding& proceeding) const {
  RETURN_IF_ERROR(parts_.children->CheckOne(tx.db(), tx.call(), proceeding.child()));
  ASSIGN_OR_RETURN(const bool open, store_.HasOpen(tx.db(), proceeding.child()));
  if (open) return OneOpen(proceeding.child());
  proceeding.set_name(store_.NewName(tx.call().borough, tx.now()));
  const absl::Status stored = store_.Insert(tx, proceeding);
  // Two people begin at the same time: the second finds the first.
  if (db::DuplicateKeyName(stored) == "one_open") return OneOpen(proceeding.child());
  return stored;
}

absl::Status Proceedings::GoToCourt(Transaction& tx, const Proceeding& proceeding) {
  return timescales::Start(tx.db(), tx.call().borough,
                           {{proceeding.name(), kCareProceedings.id,
                             InstantOn(*ProtoToDate(proceeding.issue_date()), tx.now()),
                             EndOfDay(*ProtoToDate(proceeding.court_due_date())), proceeding.team(),
                             proceeding.worker()}});
}

absl::StatusOr<pb::StartPreProceedingsResponse> Proceedings::Start(
    const pb::StartPreProceedingsRequest& request, Transaction& tx) {
  Proceeding proceeding = StartPre(request, StepOf(tx));
  RETURN_IF_ERROR(Insert(tx, proceeding));
  const absl::CivilDay start = *ProtoToDate(proceeding.start_date());
  const auto days = static_cast<int>(Borough(tx).child_in_need().pre_proceedings_days());
  RETURN_IF_ERROR(
      timescales::Start(tx.db(), tx.call().borough,
                        {{proceeding.name(), kPreProceedings, InstantOn(start, tx.now()),
                          EndOfDay(start + days), proceeding.team(), proceeding.worker()}}));
  return ReplyWith<pb::StartPreProceedingsResponse>(std::move(proceeding));
}

absl::StatusOr<pb::IssueWithoutPreProceedingsResponse> Proceedings::IssueAtOnce(
    const pb::IssueWithoutPreProceedingsRequest& request, Transaction& tx) {
  Proceeding proceeding = child_protection::IssueAtOnce(request, StepOf(tx));
  RETURN_IF_ERROR(Insert(tx, proceeding));
  RETURN_IF_ERROR(GoToCourt(tx, proceeding));
  return ReplyWith<pb::IssueWithoutPreProceedingsResponse>(std::move(proceeding));
}

absl::StatusOr<pb::GetProceedingResponse> Proceedings::Get(const pb::GetProceedingRequest& request,
                                                           Reading& reading) {
  ASSIGN_OR_RETURN(Proceeding proceeding, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetProceedingResponse>(std::move(proceeding));
}

absl::StatusOr<pb::ListProceedingsResponse> Proceedings::List(
    const pb::ListProceedingsRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListProceedingsResponse response;
  for (Proceeding& proceeding : page.resources) {
    ClearTexts(proceeding);
    *response.add_proceedings() = std::move(proceeding);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::SendLetterBeforeProceedingsResponse> Proceedings::SendLetter(
    const pb::SendLetterBeforeProceedingsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Proceeding proceeding, ChangeRecord(store_, tx, request, [&](Proceeding& r) {
                     return child_protection::SendLetter(r, request, StepOf(tx));
                   }));
  return ReplyWith<pb::SendLetterBeforeProceedingsResponse>(std::move(proceeding));
}

absl::StatusOr<pb::RecordFamilyMeetingResponse> Proceedings::FamilyMeeting(
    const pb::RecordFamilyMeetingRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Proceeding proceeding, ChangeRecord(store_, tx, request, [&](Proceeding& r) {
                     return child_protection::FamilyMeeting(r, request);
                   }));
  return ReplyWith<pb::RecordFamilyMeetingResponse>(std::move(proceeding));
}

absl::StatusOr<pb::HoldPreProceedingsMeetingResponse> Proceedings::HoldMeeting(
    const pb::HoldPreProceedingsMeetingRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Proceeding proceeding, ChangeRecord(store_, tx, request, [&](Proceeding& r) {
                     return child_protection::HoldMeeting(r, request, StepOf(tx));
                   }));
  return ReplyWith<pb::HoldPreProceedingsMeetingResponse>(std::move(proceeding));
}

absl::StatusOr<pb::DecidePreProceedingsResponse> Proceedings::Decide(
    const pb::DecidePreProceedingsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Proceeding proceeding, ChangeRecord(store_, tx, request, [&](Proceeding& r) {
                     return child_protection::Decide(r, request, StepOf(tx));
                   }));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), proceeding.name(), kPreProceedings, tx.now()).status());
  return ReplyWith<pb::DecidePreProceedingsResponse>(std::move(proceeding));
}

absl::StatusOr<pb::IssueProceedingsResponse> Proceedings::Issue(
    const pb::IssueProceedingsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Proceeding proceeding, ChangeRecord(store_, tx, request, [&](Proceeding& r) {
                     return child_protection::Issue(r, request, StepOf(tx));
                   }));
  // Whoever goes to court before the decision was made has decided.
  RETURN_IF_ERROR(timescales::Meet(tx.db(), proceeding.name(), kPreProceedings,
                                   InstantOn(*ProtoToDate(proceeding.issue_date()), tx.now()))
                      .status());
  RETURN_IF_ERROR(GoToCourt(tx, proceeding));
  return ReplyWith<pb::IssueProceedingsResponse>(std::move(proceeding));
}

absl::StatusOr<pb::EndProceedingsResponse> Proceedings::End(
    const pb::EndProceedingsRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(Proceeding proceeding, store_.Lock(tx, request.name(), request.etag()));
  RETURN_IF_ERROR(child_protection::End(proceeding, request, StepOf(tx)));
  RETURN_IF_ERROR(store_.UpdateEnded(tx, proceeding));
  RETURN_IF_ERROR(timescales::Meet(tx.db(), proceeding.name(), kCareProceedings.id,
                                   InstantOn(*ProtoToDate(proceeding.end_date()), tx.now()))
                      .status());
  return ReplyWith<pb::EndProceedingsResponse>(std::move(proceeding));
}

void RegisterProceedings(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.child_protection.v1.ProceedingsService",
          context.Keep(std::make_unique<Proceedings>(parts)))
      .Write("StartPreProceedings", &Proceedings::Start)
      .Write("IssueWithoutPreProceedings", &Proceedings::IssueAtOnce)
      .Read("GetProceeding", &Proceedings::Get)
      .Read("ListProceedings", &Proceedings::List)
      .Write("SendLetterBeforeProceedings", &Proceedings::SendLetter)
      .Write("RecordFamilyMeeting", &Proceedings::FamilyMeeting)
      .Write("HoldPreProceedingsMeeting", &Proceedings::HoldMeeting)
      .Write("DecidePreProceedings", &Proceedings::Decide)
      .Write("IssueProceedings", &Proceedings::Issue)
      .Write("EndProceedings", &Proceedings::End);
}

}  // namespace lscp::child_protection
