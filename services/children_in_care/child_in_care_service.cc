#include "children_in_care/child_in_care_service.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "children_in_care/care_consequences.h"
#include "children_in_care/care_duties.h"
#include "children_in_care/care_record.h"
#include "children_in_care/children.h"
#include "children_in_care/missing_children.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/record_change.h"
#include "common/time/convert.h"
#include "common/timescales/store.h"
#include "domain/register.h"

namespace lscp::children_in_care {
namespace {

using pb::ChildInCare;

template <typename Response>
Response ReplyWith(ChildInCare record) {
  Response response;
  *response.mutable_child_in_care() = std::move(record);
  return response;
}

pb::Whereabouts WhereaboutsOf(const ChildInCare& record, const MissingChild* missing) {
  if (missing != nullptr) {
    return missing->away_without_leave ? pb::WHEREABOUTS_AWAY_WITHOUT_LEAVE
                                       : pb::WHEREABOUTS_MISSING;
  }
  const pb::Placement& placement = LastPlacement(record);
  if (placement.address().empty()) return pb::WHEREABOUTS_ADDRESS_NOT_KNOWN;
  if (LastEpisode(record).legal().status() == pb::LEGAL_STATUS_SHORT_BREAK_AGREEMENT) {
    return pb::WHEREABOUTS_SHORT_BREAKS;
  }
  return IsTemporary(placement.type()) ? pb::WHEREABOUTS_TEMPORARY : pb::WHEREABOUTS_PLACED;
}

pb::ChildTonight TonightOf(const ChildInCare& record, const MissingChild* missing) {
  pb::ChildTonight tonight;
  tonight.set_child_in_care(record.name());
  tonight.set_child(record.child());
  tonight.set_team(record.team());
  tonight.set_worker(record.worker());
  tonight.set_legal_status(LastEpisode(record).legal().status());
  tonight.set_whereabouts(WhereaboutsOf(record, missing));
  *tonight.mutable_placement() = LastPlacement(record);
  if (missing != nullptr) {
    tonight.set_missing_episode(missing->episode);
    *tonight.mutable_missing_time() = TimeToProto(missing->since);
  }
  return tonight;
}

// Two people record that a child comes into care at the same time: the second finds the first.
absl::Status StartedTwice(const absl::Status& status, const std::string& child) {
  if (db::DuplicateKeyName(status) != "one_record") return status;
  return PreconditionFailed(reason::ERROR_REASON_TRANSITION_NOT_ALLOWED, "STATE", child,
                            "the child is looked after already");
}

}  // namespace

absl::StatusOr<CareFacts> ChildrenInCare::FactsOf(Transaction& tx, const std::string& child) const {
  ASSIGN_OR_RETURN(const KnownChild known, LockChild(tx.db(), child));
  ASSIGN_OR_RETURN(const auto missing, FindMissing(tx.db(), {child}));
  return CareFacts{
      .birth_date = known.birth_date, .borough = &parts_.Borough(tx), .missing = !missing.empty()};
}

template <typename Response, typename Request, typename Rule>
absl::StatusOr<Response> ChildrenInCare::ChangeBy(const Rule& rule, const Request& request,
                                                  Transaction& tx) {
  ASSIGN_OR_RETURN(ChildInCare record, store_.Lock(tx, request.name(), request.etag()));
  const ChildInCare before = record;
  ASSIGN_OR_RETURN(const CareFacts facts, FactsOf(tx, record.child()));
  RETURN_IF_ERROR(rule(record, facts));
  RETURN_IF_ERROR(store_.Update(tx, record, EventOf(before, record)));
  RETURN_IF_ERROR(store_.KeepChain(tx, record, false, ""));
  RETURN_IF_ERROR(FollowCare(tx, parts_, before, record));
  return ReplyWith<Response>(std::move(record));
}

absl::StatusOr<pb::StartCareResponse> ChildrenInCare::Start(const pb::StartCareRequest& request,
                                                            Transaction& tx) {
  RETURN_IF_ERROR(domain::CheckChildren(tx.db(), tx.call(), {request.child()}));
  ASSIGN_OR_RETURN(const CareFacts facts, FactsOf(tx, request.child()));
  ASSIGN_OR_RETURN(auto known, store_.LockOf(tx, request.child()));
  const ChildInCare before = known.value_or(ChildInCare());
  ChildInCare record = before;
  if (!known) record.set_name(store_.NewName(tx.call().borough, tx.now()));
  RETURN_IF_ERROR(StartCare(record, request, facts));
  const auto event = EventOf(before, record);
  RETURN_IF_ERROR(
      StartedTwice(known ? store_.Update(tx, record, event) : store_.Insert(tx, record, event),
                   request.child()));
  RETURN_IF_ERROR(store_.KeepChain(tx, record, false, ""));
  RETURN_IF_ERROR(FollowCare(tx, parts_, before, record));
  return ReplyWith<pb::StartCareResponse>(std::move(record));
}

absl::StatusOr<pb::GetChildInCareResponse> ChildrenInCare::Get(
    const pb::GetChildInCareRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(ChildInCare record, store_.Get(reading, request.name()));
  return ReplyWith<pb::GetChildInCareResponse>(std::move(record));
}

absl::StatusOr<pb::ListChildrenInCareResponse> ChildrenInCare::List(
    const pb::ListChildrenInCareRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(auto page, store_.Find(reading, request));
  pb::ListChildrenInCareResponse response;
  for (ChildInCare& record : page.resources) {
    record.clear_steps();
    *response.add_children_in_care() = std::move(record);
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

absl::StatusOr<pb::ListChildrenTonightResponse> ChildrenInCare::ListTonight(
    const pb::ListChildrenTonightRequest& request, Reading& reading) {
  ASSIGN_OR_RETURN(const auto page, store_.LookedAfter(reading, request));
  std::vector<std::string> children;
  for (const ChildInCare& record : page.resources) children.push_back(record.child());
  ASSIGN_OR_RETURN(const auto missing, FindMissing(reading.db(), children));
  pb::ListChildrenTonightResponse response;
  for (const ChildInCare& record : page.resources) {
    const auto found = missing.find(record.child());
    *response.add_children() = TonightOf(record, found == missing.end() ? nullptr : &found->second);
  }
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<pb::ListCareRevisionsResponse> ChildrenInCare::ListRevisions(
    const pb::ListCareRevisionsRequest& request, Reading& reading) {
  return store_.Revisions(reading, request);
}

absl::StatusOr<pb::ChangeCareResponse> ChildrenInCare::Change(const pb::ChangeCareRequest& request,
                                                              Transaction& tx) {
  return ChangeBy<pb::ChangeCareResponse>(
      [&](ChildInCare& record, const CareFacts& facts) {
        return ChangeCare(record, request, facts);
      },
      request, tx);
}

absl::StatusOr<pb::MoveTemporarilyResponse> ChildrenInCare::MoveTemporarily(
    const pb::MoveTemporarilyRequest& request, Transaction& tx) {
  return ChangeBy<pb::MoveTemporarilyResponse>(
      [&](ChildInCare& record, const CareFacts& facts) {
        return children_in_care::MoveTemporarily(record, request, facts);
      },
      request, tx);
}

absl::StatusOr<pb::ReturnToPlacementResponse> ChildrenInCare::Return(
    const pb::ReturnToPlacementRequest& request, Transaction& tx) {
  return ChangeBy<pb::ReturnToPlacementResponse>(
      [&](ChildInCare& record, const CareFacts& facts) {
        return ReturnToPlacement(record, request, facts);
      },
      request, tx);
}

absl::StatusOr<pb::EndCareResponse> ChildrenInCare::End(const pb::EndCareRequest& request,
                                                        Transaction& tx) {
  return ChangeBy<pb::EndCareResponse>(
      [&](ChildInCare& record, const CareFacts& facts) { return EndCare(record, request, facts); },
      request, tx);
}

absl::StatusOr<pb::CorrectCareResponse> ChildrenInCare::Correct(
    const pb::CorrectCareRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ChildInCare record, store_.Lock(tx, request.name(), request.etag()));
  const ChildInCare before = record;
  ASSIGN_OR_RETURN(const CareFacts facts, FactsOf(tx, record.child()));
  RETURN_IF_ERROR(CorrectCare(record, request, facts));
  RETURN_IF_ERROR(store_.Update(tx, record, CorrectedEvent(record)));
  RETURN_IF_ERROR(store_.KeepChain(tx, record, true, request.reason()));
  RETURN_IF_ERROR(FollowCare(tx, parts_, before, record));
  return ReplyWith<pb::CorrectCareResponse>(std::move(record));
}

absl::StatusOr<pb::AssignChildInCareResponse> ChildrenInCare::Assign(
    const pb::AssignChildInCareRequest& request, Transaction& tx) {
  ASSIGN_OR_RETURN(ChildInCare record, ChangeRecord(store_, tx, request, [&](ChildInCare& changed) {
                     return AssignChildInCare(changed, request);
                   }));
  RETURN_IF_ERROR(
      timescales::Reassign(tx.db(), record.name(), record.team(), record.worker()).status());
  RETURN_IF_ERROR(KeepDuties(tx, record));
  return ReplyWith<pb::AssignChildInCareResponse>(std::move(record));
}

absl::StatusOr<pb::RecordAreaNoticeResponse> ChildrenInCare::RecordNotice(
    const pb::RecordAreaNoticeRequest& request, Transaction& tx) {
  return ChangeBy<pb::RecordAreaNoticeResponse>(
      [&](ChildInCare& record, const CareFacts& facts) {
        return RecordAreaNotice(record, request, facts, StepOf(tx));
      },
      request, tx);
}

absl::StatusOr<pb::ApprovePlacementResponse> ChildrenInCare::Approve(
    const pb::ApprovePlacementRequest& request, Transaction& tx) {
  return ChangeBy<pb::ApprovePlacementResponse>(
      [&](ChildInCare& record, const CareFacts& facts) {
        return ApprovePlacement(record, request, facts, StepOf(tx));
      },
      request, tx);
}

void RegisterChildrenInCare(ServiceContext& context, const Parts& parts) {
  context.methods()
      .Of("safeguarding.children_in_care.v1.ChildrenInCareService",
          context.Keep(std::make_unique<ChildrenInCare>(parts)))
      .Write("StartCare", &ChildrenInCare::Start)
      .Read("GetChildInCare", &ChildrenInCare::Get)
      .Read("ListChildrenInCare", &ChildrenInCare::List)
      .Read("ListChildrenTonight", &ChildrenInCare::ListTonight)
      .Read("ListCareRevisions", &ChildrenInCare::ListRevisions)
      .Write("ChangeCare", &ChildrenInCare::Change)
      .Write("MoveTemporarily", &ChildrenInCare::MoveTemporarily)
      .Write("ReturnToPlacement", &ChildrenInCare::Return)
      .Write("EndCare", &ChildrenInCare::End)
      .Write("CorrectCare", &ChildrenInCare::Correct)
      .Write("AssignChildInCare", &ChildrenInCare::Assign)
      .Write("RecordAreaNotice", &ChildrenInCare::RecordNotice)
      .Write("ApprovePlacement", &ChildrenInCare::Approve);
}

}  // namespace lscp::children_in_care
