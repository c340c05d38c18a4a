#include "domain/names.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lscp::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(NameWords, HyphensAndSpacesPartAndApostrophesDoNot) {
  EXPECT_THAT(NameWords("O'Brien-Smythe  de la Cruz"),
              ElementsAre("obrien", "smythe", "de", "la", "cruz"));
  EXPECT_THAT(NameWords("O’Brien"), ElementsAre("obrien"));
  EXPECT_THAT(NameWords(" -'. "), IsEmpty());
}

TEST(NameWords, LatinLettersLoseTheirMarks) {
  EXPECT_THAT(NameWords("Zoë Łukasz Šárka"), ElementsAre("zoe", "lukasz", "sarka"));
  EXPECT_THAT(NameWords("Nguyễn Ştefan Ștefan"), ElementsAre("nguyen", "stefan", "stefan"));
  EXPECT_THAT(NameWords("Müller Weiß Þór Æsa"), ElementsAre("muller", "weiss", "thor", "aesa"));
  EXPECT_THAT(NameWords("İpek IŞIK"), ElementsAre("ipek", "isik"));
}

TEST(NameWords, AMarkOfItsOwnIsDropped) { EXPECT_THAT(NameWords("Zoe\u0308"), ElementsAre("zoe")); }

TEST(NameWords, OtherScriptsStay) {
  EXPECT_THAT(NameWords("Олена محمد"), ElementsAre("Олена", "محمد"));
  EXPECT_EQ(SoundOf("محمد"), "محمد");
  EXPECT_EQ(InitialOf("محمد"), "م");
}

TEST(SoundOf, IsTheSameForSpellingsOfOneSound) {
  const std::vector<std::pair<const char*, const char*>> alike = {
      {"catherine", "kathryn"}, {"mohammed", "muhammad"}, {"philip", "filip"},
      {"smith", "smythe"},      {"knight", "night"},      {"geoffrey", "jeffrey"},
      {"hussain", "hussein"},   {"cecilia", "sesilia"},   {"zara", "sara"},
      {"ashcraft", "ashcroft"}};
  for (const auto& [a, b] : alike) EXPECT_EQ(SoundOf(a), SoundOf(b)) << a << " " << b;
  EXPECT_NE(SoundOf("smith"), SoundOf("jones"));
  EXPECT_EQ(SoundOf("lee"), "l000");
  EXPECT_EQ(SoundOf(""), "");
}

TEST(Similarity, IsJaroWinkler) {
  EXPECT_NEAR(Similarity("martha", "marhta"), 0.961, 0.001);
  EXPECT_NEAR(Similarity("dwayne", "duane"), 0.840, 0.001);
  EXPECT_NEAR(Similarity("dixon", "dicksonx"), 0.813, 0.001);
  EXPECT_EQ(Similarity("ada", "ada"), 1);
  EXPECT_EQ(Similarity("ada", "ruby"), 0);
  EXPECT_EQ(Similarity("", "ada"), 0);
}

}  // namespace
}  // namespace lscp::domain
