#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "children_in_care/care_now.h"
#include "common/journal/step.h"
#include "common/timescales/rule.h"
#include "common/workflow/transition.h"
#include "safeguarding/children_in_care/v1/care_visits_service.pb.h"

// The rules of visits to children in care. No SQL, no gRPC, no clock. After an error neither a
// visit nor a schedule is to be stored.
namespace lscp::children_in_care {

inline constexpr Transition<pb::CareVisit::State> kCareVisitTransitions[] = {
    {"RecordCareVisit, child seen", {pb::CareVisit::STATE_UNSPECIFIED}, pb::CareVisit::STATE_SEEN},
    {"RecordCareVisit, child not seen",
     {pb::CareVisit::STATE_UNSPECIFIED},
     pb::CareVisit::STATE_UNSUCCESSFUL},
};

// What is recorded of the child's care opens and closes the schedule.
inline constexpr Transition<pb::VisitSchedule::State> kVisitScheduleTransitions[] = {
    {"StartCare", {pb::VisitSchedule::STATE_UNSPECIFIED}, pb::VisitSchedule::STATE_OPEN},
    {"SetVisitTerms", {pb::VisitSchedule::STATE_OPEN}, pb::VisitSchedule::STATE_OPEN},
    {"RecordCareVisit", {pb::VisitSchedule::STATE_OPEN}, pb::VisitSchedule::STATE_OPEN},
    {"RecordCareVisit", {pb::VisitSchedule::STATE_CLOSED}, pb::VisitSchedule::STATE_CLOSED},
    {"EndCare", {pb::VisitSchedule::STATE_OPEN}, pb::VisitSchedule::STATE_CLOSED},
    {"CorrectCare", {pb::VisitSchedule::STATE_CLOSED}, pb::VisitSchedule::STATE_OPEN},
};

// Care Planning, Placement and Case Review (England) Regulations 2010, regulation 28.
inline constexpr TimescaleRule kCareVisit = {
    "care_visit", "Child in care seen", "placement began, or child last seen", Days(42),
    "Care Planning Regulations 2010, regulation 28; other times by its terms"};

// What the time to the next visit depends on.
struct VisitBasis {
  pb::VisitTerms terms = pb::VISIT_TERMS_ORDINARY;
  absl::CivilDay start = {};    // of the placement, or of the order that the terms are of
  bool until_eighteen = false;  // the placement is meant to last until then
  std::optional<absl::CivilDay> first_review = {};  // since the start
};

// Last day on which a visit is in time that follows one on which the child was seen, if there was
// one since the start.
absl::CivilDay CareVisitDue(const VisitBasis& basis,
                            const std::optional<absl::CivilDay>& last_seen);

// The terms that the law has for a placement and a legal status. That a parent is not assessed yet,
// or a carer approved for the time being, is not known here; SetVisitTerms tells.
pb::VisitTerms RegularTerms(pb::LegalStatus legal, pb::PlacementType placement);

// The schedule of a period of care, without a name yet.
pb::VisitSchedule BeginVisits(const CareNow& care);
// Makes the schedule agree with what is known of the period of care. Another placement begins its
// time anew, and so does a legal status that changes the terms.
void SetCare(pb::VisitSchedule& schedule, const CareNow& care);
absl::Status SetTerms(pb::VisitSchedule& schedule, const pb::SetVisitTermsRequest& request);
// A review was held on a day. True if it changes the schedule.
bool NoteReview(pb::VisitSchedule& schedule, absl::CivilDay day);

// By when a child was to be seen who was visited on `day` and last seen before on `last_seen`;
// nothing for a day before the placement.
std::optional<absl::CivilDay> DueOn(const pb::VisitSchedule& schedule, absl::CivilDay day,
                                    const std::optional<absl::CivilDay>& last_seen);

// A visit, without a name yet.
absl::StatusOr<pb::CareVisit> TellVisit(const pb::VisitSchedule& schedule,
                                        const pb::RecordCareVisitRequest& request,
                                        const std::optional<absl::CivilDay>& due, const Step& step);
// What a visit changes of the schedule. True if the child was seen later than before: the visit
// meets the clock, and the next begins.
bool NoteVisit(pb::VisitSchedule& schedule, const pb::CareVisit& visit);

// How the visits to a child stand on a day. `attempt` is the first unsuccessful visit since the
// child was last seen.
pb::CareVisitStanding StandingOfVisits(absl::CivilDay due,
                                       const std::optional<absl::CivilDay>& attempt,
                                       absl::CivilDay today);
// Fills in how the visits of an open schedule stand.
void SetStanding(pb::VisitSchedule& schedule, absl::CivilDay today);

}  // namespace lscp::children_in_care
