#pragma once

// SQL over protection plans `p` and their children `c` that several indicators share, with the
// placeholders of IndicatorQuery.
namespace lscp::child_protection {

inline constexpr char kPlans[] =
    "protection_plans p LEFT JOIN children c ON c.borough = p.borough AND c.id = p.child";

// The child has the plan at the end of the period; it started in it; it ended in it. So the
// children with a plan are always those before, and those that started, less those that ended.
inline constexpr char kOnPlan[] =
    "p.borough = {borough} AND p.started_on <= {last_day} AND "
    "(p.ended_on IS NULL OR p.ended_on > {last_day})";
inline constexpr char kStarted[] =
    "p.borough = {borough} AND p.started_on >= {first_day} AND p.started_on <= {last_day}";
inline constexpr char kEnded[] =
    "p.borough = {borough} AND p.ended_on >= {first_day} AND p.ended_on <= {last_day}";

}  // namespace lscp::child_protection
