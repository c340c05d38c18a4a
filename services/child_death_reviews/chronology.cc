#include "child_death_reviews/chronology.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "child_death_reviews/asked_agency.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_death_reviews {
namespace {

using pb::Chronology;

absl::Status TakeStep(Chronology& chronology, std::string_view verb) {
  ASSIGN_OR_RETURN(const Chronology::State next,
                   Next(kChronologyTransitions, verb, chronology.state(), chronology.name()));
  chronology.set_state(next);
  return absl::OkStatus();
}

absl::Status CheckPeriod(const Chronology& chronology, const pb::ChronologyContent& content) {
  std::vector<FieldViolation> violations;
  for (int i = 0; i < content.entries_size(); ++i) {
    const absl::CivilDay day = *ProtoToDate(content.entries(i).date());
    if (*ProtoToDate(chronology.from_date()) <= day && day <= *ProtoToDate(chronology.to_date())) {
      continue;
    }
    violations.push_back({absl::StrCat("content.entries[", i, "].date"),
                          "lies outside the period that is asked for"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(violations);
}

}  // namespace

TimescaleRule ChronologyRule(const Settings::Borough& borough) {
  return {kChronology, "Chronology returned", "chronology requested",
          WorkingDays(static_cast<int>(borough.chronology_working_days())),
          "Children Act 2004, section 16H; set with each request, else the area's working days"};
}

std::string ChronologyName(std::string_view incident, int number) {
  return NumberedName(incident, "chronologies", number);
}

std::string IncidentOfChronology(std::string_view chronology) {
  return WholeOf(chronology, "seriousIncidents");
}

Chronology AskForChronology(const pb::SeriousIncident& incident, int number,
                            std::string_view agency, absl::Time due, absl::Time now) {
  Chronology chronology;
  chronology.set_name(ChronologyName(incident.name(), number));
  chronology.set_state(Chronology::STATE_REQUESTED);
  chronology.set_serious_incident(incident.name());
  chronology.set_agency(std::string(agency));
  for (const pb::IncidentChild& child : incident.children()) {
    pb::IncidentChild& shown = *chronology.add_children();
    shown.set_given_name(child.given_name());
    shown.set_family_name(child.family_name());
    shown.set_nhs_number(child.nhs_number());
    if (child.has_birth_date()) *shown.mutable_birth_date() = child.birth_date();
  }
  *chronology.mutable_from_date() = incident.scope().from_date();
  *chronology.mutable_to_date() = incident.scope().to_date();
  *chronology.mutable_questions() = incident.scope().questions();
  *chronology.mutable_request_time() = TimeToProto(now);
  *chronology.mutable_due_time() = TimeToProto(due);
  return chronology;
}

bool Chase(Chronology& chronology, absl::Time now) {
  if (!TakeStep(chronology, "ChaseChronologies").ok()) return false;
  chronology.set_chases(chronology.chases() + 1);
  *chronology.mutable_chase_time() = TimeToProto(now);
  return true;
}

absl::Status Submit(Chronology& chronology, const pb::SubmitChronologyRequest& request,
                    const Step& step) {
  RETURN_IF_ERROR(TakeStep(chronology, "SubmitChronology"));
  RETURN_IF_ERROR(CheckPeriod(chronology, request.content()));
  pb::ChronologyVersion& version = *chronology.add_versions();
  *version.mutable_content() = request.content();
  version.set_person(step.person.empty() ? request.returned_by() : step.person);
  *version.mutable_return_time() = TimeToProto(step.now);
  // A later version leaves the time that tells whether it was there when it was needed.
  if (!chronology.has_return_time()) *chronology.mutable_return_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status DeclareNothing(Chronology& chronology, const pb::DeclareNothingHeldRequest& request,
                            absl::Time now) {
  RETURN_IF_ERROR(TakeStep(chronology, "DeclareNothingHeld"));
  chronology.set_end_reason(request.reason());
  *chronology.mutable_return_time() = TimeToProto(now);
  return absl::OkStatus();
}

absl::Status Withdraw(Chronology& chronology, const pb::WithdrawChronologyRequest& request) {
  RETURN_IF_ERROR(TakeStep(chronology, "WithdrawChronology"));
  chronology.set_end_reason(request.reason());
  return absl::OkStatus();
}

pb::CombineChronologiesResponse Combine(const std::vector<Chronology>& chronologies) {
  std::vector<pb::CombinedEntry> entries;
  pb::CombineChronologiesResponse combined;
  for (const Chronology& chronology : chronologies) {
    if (chronology.state() == Chronology::STATE_REQUESTED) {
      combined.add_missing(chronology.agency());
    }
    if (chronology.versions().empty()) continue;
    for (const pb::ChronologyEntry& entry :
         chronology.versions(chronology.versions_size() - 1).content().entries()) {
      pb::CombinedEntry& added = entries.emplace_back();
      added.set_agency(chronology.agency());
      *added.mutable_entry() = entry;
    }
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const pb::CombinedEntry& a, const pb::CombinedEntry& b) {
                     return *ProtoToDate(a.entry().date()) < *ProtoToDate(b.entry().date());
                   });
  combined.mutable_entries()->Add(entries.begin(), entries.end());
  return combined;
}

void ClearForList(Chronology& chronology) {
  chronology.clear_versions();
  chronology.clear_questions();
  chronology.clear_end_reason();
}

}  // namespace lscp::child_death_reviews
