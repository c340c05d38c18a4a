#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "child_death_reviews/settings.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/chronologies_service.pb.h"
#include "safeguarding/child_death_reviews/v1/serious_incidents_service.pb.h"

// The rules of what an agency is asked of the time that a review looks at. No SQL, no gRPC, no
// clock.
namespace lscp::child_death_reviews {

// Children Act 2004, section 16H: whoever is asked for information for a review gives it.
inline constexpr Transition<pb::Chronology::State> kChronologyTransitions[] = {
    {"RequestChronologies", {pb::Chronology::STATE_UNSPECIFIED}, pb::Chronology::STATE_REQUESTED},
    {"ChaseChronologies", {pb::Chronology::STATE_REQUESTED}, pb::Chronology::STATE_REQUESTED},
    {"SubmitChronology",
     {pb::Chronology::STATE_REQUESTED, pb::Chronology::STATE_RETURNED},
     pb::Chronology::STATE_RETURNED},
    {"DeclareNothingHeld", {pb::Chronology::STATE_REQUESTED}, pb::Chronology::STATE_NOTHING_HELD},
    {"WithdrawChronology", {pb::Chronology::STATE_REQUESTED}, pb::Chronology::STATE_WITHDRAWN},
};

// Due when the request says; else the area's working days after it was asked for.
inline constexpr char kChronology[] = "chronology";
TimescaleRule ChronologyRule(const Settings::Borough& borough);

// The name of a serious incident's n-th chronology leads to the serious incident.
std::string ChronologyName(std::string_view incident, int number);
std::string IncidentOfChronology(std::string_view chronology);

// What the agency gets to see: whom to look for and what is asked, not what happened.
pb::Chronology AskForChronology(const pb::SeriousIncident& incident, int number,
                                std::string_view agency, absl::Time due, absl::Time now);

// The agency is reminded. True if it owes a chronology.
bool Chase(pb::Chronology& chronology, absl::Time now);
absl::Status Submit(pb::Chronology& chronology, const pb::SubmitChronologyRequest& request,
                    const Step& step);
absl::Status DeclareNothing(pb::Chronology& chronology,
                            const pb::DeclareNothingHeldRequest& request, absl::Time now);
absl::Status Withdraw(pb::Chronology& chronology, const pb::WithdrawChronologyRequest& request);

// The latest version of each as one, in the order of the days; and who owes one.
pb::CombineChronologiesResponse Combine(const std::vector<pb::Chronology>& chronologies);

// Without what a list does not show.
void ClearForList(pb::Chronology& chronology);

}  // namespace lscp::child_death_reviews
