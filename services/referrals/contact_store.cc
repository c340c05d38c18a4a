#include "referrals/contact_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/store/where.h"
#include "common/time/calendar.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/rule.h"
#include "common/validate/resource_name.h"
#include "domain/child_rows.h"
#include "referrals/codes.h"

namespace lscp::referrals {
namespace {

using Contact = pb::Contact;

std::optional<absl::Time> TimeIf(bool has, const google::protobuf::Timestamp& time) {
  return has ? ProtoToTime(time) : std::nullopt;
}

Columns ColumnsOf(const Contact& contact) {
  const pb::ContactDecision& decision = contact.decision();
  const absl::Time received = *ProtoToTime(contact.receive_time());
  return {
      {"state", contact.state()},
      {"form_type", contact.form_type()},
      {"channel", contact.channel()},
      {"source_agency", contact.source_agency()},
      {"sender_reference", contact.sender_reference()},
      {"source", CodeOf(contact.source())},
      {"received_at", received},
      {"received_on", LondonDay(received)},
      {"working_day_ends_at", DueAt(received, WorkingDays(1), WorkingDayCalendar())},
      {"acknowledged_at", TimeIf(contact.has_acknowledge_time(), contact.acknowledge_time())},
      {"decision_due_at", ProtoToTime(contact.decision_due_time())},
      {"initial_brag", contact.initial_brag()},
      {"final_brag", decision.final_brag()},
      {"outcome", decision.outcome()},
      {"decided_at", TimeIf(decision.has_decide_time(), decision.decide_time())},
      {"feedback_at", TimeIf(contact.feedback().has_give_time(), contact.feedback().give_time())},
  };
}

absl::Status InsertChildren(db::Connection& db, const Contact& contact) {
  const ResourceName name = *ResourceName::Parse(contact.name());
  std::string sql =
      "INSERT INTO contact_children (borough, contact, ordinal, sex, birth_date, unborn) VALUES ";
  db::Args args;
  for (int i = 0; i < contact.children_size(); ++i) {
    const pb::ConcernedChild& child = contact.children(i);
    sql += i == 0 ? "(?, ?, ?, ?, ?, ?)" : ", (?, ?, ?, ?, ?, ?)";
    args.insert(args.end(),
                {name.borough, name.id, i + 1, child.sex(),
                 child.has_birth_date() ? ProtoToDate(child.birth_date()) : std::nullopt,
                 child.has_expected_birth_date()});
  }
  return db.Execute(sql, args).status();
}

// The condition that the calling person, its one placeholder, may see every child that a contact
// is tied to.
std::string IsVisible() {
  return absl::StrCat(
      "NOT EXISTS (SELECT 1 FROM contact_children k WHERE k.borough = contacts.borough"
      " AND k.contact = contacts.id AND k.child IS NOT NULL AND NOT (",
      domain::ChildIsVisible("k.borough", "k.child"), "))");
}

absl::Status CheckVisible(db::Connection& db, const Call& call, const Contact& contact) {
  const bool linked =
      std::any_of(contact.children().begin(), contact.children().end(),
                  [](const pb::ConcernedChild& child) { return !child.child().empty(); });
  if (!linked) return absl::OkStatus();
  const ResourceName name = *ResourceName::Parse(contact.name());
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query(absl::StrCat("SELECT 1 FROM contacts WHERE borough = ? AND id = ? AND ",
                                         IsVisible()),
                            {name.borough, name.id, call.caller.person}));
  if (rows.empty()) return PermissionDenied(call.permission, contact.name());
  return absl::OkStatus();
}

template <typename Request>
void AddReceivedBetween(const Request& request, Where& where) {
  if (request.has_received_from()) {
    where.Add("received_at >= ?", {ProtoToTime(request.received_from())});
  }
  if (request.has_received_before()) {
    where.Add("received_at < ?", {ProtoToTime(request.received_before())});
  }
}

// Tied to one of these records of a child.
void AddTiedTo(const std::vector<std::string>& children, Where& where) {
  std::vector<std::string> ids = {""};  // a child that is not there matches nothing
  for (const std::string& name : children) ids.push_back(ResourceName::Parse(name)->id);
  Where tied;
  tied.In("k.child", ids);
  where.Add(absl::StrCat("EXISTS (SELECT 1 FROM contact_children k WHERE"
                         " k.borough = contacts.borough AND k.contact = contacts.id AND ",
                         tied.sql(), ")"),
            tied.args());
}

// States of a contact that its sender sees as one.
void AddStatesSeen(const pb::ListMyReferralsRequest& request, Where& where) {
  std::vector<int> states;
  for (const int seen : request.states()) {
    switch (seen) {
      case pb::MyReferral::STATE_RECEIVED:
        states.insert(states.end(), {Contact::STATE_RECEIVED, Contact::STATE_RATED});
        break;
      case pb::MyReferral::STATE_DECIDED:
        states.insert(states.end(), {Contact::STATE_DECIDED, Contact::STATE_CLOSED});
        break;
      case pb::MyReferral::STATE_DUPLICATE:
        states.push_back(Contact::STATE_DUPLICATE);
        break;
      default:
        states.push_back(seen);  // matches nothing
    }
  }
  where.In("state", states);
}

}  // namespace

ContactStore::ContactStore() : store_("contacts", "contacts", ColumnsOf) {}

std::string ContactStore::NewName(std::string_view borough, absl::Time now) const {
  return store_.NewName(borough, now);
}

absl::Status ContactStore::Insert(Transaction& tx, Contact& contact, Event event) const {
  RETURN_IF_ERROR(store_.Insert(tx, contact, std::move(event)));
  return InsertChildren(tx.db(), contact);
}

absl::StatusOr<Contact> ContactStore::Lock(Transaction& tx, std::string_view name,
                                           std::string_view etag) const {
  ASSIGN_OR_RETURN(Contact contact, store_.Lock(tx, name, ""));
  // First whether the caller may know of it, then whether it knows the current one.
  RETURN_IF_ERROR(CheckVisible(tx.db(), tx.call(), contact));
  if (!etag.empty() && etag != contact.etag()) return EtagMismatch(name, contact.etag());
  return contact;
}

absl::StatusOr<Contact> ContactStore::Read(Transaction& tx, std::string_view name) const {
  return store_.Read(tx, name);
}

absl::Status ContactStore::Update(Transaction& tx, Contact& contact,
                                  std::optional<Event> event) const {
  return store_.Update(tx, contact, std::move(event));
}

absl::Status ContactStore::UpdateLink(Transaction& tx, Contact& contact,
                                      const pb::ConcernedChild& child) const {
  const ResourceName name = *ResourceName::Parse(contact.name());
  RETURN_IF_ERROR(
      tx.db()
          .Execute("UPDATE contact_children SET child = ?"
                   " WHERE borough = ? AND contact = ? AND ordinal = ?",
                   {ResourceName::Parse(child.child())->id, name.borough, name.id, child.id()})
          .status());
  return store_.Update(tx, contact);
}

absl::StatusOr<Contact> ContactStore::Get(Reading& reading, std::string_view name) const {
  ASSIGN_OR_RETURN(Contact contact, store_.Get(reading, name));
  RETURN_IF_ERROR(CheckVisible(reading.db(), reading.call(), contact));
  return contact;
}

absl::StatusOr<ContactStore::Store::Page> ContactStore::List(
    Reading& reading, const pb::ListContactsRequest& request) const {
  Where where;
  where.Add(IsVisible(), {reading.caller().person})
      .In("state", request.states())
      .In("CASE WHEN final_brag <> 0 THEN final_brag ELSE initial_brag END", request.brags())
      .In("form_type", request.form_types())
      .In("outcome", request.outcomes());
  if (request.overdue()) {
    where.In("state", std::vector<int>{Contact::STATE_RECEIVED, Contact::STATE_RATED})
        .Add("decision_due_at < ?", {reading.now()});
  }
  if (request.unacknowledged()) where.Add("acknowledged_at IS NULL");
  if (request.awaiting_feedback()) where.Add("state = ?", {Contact::STATE_DECIDED});
  if (!request.source_agency().empty()) where.Add("source_agency = ?", {request.source_agency()});
  if (!request.child().empty()) {
    ASSIGN_OR_RETURN(const auto names, domain::NamesOfChild(reading.db(), request.child()));
    where.Add("borough = ?", {BoroughOf(request.child())});
    AddTiedTo(names, where);
  }
  AddReceivedBetween(request, where);
  return store_.List(reading, request,
                     {.where = where.sql(),
                      .args = where.args(),
                      .sort_by = "decision_due_at",
                      .page_size = request.page_size(),
                      .page_token = request.page_token()});
}

absl::StatusOr<Contact> ContactStore::GetSent(Reading& reading, std::string_view name) const {
  ASSIGN_OR_RETURN(Contact contact, store_.Get(reading, name));
  if (contact.source_agency() != reading.caller().agency) {
    return PermissionDenied(reading.call().permission, name);
  }
  return contact;
}

absl::StatusOr<ContactStore::Store::Page> ContactStore::ListSent(
    Reading& reading, const pb::ListMyReferralsRequest& request) const {
  Where where;
  where.Add("source_agency = ?", {reading.caller().agency});
  AddStatesSeen(request, where);
  if (!request.sender_reference().empty()) {
    where.Add("sender_reference = ?", {request.sender_reference()});
  }
  AddReceivedBetween(request, where);
  return store_.List(reading, request,
                     {.where = where.sql(),
                      .args = where.args(),
                      .sort_by = "received_at",
                      .descending = true,
                      .page_size = request.page_size(),
                      .page_token = request.page_token()});
}

}  // namespace lscp::referrals
