#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/journal/chain.h"
#include "common/journal/sequencer.h"
#include "common/status/macros.h"

namespace lscp {
namespace {

using safeguarding::audit::v1::AuditEntry;
using safeguarding::audit::v1::ChainReport;

constexpr int kRowsPerPage = 200;
constexpr int kIdsPerPage = 50000;
// Columns of a page before the account's own.
constexpr size_t kFirstColumn = 3;

class Verification {
 public:
  Verification(db::Connection* connection, const Account* account, AuditEntry::Account name)
      : connection_(*connection), account_(*account), hash_(ChainStart()) {
    report_.set_account(name);
  }

  absl::StatusOr<ChainReport> Run() {
    RETURN_IF_ERROR(ReadHead());
    while (report_.verified() < head_ && report_.problem().empty()) RETURN_IF_ERROR(VerifyPage());
    RETURN_IF_ERROR(CountUnsealed());
    return report_;
  }

 private:
  bool has_content() const { return &account_ == &kJournalAccount; }

  absl::Status ReadHead() {
    ASSIGN_OR_RETURN(const db::Rows last,
                     connection_.Query(absl::StrCat("SELECT pos, hash FROM ", account_.seal,
                                                    " ORDER BY pos DESC LIMIT 1"),
                                       {}));
    if (last.empty()) return absl::OkStatus();
    head_ = last[0].Int(0);
    report_.set_head_hash(absl::BytesToHexString(last[0].Text(1)));
    return absl::OkStatus();
  }

  absl::Status VerifyPage() {
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        connection_.Query(
            absl::StrCat("SELECT s.pos, s.id, s.hash, ", account_.columns,
                         has_content() ? ", t.payload, t.event, t.reply" : "", " FROM ",
                         account_.seal, " s LEFT JOIN ", account_.table,
                         " t ON t.id = s.id WHERE s.pos > ? ORDER BY s.pos LIMIT ", kRowsPerPage),
            {report_.verified()}));
    for (const db::Row& row : rows) {
      if (const std::string problem = VerifyRow(row); !problem.empty()) return Broken(problem);
      report_.set_verified(row.Int(0));
    }
    if (rows.empty()) return Broken("the position is missing");
    return absl::OkStatus();
  }

  // What is wrong with the row that should be the next one; empty if nothing is.
  std::string VerifyRow(const db::Row& row) {
    if (row.Int(0) != report_.verified() + 1) return "the position is missing";
    if (!row.Has(kFirstColumn)) return "the record is gone";
    hash_ = ChainHash(hash_, account_, row, kFirstColumn);
    if (hash_ != row.Text(2)) return "the record or its hash was altered";
    return has_content() ? VerifyContent(row) : "";
  }

  static std::string VerifyContent(const db::Row& row) {
    constexpr size_t kDigest = kFirstColumn + 12;
    const size_t payload = kFirstColumn + kJournalAccount.column_count;
    const auto cell = [&row](size_t column) {
      return row.Has(column) ? std::optional(row.Text(column)) : std::nullopt;
    };
    if (!row.Has(payload)) {
      // Its retention has ended: payload, event and reply go together.
      if (row.Has(payload + 1) || row.Has(payload + 2)) return "the content is erased in part";
      return "";
    }
    if (ContentDigest(cell(payload), cell(payload + 1), cell(payload + 2)) != row.Text(kDigest)) {
      return "the content was altered";
    }
    return "";
  }

  absl::Status Broken(const std::string& problem) {
    report_.set_first_broken_position(report_.verified() + 1);
    report_.set_problem(problem);
    return absl::OkStatus();
  }

  // In pages, because no statement may run for long.
  absl::Status CountUnsealed() {
    const int64_t patience = absl::ToInt64Seconds(Sequencer::Options().hole_life);
    int64_t last_id = 0;
    while (true) {
      ASSIGN_OR_RETURN(
          const db::Rows rows,
          connection_.Query(absl::StrCat("SELECT MAX(p.id), SUM(s.id IS NULL AND ",
                                         "p.at < utc_timestamp(6) - INTERVAL ? SECOND) ",
                                         "FROM (SELECT id, at FROM ", account_.table,
                                         " WHERE id > ? ORDER BY id LIMIT ", kIdsPerPage,
                                         ") p LEFT JOIN ", account_.seal, " s ON s.id = p.id"),
                            {patience, last_id}));
      if (!rows[0].Has(0)) return absl::OkStatus();
      last_id = rows[0].Int(0);
      report_.set_unsealed(report_.unsealed() + rows[0].Int(1));
    }
  }

  db::Connection& connection_;
  const Account& account_;
  ChainReport report_;
  int64_t head_ = 0;
  std::string hash_;
};

}  // namespace

absl::StatusOr<safeguarding::audit::v1::VerifyAuditResponse> VerifyChains(
    db::Connection& connection) {
  safeguarding::audit::v1::VerifyAuditResponse response;
  auto changes = Verification(&connection, &kJournalAccount, AuditEntry::ACCOUNT_JOURNAL).Run();
  auto shown =
      changes.ok()
          ? Verification(&connection, &kDisclosuresAccount, AuditEntry::ACCOUNT_DISCLOSURES).Run()
          : changes;
  if (!shown.ok()) return shown.status();
  *response.add_chains() = *std::move(changes);
  *response.add_chains() = *std::move(shown);
  return response;
}

}  // namespace lscp
