#include "child_protection/invitation_store.h"

#include <string>
#include <utility>

#include "child_protection/invitation.h"
#include "common/status/error.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::Invitation;

Columns ColumnsOf(const Invitation& invitation) {
  return {
      {"conference", ResourceName::Parse(ConferenceOfInvitation(invitation.name()))->id},
      {"agency", invitation.agency()},
      {"kind", invitation.kind()},
      {"state", invitation.state()},
      {"planned_at", ProtoToTime(invitation.plan_time())},
      {"report_due_at", ProtoToTime(invitation.report_due_time())},
      {"reported_at",
       invitation.has_report_time() ? ProtoToTime(invitation.report_time()) : std::nullopt},
      {"remind_at", invitation.has_next_reminder_time()
                        ? ProtoToTime(invitation.next_reminder_time())
                        : std::nullopt},
      {"attended", invitation.attended()},
  };
}

absl::StatusOr<std::vector<Invitation>> Query(db::Connection& db, std::string_view conference,
                                              std::string_view lock) {
  const ResourceName name = *ResourceName::Parse(conference);
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query("SELECT document, revision FROM conference_invitations"
                            " WHERE borough = ? AND conference = ? ORDER BY LENGTH(id), id" +
                                std::string(lock),
                            {name.borough, name.id}));
  std::vector<Invitation> invitations(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!invitations[i].ParseFromString(rows[i].Text(0))) {
      return absl::DataLossError("a stored invitation cannot be read");
    }
    invitations[i].set_etag(EtagOf(rows[i].Int(1)));
  }
  return invitations;
}

}  // namespace

InvitationStore::InvitationStore() : store_("invitations", "conference_invitations", ColumnsOf) {}

absl::Status InvitationStore::Insert(Transaction& tx, Invitation& invitation) const {
  return store_.Insert(tx, invitation);
}

absl::Status InvitationStore::Update(Transaction& tx, Invitation& invitation,
                                     std::optional<Event> event) const {
  return store_.Update(tx, invitation, std::move(event));
}

absl::StatusOr<Invitation> InvitationStore::LockMine(Transaction& tx, std::string_view name,
                                                     std::string_view etag) const {
  ASSIGN_OR_RETURN(Invitation invitation, store_.Lock(tx, name, ""));
  // First whether the caller may know of it, then whether it knows the current one.
  if (invitation.agency() != tx.caller().agency) {
    return PermissionDenied(tx.call().permission, name);
  }
  if (etag != invitation.etag()) return EtagMismatch(name, invitation.etag());
  return invitation;
}

absl::StatusOr<Invitation> InvitationStore::Lock(Transaction& tx, std::string_view name) const {
  return store_.Lock(tx, name, "");
}

absl::StatusOr<std::vector<Chore::Thing>> InvitationStore::ToRemind(db::Connection& db,
                                                                    absl::Time now,
                                                                    int most) const {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db.Query("SELECT borough, id FROM conference_invitations WHERE remind_at <= ?"
                            " ORDER BY remind_at LIMIT ?",
                            {now, most}));
  std::vector<Chore::Thing> things;
  for (const db::Row& row : rows) {
    things.push_back(
        {row.Text(0), ResourceName{row.Text(0), "invitations", row.Text(1)}.ToString()});
  }
  return things;
}

absl::StatusOr<std::vector<Invitation>> InvitationStore::Of(db::Connection& db,
                                                            std::string_view conference) const {
  return Query(db, conference, "");
}

absl::StatusOr<std::vector<Invitation>> InvitationStore::LockOf(Transaction& tx,
                                                                std::string_view conference) const {
  return Query(tx.db(), conference, " FOR UPDATE");
}

absl::StatusOr<InvitationStore::Store::Page> InvitationStore::ListMine(
    Reading& reading, const pb::ListMyInvitationsRequest& request) const {
  Where where;
  where.Add("agency = ?", {reading.caller().agency}).In("state", request.states());
  return store_.List(reading, request,
                     {.where = where.sql(),
                      .args = where.args(),
                      .sort_by = "planned_at",
                      .page_size = request.page_size(),
                      .page_token = request.page_token()});
}

}  // namespace lscp::child_protection
