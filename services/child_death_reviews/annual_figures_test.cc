#include "child_death_reviews/annual_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "child_death_reviews/annual_links.h"
#include "safeguarding/child_death_reviews/v1/codes.pb.h"
#include "safeguarding/child_death_reviews/v1/panel_codes.pb.h"

namespace lscp::child_death_reviews {
namespace {

using absl::CivilDay;
using pb::AnnualTable;

const std::vector<std::string> kThree = {"barking-and-dagenham", "havering", "redbridge"};

CountedReview Notified(CivilDay on, const std::string& borough = "havering") {
  CountedReview review;
  review.borough = borough;
  review.notified_on = on;
  review.birth_date = CivilDay(2015, 6, 1);
  review.death_date = on;
  review.sex = pb::SEX_FEMALE;
  return review;
}

std::string TextOf(const pb::AnnualFigure& figure) {
  return figure.left_out() ? "*" : absl::StrCat(figure.count());
}

std::string TextOf(const pb::AnnualFlow& flow) {
  return absl::StrCat(TextOf(flow.open_before()), " + ", TextOf(flow.notified()), " = ",
                      TextOf(flow.under_review()), " = ", TextOf(flow.completed()), " + ",
                      TextOf(flow.open_after()));
}

// A row of a table: "FEMALE 1, MALE 2 of 3"; the last is all together.
std::string RowOf(const pb::AnnualFigures& figures, AnnualTable::Cohort cohort,
                  AnnualTable::Property property, int row) {
  for (const AnnualTable& table : figures.tables()) {
    if (table.cohort() != cohort || table.property() != property) continue;
    const pb::AnnualRow& of = table.rows(row < 0 ? table.rows_size() - 1 : row);
    std::vector<std::string> parts;
    for (const pb::AnnualPart& part : of.parts()) {
      parts.push_back(absl::StrCat(part.key(), " ", TextOf(part.figure())));
    }
    return absl::StrCat(absl::StrJoin(parts, ", "), " of ", TextOf(of.total()));
  }
  return "no such table";
}

// Deaths of three years, obviously invented.
std::vector<CountedReview> Invented(unsigned seed, int count) {
  std::mt19937 random(seed);
  const auto up_to = [&](int most) { return static_cast<int>(random() % (most + 1)); };
  std::vector<CountedReview> reviews;
  for (int i = 0; i < count; ++i) {
    CountedReview review = Notified(CivilDay(2022, 4, 1) + up_to(1094), kThree[up_to(2)]);
    review.birth_date = review.death_date - up_to(6500);
    if (up_to(9) == 0) review.birth_date.reset();
    review.sex = up_to(3);
    review.ethnicity = up_to(20);
    review.place = up_to(9);
    review.expectedness = up_to(2);
    if (up_to(2) > 0) {
      review.reviewed_on = review.notified_on + up_to(500);
      review.completed_on = *review.reviewed_on + up_to(60);
      review.category = 1 + up_to(9);
      review.modifiability = 1 + up_to(2);
    }
    reviews.push_back(review);
  }
  return reviews;
}

TEST(AnnualFigures, AYearIsFromAprilToMarch) {
  EXPECT_EQ(FirstDayOf(2024), CivilDay(2024, 4, 1));
  EXPECT_EQ(LastDayOf(2024), CivilDay(2025, 3, 31));
  EXPECT_EQ(NameOfYear(2024), "2024-25");
  EXPECT_EQ(NameOfYear(1999), "1999-00");
}

TEST(AnnualFigures, StocksAndFlowsAreOfTheSameReviews) {
  std::vector<CountedReview> reviews = {
      Notified(CivilDay(2024, 3, 31)),  // open before
      Notified(CivilDay(2024, 4, 1)),
      Notified(CivilDay(2025, 3, 31)),
      Notified(CivilDay(2025, 4, 1)),  // next year's
      Notified(CivilDay(2023, 1, 1)),  // completed before
      Notified(CivilDay(2024, 6, 1), "redbridge"),
      Notified(CivilDay(2024, 6, 1), "elsewhere"),  // not asked for
  };
  reviews[0].completed_on = CivilDay(2025, 3, 31);
  reviews[1].completed_on = CivilDay(2025, 4, 1);  // next year
  reviews[4].completed_on = CivilDay(2024, 3, 31);
  const auto figures = Tabulate(reviews, 2024, {"havering", "redbridge"});
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ(TextOf(figures->flows(0)), "1 + 2 = 3 = 1 + 2");
  EXPECT_EQ(TextOf(figures->flows(1)), "0 + 1 = 1 = 0 + 1");
  EXPECT_EQ(TextOf(figures->flows(2)), "1 + 3 = 4 = 1 + 3");
  EXPECT_EQ(
      RowOf(*figures, AnnualTable::COHORT_COMPLETED, AnnualTable::PROPERTY_NOTIFICATION_YEAR, 0),
      "2023-24 1 of 1");
  EXPECT_EQ(RowOf(*figures, AnnualTable::COHORT_OPEN, AnnualTable::PROPERTY_NOTIFICATION_YEAR, -1),
            "2024-25 3 of 3");
  EXPECT_EQ(RowOf(*figures, AnnualTable::COHORT_OPEN, AnnualTable::PROPERTY_MONTHS_OPEN, 0),
            "UNDER_6 1, 6_TO_11 0, 12_TO_23 1 of 2");
}

TEST(AnnualFigures, SayWhatIsNotRecorded) {
  CountedReview unknown = Notified(CivilDay(2024, 5, 1));
  unknown.sex = 0;
  unknown.birth_date.reset();
  CountedReview known = Notified(CivilDay(2024, 5, 1));
  known.ethnicity = pb::ETHNICITY_NOT_OBTAINED;
  const auto figures = Tabulate({unknown, known}, 2024, {"havering"});
  ASSERT_TRUE(figures.ok()) << figures.status();
  const auto notified = AnnualTable::COHORT_NOTIFIED;
  EXPECT_EQ(RowOf(*figures, notified, AnnualTable::PROPERTY_SEX, 0),
            "FEMALE 1, NOT_RECORDED 1 of 2");
  EXPECT_EQ(RowOf(*figures, notified, AnnualTable::PROPERTY_AGE, 0),
            "5_TO_9 1, NOT_RECORDED 1 of 2");
  EXPECT_EQ(RowOf(*figures, notified, AnnualTable::PROPERTY_ETHNICITY, 0),
            "NOT_OBTAINED 1, NOT_RECORDED 1 of 2");
}

TEST(AnnualFigures, AgesAreInTheBandsOfTheNationalDatabase) {
  std::string ages;
  for (const CivilDay death :
       {CivilDay(2024, 6, 28), CivilDay(2024, 6, 29), CivilDay(2025, 5, 31), CivilDay(2025, 6, 1),
        CivilDay(2029, 6, 1), CivilDay(2034, 6, 1), CivilDay(2039, 6, 1)}) {
    CountedReview review = Notified(CivilDay(2024, 7, 1));
    review.birth_date = CivilDay(2024, 6, 1);
    review.death_date = death;
    const auto figures = Tabulate({review}, 2024, {"havering"});
    ASSERT_TRUE(figures.ok());
    absl::StrAppend(
        &ages, RowOf(*figures, AnnualTable::COHORT_NOTIFIED, AnnualTable::PROPERTY_AGE, 0), "\n");
  }
  EXPECT_EQ(ages,
            "UNDER_28_DAYS 1 of 1\nUNDER_1 1 of 1\nUNDER_1 1 of 1\n1_TO_4 1 of 1\n"
            "5_TO_9 1 of 1\n10_TO_14 1 of 1\n15_TO_17 1 of 1\n");
}

// A report of 2019/20 says 29 reviewed, 9 and 23 of them, in a table of 18.
TEST(AnnualFigures, ThatDoNotAddUpAreRefused) {
  const auto figures = Tabulate(Invented(1, 90), 2023, kThree);
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ(CheckAddsUp(*figures), absl::OkStatus());
  int tried = 0;
  for (int t = 0; t < figures->tables_size(); ++t) {
    for (int r = 0; r < figures->tables(t).rows_size(); ++r) {
      for (int p = -1; p < figures->tables(t).rows(r).parts_size(); ++p) {
        pb::AnnualFigures wrong = *figures;
        pb::AnnualRow& row = *wrong.mutable_tables(t)->mutable_rows(r);
        pb::AnnualFigure& figure =
            p < 0 ? *row.mutable_total() : *row.mutable_parts(p)->mutable_figure();
        figure.set_count(figure.count() + 1);
        EXPECT_TRUE(absl::IsInternal(CheckAddsUp(wrong))) << t << " " << r << " " << p;
        EXPECT_FALSE(ForPublication(wrong, {}).ok());
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 200);
  pb::AnnualFigures wrong = *figures;
  wrong.mutable_flows(0)->mutable_open_before()->set_count(1000);
  EXPECT_TRUE(absl::IsInternal(CheckAddsUp(wrong)));
  CountedReview impossible = Notified(CivilDay(2024, 5, 1));
  impossible.completed_on = CivilDay(2023, 5, 1);
  EXPECT_TRUE(absl::IsInternal(Tabulate({impossible}, 2024, {"havering"}).status()));
}

// Who has the published report fills in, again and again, what a sum leaves for one figure.
TEST(PublishedAnnualFigures, CannotBeWorkedOutByAddingAndSubtracting) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    const auto exact = Tabulate(Invented(seed, 140), 2023, kThree);
    ASSERT_TRUE(exact.ok()) << exact.status();
    const auto published = ForPublication(*exact, {});
    ASSERT_TRUE(published.ok()) << published.status();
    pb::AnnualFigures copy = *published;
    const AnnualLinks known(copy);
    std::vector<bool> open(known.figures().values().size());
    pb::AnnualFigures counted = *exact;
    const AnnualLinks true_ones(counted);
    size_t left_out = 0;
    for (size_t f = 0; f < open.size(); ++f) {
      open[f] = known.IsLeftOut(f);
      left_out += open[f] ? 1 : 0;
      const int64_t value = true_ones.figures().values()[f];
      EXPECT_TRUE(open[f] || value == 0 || value >= 5) << "small figure " << f;
      EXPECT_TRUE(open[f] || known.figures().values()[f] == value);
    }
    EXPECT_GT(left_out, 0u);
    EXPECT_LT(left_out, open.size());
    for (const LinkedFigures::Sum& sum : known.figures().sums()) {
      size_t unknown = open[sum.total] ? 1 : 0;
      for (const size_t part : sum.parts) unknown += open[part] ? 1 : 0;
      EXPECT_NE(unknown, 1u);
    }
  }
}

TEST(PublishedAnnualFigures, KeepWhatIsLargeAndSayThatTheyArePublished) {
  std::vector<CountedReview> reviews;
  for (int i = 0; i < 60; ++i) {
    reviews.push_back(Notified(CivilDay(2024, 4, 1) + i, kThree[i % 3]));
  }
  const auto exact = Tabulate(reviews, 2024, kThree);
  ASSERT_TRUE(exact.ok()) << exact.status();
  const auto published = ForPublication(*exact, {});
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_TRUE(published->published());
  EXPECT_FALSE(exact->published());
  EXPECT_EQ(TextOf(published->flows(3)), "0 + 60 = 60 = 0 + 60");
}

}  // namespace
}  // namespace lscp::child_death_reviews
