#include "referrals/assessment_store.h"

#include <algorithm>
#include <string>

#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/resource_name.h"

namespace lscp::referrals {
namespace {

using pb::Assessment;

std::string IdOf(std::string_view name) { return ResourceName::Parse(name)->id; }

Columns ColumnsOf(const Assessment& assessment) {
  const bool authorised = assessment.has_authorise_time();
  const auto& seen = assessment.seen();
  return {
      {"state", assessment.state()},
      {"referral", IdOf(assessment.referral())},
      {"child", IdOf(assessment.child())},
      {"type", assessment.type()},
      {"is_first_of_referral", assessment.is_first_of_referral()},
      {"team", assessment.team()},
      {"worker", assessment.worker()},
      {"started_on", ProtoToDate(assessment.start_date())},
      {"due_on", ProtoToDate(assessment.due_date())},
      {"seen", !seen.empty()},
      {"seen_alone",
       std::any_of(seen.begin(), seen.end(), [](const pb::ChildSeen& s) { return s.alone(); })},
      {"extensions", assessment.extensions_size()},
      {"factors", assessment.factors_size()},
      {"outcome", assessment.outcome()},
      {"authorised_at", authorised ? ProtoToTime(assessment.authorise_time()) : std::nullopt},
      {"working_days", authorised ? db::Value(assessment.working_days()) : db::Value(nullptr)},
      {"ended_at", IsOpen(assessment) ? std::nullopt : ProtoToTime(assessment.update_time())},
  };
}

}  // namespace

AssessmentStore::AssessmentStore() : CaseStore("assessments", ColumnsOf) {}

absl::Status AssessmentStore::UpdateAuthorised(Transaction& tx, Assessment& assessment,
                                               Event event) const {
  RETURN_IF_ERROR(Update(tx, assessment, std::move(event)));
  const ResourceName name = *ResourceName::Parse(assessment.name());
  std::string sql = "INSERT INTO assessment_factors (borough, assessment, factor) VALUES ";
  db::Args args;
  for (const int factor : assessment.factors()) {
    sql += args.empty() ? "(?, ?, ?)" : ", (?, ?, ?)";
    args.insert(args.end(), {name.borough, name.id, factor});
  }
  return tx.db().Execute(sql, args).status();
}

absl::StatusOr<std::vector<Assessment>> AssessmentStore::OfReferral(
    Transaction& tx, std::string_view referral) const {
  const ResourceName name = *ResourceName::Parse(referral);
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.db().Query("SELECT document, revision FROM assessments"
                                 " WHERE borough = ? AND referral = ? ORDER BY id",
                                 {name.borough, name.id}));
  std::vector<Assessment> assessments(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!assessments[i].ParseFromString(rows[i].Text(0))) {
      return absl::DataLossError("a stored document cannot be read");
    }
    assessments[i].set_etag(EtagOf(rows[i].Int(1)));
  }
  return assessments;
}

absl::StatusOr<AssessmentStore::Page> AssessmentStore::Find(
    Reading& reading, const pb::ListAssessmentsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.referral().empty()) {
    where.Add("borough = ? AND referral = ?",
              {BoroughOf(request.referral()), IdOf(request.referral())});
  }
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (!request.team().empty()) where.Add("team = ?", {request.team()});
  if (!request.worker().empty()) where.Add("worker = ?", {request.worker()});
  if (request.overdue()) {
    where.Add("ended_at IS NULL AND due_on < ?", {LondonDay(reading.now())});
  }
  if (request.not_seen()) where.Add("NOT seen");
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "due_on",
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::referrals
