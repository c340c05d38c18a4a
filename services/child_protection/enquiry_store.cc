#include "child_protection/enquiry_store.h"

#include <string>
#include <vector>

#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_protection {
namespace {

using pb::Enquiry;

Columns ColumnsOf(const Enquiry& enquiry) {
  const bool open = enquiry.state() == Enquiry::STATE_OPEN;
  return {
      {"state", enquiry.state()},
      {"child", ResourceName::Parse(enquiry.child())->id},
      {"joint", enquiry.joint()},
      {"team", enquiry.team()},
      {"lead_worker", enquiry.lead_worker()},
      {"seen", !enquiry.seen().empty()},
      {"started_at", ProtoToTime(enquiry.start_time())},
      {"conference_due_at", ProtoToTime(enquiry.conference_due_time())},
      {"finding", enquiry.finding()},
      {"next_step", enquiry.next_step()},
      {"concluded_at",
       enquiry.has_conclude_time() ? ProtoToTime(enquiry.conclude_time()) : std::nullopt},
      {"conference_at",
       enquiry.has_conference_time() ? ProtoToTime(enquiry.conference_time()) : std::nullopt},
      {"ended_at", open ? std::nullopt : ProtoToTime(enquiry.update_time())},
  };
}

}  // namespace

EnquiryStore::EnquiryStore() : CaseStore("enquiries", ColumnsOf) {}

absl::StatusOr<std::optional<Enquiry>> EnquiryStore::LockOpen(Transaction& tx,
                                                              std::string_view child) const {
  ASSIGN_OR_RETURN(const auto names, domain::NamesOfChild(tx.db(), child));
  for (const std::string& text : names) {
    const ResourceName name = *ResourceName::Parse(text);
    ASSIGN_OR_RETURN(const db::Rows rows,
                     tx.db().Query("SELECT id FROM enquiries WHERE borough = ? AND open_child = ?",
                                   {name.borough, name.id}));
    if (rows.empty()) continue;
    const ResourceName found{name.borough, "enquiries", rows[0].Text(0)};
    ASSIGN_OR_RETURN(Enquiry enquiry, Lock(tx, found.ToString(), ""));
    if (enquiry.state() == Enquiry::STATE_OPEN) return enquiry;
  }
  return std::nullopt;
}

absl::StatusOr<EnquiryStore::Page> EnquiryStore::Find(
    Reading& reading, const pb::ListEnquiriesRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (!request.lead_worker().empty()) where.Add("lead_worker = ?", {request.lead_worker()});
  if (request.unallocated()) where.Add("lead_worker = ''");
  if (request.not_seen()) where.Add("NOT seen");
  if (request.conference_overdue()) {
    where.In("state", std::vector<int>{Enquiry::STATE_OPEN, Enquiry::STATE_CONFERENCE_DUE})
        .Add("conference_due_at < ?", {reading.now()});
  }
  if (request.has_started_from()) {
    where.Add("started_at >= ?", {ProtoToTime(request.started_from())});
  }
  if (request.has_started_before()) {
    where.Add("started_at < ?", {ProtoToTime(request.started_before())});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "started_at",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
