#include "child_protection/concern.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/validate/field_mask.h"

namespace lscp::child_protection {
namespace {

using pb::Concern;

absl::Status TakeStep(Concern& concern, std::string_view verb) {
  ASSIGN_OR_RETURN(const Concern::State next,
                   Next(kConcernTransitions, verb, concern.state(), concern.name()));
  concern.set_state(next);
  return absl::OkStatus();
}

template <typename List>
bool OccursTwice(const List& list) {
  const std::set<typename List::value_type> once(list.begin(), list.end());
  return once.size() != static_cast<size_t>(list.size());
}

// How a child is tied to a concern; a child who is tied already gets another note.
void Tie(Concern& concern, const std::string& child, const std::string& note, const Step& step) {
  if (std::find(concern.children().begin(), concern.children().end(), child) ==
      concern.children().end()) {
    concern.add_children(child);
  }
  pb::ConcernLink& link = *concern.add_links();
  link.set_child(child);
  link.set_note(note);
  *link.mutable_link_time() = TimeToProto(step.now);
  link.set_linked_by(step.person);
}

}  // namespace

absl::StatusOr<Concern> NewConcern(const pb::RecordConcernRequest& request, const Step& step) {
  std::vector<FieldViolation> faults;
  if (OccursTwice(request.themes())) faults.push_back({"themes", "a theme occurs twice"});
  if (OccursTwice(request.children())) faults.push_back({"children", "a child occurs twice"});
  if (!faults.empty()) return InvalidFields(faults);
  Concern concern;
  RETURN_IF_ERROR(TakeStep(concern, "RecordConcern"));
  concern.set_role(request.role());
  concern.set_title(request.title());
  concern.set_description(request.description());
  *concern.mutable_themes() = request.themes();
  concern.set_police_reference(request.police_reference());
  for (const std::string& child : request.children()) Tie(concern, child, "", step);
  return concern;
}

absl::Status Write(Concern& concern, const pb::UpdateConcernRequest& request) {
  RETURN_IF_ERROR(TakeStep(concern, "UpdateConcern"));
  RETURN_IF_ERROR(ApplyUpdate(request.concern(), request.update_mask(), &concern));
  return OccursTwice(concern.themes()) ? InvalidField("concern.themes", "a theme occurs twice")
                                       : absl::OkStatus();
}

absl::Status Link(Concern& concern, const pb::LinkChildToConcernRequest& request,
                  const Step& step) {
  RETURN_IF_ERROR(TakeStep(concern, "LinkChildToConcern"));
  Tie(concern, request.child(), request.note(), step);
  return absl::OkStatus();
}

absl::Status AddNotice(Concern& concern, const pb::RecordDisruptionNoticeRequest& request,
                       const Step& step) {
  RETURN_IF_ERROR(TakeStep(concern, "RecordDisruptionNotice"));
  std::vector<FieldViolation> faults;
  if (request.has_expiry_date() &&
      *ProtoToDate(request.expiry_date()) < *ProtoToDate(request.issue_date())) {
    faults.push_back({"expiry_date", "lies before the day of issue"});
  }
  if (request.kind() == pb::DISRUPTION_KIND_OTHER && request.note().empty()) {
    faults.push_back({"note", "is required with OTHER"});
  }
  if (!faults.empty()) return InvalidFields(faults);
  pb::DisruptionNotice& notice = *concern.add_notices();
  notice.set_kind(request.kind());
  notice.set_reference(request.reference());
  notice.set_agency(request.agency());
  *notice.mutable_issue_date() = request.issue_date();
  if (request.has_expiry_date()) *notice.mutable_expiry_date() = request.expiry_date();
  notice.set_note(request.note());
  notice.set_recorded_by(step.person);
  return absl::OkStatus();
}

absl::Status Close(Concern& concern, const pb::CloseConcernRequest& request) {
  RETURN_IF_ERROR(TakeStep(concern, "CloseConcern"));
  concern.set_close_reason(request.reason());
  return absl::OkStatus();
}

absl::Status Reopen(Concern& concern, const pb::ReopenConcernRequest& request) {
  RETURN_IF_ERROR(TakeStep(concern, "ReopenConcern"));
  concern.set_reopen_reason(request.reason());
  return absl::OkStatus();
}

}  // namespace lscp::child_protection
