#include "child_death_reviews/annual_links.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace lscp::child_death_reviews {

using pb::AnnualTable;

AnnualLinks::AnnualLinks(pb::AnnualFigures& report) : report_(report) {
  AddFlows();
  for (AnnualTable& table : *report_.mutable_tables()) AddTable(table);
  AddThisYear();
}

absl::Status AnnualLinks::Contradiction() const {
  if (!contradicts_) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("figures of ", report_.year(), " say different sizes of a cohort"));
}

void AnnualLinks::LeaveOut(const std::vector<bool>& left_out) {
  for (size_t f = 0; f < places_.size(); ++f) {
    if (!left_out[f]) continue;
    for (pb::AnnualFigure* place : places_[f]) {
      place->clear_count();
      place->set_left_out(true);
    }
  }
}

size_t AnnualLinks::Add(pb::AnnualFigure& figure) {
  places_.push_back({&figure});
  return figures_.Add(figure.count());
}

size_t AnnualLinks::AddSame(size_t known, pb::AnnualFigure& figure) {
  contradicts_ = contradicts_ || figures_.values()[known] != figure.count();
  places_[known].push_back(&figure);
  return known;
}

void AnnualLinks::AddFlows() {
  const int rows = report_.flows_size();
  std::vector<std::vector<size_t>> columns(5);
  for (int row = 0; row < rows; ++row) {
    pb::AnnualFlow& flow = *report_.mutable_flows(row);
    const size_t before = Add(*flow.mutable_open_before());
    const size_t notified = Add(*flow.mutable_notified());
    const size_t under_review = Add(*flow.mutable_under_review());
    const size_t completed = Add(*flow.mutable_completed());
    const size_t after = Add(*flow.mutable_open_after());
    figures_.AddSum(under_review, {before, notified});
    figures_.AddSum(under_review, {completed, after});
    sizes_[{AnnualTable::COHORT_NOTIFIED, row}] = notified;
    sizes_[{AnnualTable::COHORT_COMPLETED, row}] = completed;
    sizes_[{AnnualTable::COHORT_OPEN, row}] = after;
    const size_t figures[] = {before, notified, under_review, completed, after};
    for (size_t c = 0; c < columns.size(); ++c) columns[c].push_back(figures[c]);
  }
  // The last row is all together.
  for (std::vector<size_t>& column : columns) {
    const size_t together = column.back();
    column.pop_back();
    figures_.AddSum(together, column);
  }
}

void AnnualLinks::AddTable(AnnualTable& table) {
  std::vector<std::vector<size_t>> columns(table.rows_size() ? table.rows(0).parts_size() : 0);
  std::vector<size_t> new_sizes;
  for (int row = 0; row < table.rows_size(); ++row) {
    pb::AnnualRow& of = *table.mutable_rows(row);
    const auto known = sizes_.find({table.cohort(), row});
    const bool is_new = known == sizes_.end();
    const size_t total =
        is_new ? Add(*of.mutable_total()) : AddSame(known->second, *of.mutable_total());
    if (is_new) new_sizes.push_back(total);
    sizes_[{table.cohort(), row}] = total;
    std::vector<size_t> parts;
    for (int p = 0; p < of.parts_size(); ++p) {
      parts.push_back(Add(*of.mutable_parts(p)->mutable_figure()));
      columns[p].push_back(parts.back());
      if (table.property() == AnnualTable::PROPERTY_NOTIFICATION_YEAR &&
          of.parts(p).key() == NameOfYear(report_.year())) {
        this_year_[{table.cohort(), row}] = parts.back();
      }
    }
    figures_.AddSum(total, std::move(parts));
  }
  if (!new_sizes.empty()) columns.push_back(std::move(new_sizes));
  for (std::vector<size_t>& column : columns) {
    const size_t together = column.back();
    column.pop_back();
    figures_.AddSum(together, column);
  }
}

// Who was notified in the year has a review that was completed in it, or is open.
void AnnualLinks::AddThisYear() {
  for (int row = 0; row < report_.flows_size(); ++row) {
    std::vector<size_t> parts;
    for (const Cohort cohort : {AnnualTable::COHORT_COMPLETED, AnnualTable::COHORT_OPEN}) {
      if (const auto part = this_year_.find({cohort, row}); part != this_year_.end()) {
        parts.push_back(part->second);
      }
    }
    figures_.AddSum(sizes_.at({AnnualTable::COHORT_NOTIFIED, row}), std::move(parts));
  }
}

}  // namespace lscp::child_death_reviews
