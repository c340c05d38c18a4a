#include "child_protection/leaving_case.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "child_protection/child_in_need_plan.h"
#include "child_protection/plan.h"
#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"
#include "domain/child_rows.h"
#include "safeguarding/child_protection/v1/missing_episodes_service.pb.h"
#include "safeguarding/child_protection/v1/visits_service.pb.h"

namespace lscp::child_protection {
namespace {

// Rows of a table of the child's records, under whatever record of the register.
absl::StatusOr<db::Rows> RowsOf(Transaction& tx, std::string_view child, const char* query,
                                std::string_view condition = "", const db::Args& args = {}) {
  ASSIGN_OR_RETURN(const auto names, domain::NamesOfChild(tx.db(), child));
  std::vector<std::string> ids = {""};  // a child that is not there matches nothing
  for (const std::string& name : names) ids.push_back(ResourceName::Parse(name)->id);
  Where where;
  where.Add("borough = ?", {BoroughOf(child)}).In("child", ids);
  if (!condition.empty()) where.Add(condition, args);
  return tx.db().Query(absl::StrCat(query, " WHERE ", where.sql()), where.args());
}

void SetDate(const std::optional<absl::CivilDay>& day, google::type::Date* date) {
  if (day) *date = DateToProto(*day);
}

pb::ProtectionPlanSummary SummaryOf(const pb::ProtectionPlan& plan) {
  pb::ProtectionPlanSummary summary;
  *summary.mutable_start_date() = plan.start_date();
  summary.set_initial_category(plan.initial_category());
  summary.set_latest_category(plan.latest_category());
  *summary.mutable_last_conference_date() = plan.last_conference_date();
  *summary.mutable_review_due_date() = plan.review_due_date();
  summary.set_previous_plans(plan.previous_plans());
  for (const pb::PlanOutcome& outcome : plan.outcomes()) {
    if (!outcome.closed()) *summary.add_outcomes() = outcome;
  }
  return summary;
}

pb::ChildInNeedPlanSummary SummaryOf(const pb::ChildInNeedPlan& plan) {
  pb::ChildInNeedPlanSummary summary;
  *summary.mutable_start_date() = plan.start_date();
  summary.set_needs(plan.needs());
  summary.set_plan(plan.plan());
  summary.set_contingency(plan.contingency());
  *summary.mutable_review_due_date() = plan.review_due_date();
  return summary;
}

}  // namespace

absl::StatusOr<pb::CaseSummary> LeavingCase::Summary(Transaction& tx,
                                                     std::string_view child) const {
  pb::CaseSummary summary;
  *summary.mutable_duty_contact() = parts_.settings->Of(tx.call().borough).duty_contact();
  RETURN_IF_ERROR(AddIdentity(tx, child, summary));
  RETURN_IF_ERROR(AddPlans(tx, child, summary));
  RETURN_IF_ERROR(AddVisits(tx, child, summary));
  RETURN_IF_ERROR(AddConcerns(tx, child, summary));
  return summary;
}

// The record that is the child's, where several were merged, says who the child is.
absl::Status LeavingCase::AddIdentity(Transaction& tx, std::string_view child,
                                      pb::CaseSummary& summary) const {
  const ResourceName name = *ResourceName::Parse(child);
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.db().Query("SELECT c.nhs_number, c.birth_date, c.expected_birth_date, c.restricted OR "
                    "own.restricted FROM children own JOIN children c ON c.borough = own.borough "
                    "AND c.id = own.survivor WHERE own.borough = ? AND own.id = ?",
                    {name.borough, name.id}));
  if (rows.empty()) return absl::OkStatus();
  summary.set_nhs_number(rows[0].Text(0));
  if (rows[0].Has(1)) SetDate(rows[0].OptDay(1), summary.mutable_birth_date());
  if (rows[0].Has(2)) SetDate(rows[0].OptDay(2), summary.mutable_expected_birth_date());
  summary.set_restricted(rows[0].Int(3) != 0);
  return absl::OkStatus();
}

absl::Status LeavingCase::AddPlans(Transaction& tx, std::string_view child,
                                   pb::CaseSummary& summary) const {
  ASSIGN_OR_RETURN(const std::string in_need, OpenInNeed(tx, child));
  if (!in_need.empty()) {
    ASSIGN_OR_RETURN(const pb::ChildInNeedPlan plan, in_need_.Read(tx, in_need));
    *summary.mutable_child_in_need_plan() = SummaryOf(plan);
    summary.set_worker(plan.worker());
    summary.set_team(plan.team());
  }
  ASSIGN_OR_RETURN(const pb::ProtectionPlan plan, keeper_.ActiveOf(tx, child));
  if (plan.name().empty()) return absl::OkStatus();
  *summary.mutable_protection_plan() = SummaryOf(plan);
  summary.set_worker(plan.worker());
  summary.set_team(plan.team());
  return absl::OkStatus();
}

absl::Status LeavingCase::AddVisits(Transaction& tx, std::string_view child,
                                    pb::CaseSummary& summary) const {
  constexpr char kLast[] = "SELECT MAX(visited_at) FROM visits";
  ASSIGN_OR_RETURN(const db::Rows made,
                   RowsOf(tx, child, kLast, "state IN (?, ?)",
                          {pb::Visit::STATE_SEEN, pb::Visit::STATE_UNSUCCESSFUL}));
  ASSIGN_OR_RETURN(const db::Rows seen,
                   RowsOf(tx, child, kLast, "state = ?", {pb::Visit::STATE_SEEN}));
  if (made[0].Has(0)) {
    *summary.mutable_last_visit_date() = DateToProto(LondonDay(made[0].Time(0)));
  }
  if (seen[0].Has(0)) {
    *summary.mutable_last_seen_date() = DateToProto(LondonDay(seen[0].Time(0)));
  }
  return absl::OkStatus();
}

absl::Status LeavingCase::AddConcerns(Transaction& tx, std::string_view child,
                                      pb::CaseSummary& summary) const {
  ASSIGN_OR_RETURN(
      const db::Rows flags,
      RowsOf(tx, child, "SELECT DISTINCT theme FROM exploitation_flags", "open_child IS NOT NULL"));
  for (const db::Row& row : flags) {
    summary.add_open_flags(static_cast<pb::ExploitationTheme>(row.Int(0)));
  }
  const absl::CivilDay today = LondonDay(tx.now());
  const absl::CivilDay year_ago(today.year() - 1, today.month(), today.day());
  ASSIGN_OR_RETURN(const db::Rows missing,
                   RowsOf(tx, child, "SELECT COUNT(*), COUNT(open_child) FROM missing_episodes",
                          "state <> ? AND (open_child IS NOT NULL OR missing_at >= ?)",
                          {pb::MissingEpisode::STATE_VOID, StartOfDay(year_ago)}));
  summary.set_missing_episodes(static_cast<int>(missing[0].Int(0)));
  summary.set_missing(missing[0].Int(1) > 0);
  return absl::OkStatus();
}

absl::StatusOr<std::string> LeavingCase::OpenInNeed(Transaction& tx, std::string_view child) const {
  ASSIGN_OR_RETURN(const db::Rows rows, RowsOf(tx, child, "SELECT id FROM child_in_need_plans",
                                               "open_child IS NOT NULL"));
  if (rows.empty()) return std::string();
  return absl::StrCat("boroughs/", BoroughOf(child), "/childInNeedPlans/", rows[0].Text(0));
}

absl::Status LeavingCase::EndPlans(Transaction& tx, std::string_view child,
                                   absl::CivilDay day) const {
  ASSIGN_OR_RETURN(const std::string in_need, OpenInNeed(tx, child));
  if (!in_need.empty()) RETURN_IF_ERROR(EndInNeed(tx, in_need, day));
  ASSIGN_OR_RETURN(const pb::ProtectionPlan active, keeper_.ActiveOf(tx, child));
  if (active.name().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(pb::ProtectionPlan plan, keeper_.store().LockUnseen(tx, active.name()));
  pb::EndPlanRequest request;
  request.set_reason(pb::PLAN_END_REASON_TRANSFERRED);
  *request.mutable_end_date() = DateToProto(std::max(day, *ProtoToDate(plan.start_date())));
  RETURN_IF_ERROR(End(plan, request));
  return keeper_.StoreEnded(tx, plan);
}

absl::Status LeavingCase::EndInNeed(Transaction& tx, const std::string& name,
                                    absl::CivilDay day) const {
  ASSIGN_OR_RETURN(pb::ChildInNeedPlan plan, in_need_.LockUnseen(tx, name));
  absl::CivilDay last = *ProtoToDate(plan.start_date());
  for (const pb::CinReview& review : plan.reviews()) {
    last = std::max(last, *ProtoToDate(review.review_date()));
  }
  pb::EndChildInNeedPlanRequest request;
  request.set_destination(pb::CIN_DESTINATION_OTHER_LOCAL_AUTHORITY);
  *request.mutable_end_date() = DateToProto(std::max(day, last));
  RETURN_IF_ERROR(End(plan, request, StepOf(tx)));
  RETURN_IF_ERROR(timescales::CancelAll(tx.db(), plan.name(), tx.now()).status());
  return in_need_.Update(
      tx, plan,
      MakeEvent("child_protection.child_in_need_plan_ended", plan.child(), EndedOf(plan)));
}

}  // namespace lscp::child_protection
