#include "child_protection/testing/indicators_fixture.h"

#include "absl/strings/str_cat.h"
#include "child_protection/indicators.h"
#include "common/time/london.h"

namespace lscp::child_protection {
namespace {

using safeguarding::indicators::v1::Indicator;

std::string TextOf(const safeguarding::indicators::v1::Figure& figure) {
  return figure.denominator() == 0 ? absl::StrCat(figure.numerator())
                                   : absl::StrCat(figure.numerator(), "/", figure.denominator());
}

}  // namespace

void IndicatorsFixture::At(absl::CivilDay day) {
  const absl::Time then = StartOfDay(day) + absl::Hours(10);
  harness_.clock.Advance(then - harness_.clock.Now());
}

void IndicatorsFixture::Row(const std::string& table, const Columns& columns) {
  std::string names = "borough", places = "?";
  db::Args args = {"barnet"};
  for (const Column& column : columns) {
    absl::StrAppend(&names, ", ", column.name);
    places += ", ?";
    args.push_back(column.value);
  }
  // Columns that are not given get what the server holds for nothing.
  EXPECT_TRUE(harness_.Database().Run("SET SESSION sql_mode = ''").ok());
  const auto rows = harness_.Database().Execute(
      absl::StrCat("INSERT INTO ", table, " (", names, ") VALUES (", places, ")"), args);
  EXPECT_TRUE(rows.ok()) << table << " " << rows.status();
}

void IndicatorsFixture::Merged(const std::string& merged, const std::string& left) {
  EXPECT_TRUE(harness_.Database()
                  .Execute("UPDATE children SET survivor = ?, merged_into = ? WHERE id = ?",
                           {left, left, merged})
                  .ok());
}

Indicator IndicatorsFixture::Of(const std::string& id, absl::CivilDay first, absl::CivilDay last) {
  for (const IndicatorQuery& query : Indicators()) {
    if (query.definition.id() != id) continue;
    const auto indicator = Compute(harness_.Database(), query,
                                   {"barnet", first, last, StartOfDay(first), EndOfDay(last)});
    EXPECT_TRUE(indicator.ok()) << id << " " << indicator.status();
    return indicator.value_or(Indicator());
  }
  ADD_FAILURE() << "no indicator " << id;
  return {};
}

std::string IndicatorsFixture::Figure(const std::string& id, absl::CivilDay first,
                                      absl::CivilDay last) {
  return TextOf(Of(id, first, last).total());
}

std::vector<std::string> IndicatorsFixture::PartsOf(const std::string& id,
                                                    const std::string& breakdown,
                                                    absl::CivilDay first, absl::CivilDay last) {
  std::vector<std::string> parts;
  const Indicator indicator = Of(id, first, last);
  for (const auto& known : indicator.breakdowns()) {
    if (known.name() != breakdown) continue;
    for (const auto& part : known.parts()) {
      parts.push_back(absl::StrCat(part.key(), " ", TextOf(part.figure())));
    }
  }
  return parts;
}

}  // namespace lscp::child_protection
