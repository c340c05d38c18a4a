#include "referrals/settings.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/config/check.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

constexpr uint32_t kMinutesOfDay = 24 * 60;

void CheckHours(const pb::DecisionHours& hours, const std::string& where, Faults& faults) {
  if (hours.basis() != pb::DecisionHours::BASIS_WORKING) return;
  faults.Need(hours.open_minute() < hours.close_minute() && hours.close_minute() <= kMinutesOfDay,
              absl::StrCat(where, ".decision_hours"),
              "WORKING needs open_minute before close_minute, both within the day");
}

void CheckThresholdDocuments(const Settings::Borough& borough, const std::string& where,
                             Faults& faults) {
  std::optional<absl::CivilDay> before;
  for (const pb::ThresholdDocument& document : borough.threshold_documents()) {
    const std::string here =
        absl::StrCat(where, ".threshold_documents \"", document.version(), "\"");
    const auto from = ProtoToDate(document.from_date());
    faults.Need(!document.version().empty(), here, "version is missing");
    faults.Need(document.levels_size() > 0, here, "levels are missing");
    faults.Need(from.has_value(), here, "from_date is missing");
    faults.Need(!from || !before || *before < *from, here, "must come in order of from_date");
    if (from) before = from;
  }
}

void CheckTeams(const Settings::Borough& borough, const std::string& where, Faults& faults) {
  std::set<std::string> ids;
  for (const pb::Team& team : borough.teams()) ids.insert(team.id());
  faults.Need(ids.size() == static_cast<size_t>(borough.teams_size()),
              absl::StrCat(where, ".teams"), "an id occurs twice");
  for (const pb::Team& team : borough.teams()) {
    const std::string here = absl::StrCat(where, ".teams \"", team.id(), "\"");
    const auto from = ProtoToDate(team.from_date());
    const auto to = ProtoToDate(team.to_date());
    faults.Need(IsConfigId(team.id()), here, "id must be of a-z, 0-9 and -");
    faults.Need(!team.has_from_date() || from, here, "from_date is no date");
    faults.Need(!team.has_to_date() || to, here, "to_date is no date");
    faults.Need(!from || !to || *from <= *to, here, "to_date is before from_date");
    faults.Need(team.successor().empty() ||
                    (team.successor() != team.id() && ids.contains(team.successor())),
                here, "successor is no other team of the borough");
  }
}

void CheckPopulations(const Settings::Borough& borough, const std::string& where, Faults& faults) {
  std::set<uint32_t> years;
  for (const pb::ChildPopulation& population : borough.populations()) {
    const std::string here = absl::StrCat(where, ".populations ", population.year());
    faults.Need(population.under_18() > 0, here, "under_18 is missing");
    faults.Need(population.year() >= kFirstYearOfADate && population.year() <= kLastYearOfADate,
                here, "no year");
    faults.Need(years.insert(population.year()).second, here, "occurs twice");
  }
}

void CheckBorough(const Settings::Borough& borough, const std::string& where, Faults& faults) {
  faults.Need(borough.dfe_number().empty() ||
                  (borough.dfe_number().size() == 3 &&
                   std::all_of(borough.dfe_number().begin(), borough.dfe_number().end(),
                               [](char c) { return c >= '0' && c <= '9'; })),
              absl::StrCat(where, ".dfe_number"), "must be three digits");
  CheckHours(borough.decision_hours(), where, faults);
  CheckThresholdDocuments(borough, where, faults);
  CheckTeams(borough, where, faults);
  CheckPopulations(borough, where, faults);
  for (const int type : borough.assessment_types()) {
    faults.Need(type != pb::Assessment::TYPE_UNSPECIFIED && pb::Assessment::Type_IsValid(type),
                absl::StrCat(where, ".assessment_types"), "unspecified");
  }
}

// The documented defaults, where the file says 0 or nothing.
void Complete(Settings::Borough& borough) {
  pb::DecisionHours& hours = *borough.mutable_decision_hours();
  if (hours.basis() == pb::DecisionHours::BASIS_UNSPECIFIED) {
    hours.set_basis(pb::DecisionHours::BASIS_ELAPSED);
  }
  if (hours.unrated() == 0) hours.set_unrated(24);
  if (hours.blue() == 0) hours.set_blue(72);
  if (hours.green() == 0) hours.set_green(72);
  if (hours.amber() == 0) hours.set_amber(24);
  if (hours.red() == 0) hours.set_red(4);
  if (borough.acknowledgement_hours() == 0) borough.set_acknowledgement_hours(24);
  if (borough.assessment_types().empty()) {
    borough.add_assessment_types(pb::Assessment::TYPE_SINGLE);
  }
}

uint32_t HoursOf(const pb::DecisionHours& hours, pb::Brag rating) {
  switch (rating) {
    case pb::BRAG_BLUE:
      return hours.blue();
    case pb::BRAG_GREEN:
      return hours.green();
    case pb::BRAG_AMBER:
      return hours.amber();
    case pb::BRAG_RED:
      return hours.red();
    default:
      return hours.unrated();
  }
}

}  // namespace

absl::StatusOr<Settings> Settings::Create(pb::ReferralsSettings proto,
                                          const std::vector<std::string>& served) {
  ASSIGN_OR_RETURN(auto boroughs,
                   ByBorough<Borough>::Create("referrals", std::move(*proto.mutable_boroughs()),
                                              served, CheckBorough, Complete));
  return Settings(std::move(boroughs));
}

DecisionTime DecisionTimeOf(const Settings::Borough& borough, pb::Brag rating) {
  const pb::DecisionHours& hours = borough.decision_hours();
  return {absl::Hours(HoursOf(hours, rating)),
          hours.basis() == pb::DecisionHours::BASIS_WORKING && rating != pb::BRAG_RED};
}

bool HasTeam(const Settings::Borough& borough, std::string_view team, absl::CivilDay day) {
  return std::any_of(borough.teams().begin(), borough.teams().end(), [&](const pb::Team& entry) {
    const auto to = ProtoToDate(entry.to_date());
    return entry.id() == team && (!to || day <= *to);
  });
}

}  // namespace lscp::referrals
