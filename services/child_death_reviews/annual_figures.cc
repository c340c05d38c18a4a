#include "child_death_reviews/annual_figures.h"

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "child_death_reviews/annual_links.h"
#include "child_death_reviews/death_analysis.h"
#include "common/status/macros.h"
#include "common/time/convert.h"
#include "common/workflow/transition.h"
#include "safeguarding/child_death_reviews/v1/codes.pb.h"
#include "safeguarding/child_death_reviews/v1/panel_codes.pb.h"

namespace lscp::child_death_reviews {
namespace {

using pb::AnnualTable;

constexpr char kTogether[] = "-";
constexpr char kNotRecorded[] = "NOT_RECORDED";
constexpr int kFirstMonth = 4;

// A value of a property: in the order of the report, under its name.
struct Key {
  int order;
  std::string name;
  bool operator<(const Key& other) const { return order < other.order; }
};

struct Year {
  int number;
  absl::CivilDay first = FirstDayOf(number);
  absl::CivilDay last = LastDayOf(number);

  bool Has(std::optional<absl::CivilDay> day) const { return day && *day >= first && *day <= last; }
};

using InCohort = bool (*)(const CountedReview&, const Year&);
using KeyOf = std::function<Key(const CountedReview&, const Year&)>;

bool OpenBefore(const CountedReview& review, const Year& year) {
  return review.notified_on < year.first &&
         (!review.completed_on || *review.completed_on >= year.first);
}
bool Notified(const CountedReview& review, const Year& year) {
  return year.Has(review.notified_on);
}
bool UnderReview(const CountedReview& review, const Year& year) {
  return review.notified_on <= year.last &&
         (!review.completed_on || *review.completed_on >= year.first);
}
bool Reviewed(const CountedReview& review, const Year& year) {
  return year.Has(review.reviewed_on);
}
bool Completed(const CountedReview& review, const Year& year) {
  return year.Has(review.completed_on);
}
bool OpenAfter(const CountedReview& review, const Year& year) {
  return review.notified_on <= year.last &&
         (!review.completed_on || *review.completed_on > year.last);
}

InCohort CohortOf(AnnualTable::Cohort cohort) {
  switch (cohort) {
    case AnnualTable::COHORT_NOTIFIED:
      return Notified;
    case AnnualTable::COHORT_REVIEWED:
      return Reviewed;
    case AnnualTable::COHORT_COMPLETED:
      return Completed;
    default:
      return OpenAfter;
  }
}

template <typename Enum>
KeyOf CodeOf(int CountedReview::*code) {
  return [code](const CountedReview& review, const Year&) {
    const int number = review.*code;
    // What is not recorded comes last.
    if (number == 0) return Key{1 << 20, kNotRecorded};
    return Key{number, workflow::StateName(*google::protobuf::GetEnumDescriptor<Enum>(), number)};
  };
}

Key AgeOf(const CountedReview& review, const Year&) {
  pb::Particulars particulars;
  if (review.birth_date) *particulars.mutable_birth_date() = DateToProto(*review.birth_date);
  *particulars.mutable_death_date() = DateToProto(review.death_date);
  const pb::AgeBand band = AgeBandOf(particulars);
  if (band == pb::AGE_BAND_UNSPECIFIED) return {1 << 20, kNotRecorded};
  return {band, workflow::StateName(*pb::AgeBand_descriptor(), band)};
}

int YearOf(absl::CivilDay day) {
  return static_cast<int>(day.year()) - (day.month() < kFirstMonth ? 1 : 0);
}

Key NotificationYear(const CountedReview& review, const Year&) {
  const int year = YearOf(review.notified_on);
  return {year, NameOfYear(year)};
}

Key MonthsOpen(const CountedReview& review, const Year& year) {
  const absl::CivilDay from = review.notified_on;
  const absl::CivilDay until = year.last + 1;  // the last day is over
  const int months = static_cast<int>(12 * (until.year() - from.year())) + until.month() -
                     from.month() - (until.day() < from.day() ? 1 : 0);
  if (months < 6) return {0, "UNDER_6"};  // the guidance: completed within six months
  if (months < 12) return {1, "6_TO_11"};
  return months < 24 ? Key{2, "12_TO_23"} : Key{3, "24_AND_MORE"};
}

KeyOf KeyFunction(AnnualTable::Property property) {
  switch (property) {
    case AnnualTable::PROPERTY_SEX:
      return CodeOf<pb::Sex>(&CountedReview::sex);
    case AnnualTable::PROPERTY_AGE:
      return AgeOf;
    case AnnualTable::PROPERTY_ETHNICITY:
      return CodeOf<pb::Ethnicity>(&CountedReview::ethnicity);
    case AnnualTable::PROPERTY_PLACE:
      return CodeOf<pb::PlaceKind>(&CountedReview::place);
    case AnnualTable::PROPERTY_EXPECTEDNESS:
      return CodeOf<pb::Expectedness>(&CountedReview::expectedness);
    case AnnualTable::PROPERTY_CATEGORY:
      return CodeOf<pb::DeathCategory>(&CountedReview::category);
    case AnnualTable::PROPERTY_MODIFIABILITY:
      return CodeOf<pb::Modifiability>(&CountedReview::modifiability);
    case AnnualTable::PROPERTY_NOTIFICATION_YEAR:
      return NotificationYear;
    default:
      return MonthsOpen;
  }
}

// What the report shows of each cohort. Category and modifiability are the panel's findings.
constexpr std::pair<AnnualTable::Cohort, AnnualTable::Property> kTables[] = {
    {AnnualTable::COHORT_NOTIFIED, AnnualTable::PROPERTY_SEX},
    {AnnualTable::COHORT_NOTIFIED, AnnualTable::PROPERTY_AGE},
    {AnnualTable::COHORT_NOTIFIED, AnnualTable::PROPERTY_ETHNICITY},
    {AnnualTable::COHORT_NOTIFIED, AnnualTable::PROPERTY_PLACE},
    {AnnualTable::COHORT_NOTIFIED, AnnualTable::PROPERTY_EXPECTEDNESS},
    {AnnualTable::COHORT_REVIEWED, AnnualTable::PROPERTY_SEX},
    {AnnualTable::COHORT_REVIEWED, AnnualTable::PROPERTY_AGE},
    {AnnualTable::COHORT_REVIEWED, AnnualTable::PROPERTY_ETHNICITY},
    {AnnualTable::COHORT_REVIEWED, AnnualTable::PROPERTY_PLACE},
    {AnnualTable::COHORT_REVIEWED, AnnualTable::PROPERTY_CATEGORY},
    {AnnualTable::COHORT_REVIEWED, AnnualTable::PROPERTY_MODIFIABILITY},
    {AnnualTable::COHORT_REVIEWED, AnnualTable::PROPERTY_NOTIFICATION_YEAR},
    {AnnualTable::COHORT_COMPLETED, AnnualTable::PROPERTY_NOTIFICATION_YEAR},
    {AnnualTable::COHORT_OPEN, AnnualTable::PROPERTY_NOTIFICATION_YEAR},
    {AnnualTable::COHORT_OPEN, AnnualTable::PROPERTY_MONTHS_OPEN},
};

bool IsOf(const CountedReview& review, const std::string& borough) {
  return borough == kTogether || review.borough == borough;
}

int64_t Count(const std::vector<CountedReview>& reviews, const std::string& borough,
              const Year& year, InCohort in) {
  int64_t count = 0;
  for (const CountedReview& review : reviews) {
    if (IsOf(review, borough) && in(review, year)) ++count;
  }
  return count;
}

pb::AnnualFlow FlowOf(const std::vector<CountedReview>& reviews, const std::string& borough,
                      const Year& year) {
  pb::AnnualFlow flow;
  flow.set_borough("boroughs/" + borough);
  flow.mutable_open_before()->set_count(Count(reviews, borough, year, OpenBefore));
  flow.mutable_notified()->set_count(Count(reviews, borough, year, Notified));
  flow.mutable_under_review()->set_count(Count(reviews, borough, year, UnderReview));
  flow.mutable_completed()->set_count(Count(reviews, borough, year, Completed));
  flow.mutable_open_after()->set_count(Count(reviews, borough, year, OpenAfter));
  return flow;
}

AnnualTable TableOf(const std::vector<CountedReview>& reviews, const std::vector<std::string>& rows,
                    const Year& year, AnnualTable::Cohort cohort, AnnualTable::Property property) {
  AnnualTable table;
  table.set_cohort(cohort);
  table.set_property(property);
  const InCohort in = CohortOf(cohort);
  const KeyOf key_of = KeyFunction(property);
  std::map<Key, std::map<std::string, int64_t>> counts;
  for (const CountedReview& review : reviews) {
    if (!in(review, year)) continue;
    std::map<std::string, int64_t>& counted = counts[key_of(review, year)];
    ++counted[review.borough];
    ++counted[kTogether];
  }
  for (const std::string& borough : rows) {
    pb::AnnualRow& row = *table.add_rows();
    row.set_borough("boroughs/" + borough);
    row.mutable_total()->set_count(Count(reviews, borough, year, in));
    for (auto& [key, counted] : counts) {
      pb::AnnualPart& part = *row.add_parts();
      part.set_key(key.name);
      part.mutable_figure()->set_count(counted[borough]);
    }
  }
  return table;
}

}  // namespace

absl::CivilDay FirstDayOf(int year) { return absl::CivilDay(year, kFirstMonth, 1); }
absl::CivilDay LastDayOf(int year) { return FirstDayOf(year + 1) - 1; }

std::string NameOfYear(int year) { return absl::StrFormat("%d-%02d", year, (year + 1) % 100); }

absl::StatusOr<pb::AnnualFigures> Tabulate(const std::vector<CountedReview>& reviews, int number,
                                           const std::vector<std::string>& boroughs) {
  std::vector<CountedReview> ours;
  for (const CountedReview& review : reviews) {
    for (const std::string& borough : boroughs) {
      if (review.borough == borough) ours.push_back(review);
    }
  }
  std::vector<std::string> rows = boroughs;
  rows.push_back(kTogether);
  const Year year{number};
  pb::AnnualFigures figures;
  figures.set_year(number);
  *figures.mutable_first_day() = DateToProto(year.first);
  *figures.mutable_last_day() = DateToProto(year.last);
  for (const std::string& borough : rows) *figures.add_flows() = FlowOf(ours, borough, year);
  for (const auto& [cohort, property] : kTables) {
    *figures.add_tables() = TableOf(ours, rows, year, cohort, property);
  }
  RETURN_IF_ERROR(CheckAddsUp(figures));
  return figures;
}

absl::Status CheckAddsUp(const pb::AnnualFigures& figures) {
  pb::AnnualFigures checked = figures;
  const AnnualLinks links(checked);
  const LinkedFigures& linked = links.figures();
  for (const LinkedFigures::Sum& sum : linked.sums()) {
    int64_t left = linked.values()[sum.total];
    for (const size_t part : sum.parts) left -= linked.values()[part];
    if (left != 0) {
      return absl::InternalError(
          absl::StrCat("figures of ", figures.year(), " do not add up: ", left, " too many"));
    }
  }
  return links.Contradiction();
}

absl::StatusOr<pb::AnnualFigures> ForPublication(pb::AnnualFigures exact,
                                                 const SuppressionRule& rule) {
  RETURN_IF_ERROR(CheckAddsUp(exact));
  AnnualLinks links(exact);
  ASSIGN_OR_RETURN(const std::vector<bool> left_out, Suppress(links.figures(), rule));
  links.LeaveOut(left_out);
  exact.set_published(true);
  return exact;
}

}  // namespace lscp::child_death_reviews
