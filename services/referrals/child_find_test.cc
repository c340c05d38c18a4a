#include <algorithm>

#include "gmock/gmock.h"
#include "referrals/child_service.h"
#include "referrals/testing/harness.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class FindTest : public ::testing::Test {
 protected:
  pb::Child Create(const std::string& fields) {
    const auto response = harness_.Run(
        children_, &Children::Create,
        Parse<pb::CreateChildRequest>("parent: 'boroughs/barnet' child { " + fields + " }"));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->child() : pb::Child();
  }
  absl::StatusOr<pb::FindChildrenResponse> Find(const std::string& fields) {
    return harness_.Run(children_, &Children::Find,
                        Parse<pb::FindChildrenRequest>("parent: 'boroughs/barnet' " + fields));
  }
  // Given names and scores of those found.
  std::vector<std::pair<std::string, int>> Found(const std::string& fields) {
    std::vector<std::pair<std::string, int>> found;
    const auto response = Find(fields);
    EXPECT_TRUE(response.ok()) << response.status();
    if (!response.ok()) return found;
    for (const pb::ChildCandidate& candidate : response->candidates()) {
      found.emplace_back(candidate.child().given_name(), candidate.score());
    }
    return found;
  }
  void Merge(const pb::Child& survivor, const pb::Child& duplicate) {
    pb::MergeChildrenRequest request;
    request.set_name(survivor.name());
    request.set_etag(survivor.etag());
    request.set_duplicate(duplicate.name());
    request.set_duplicate_etag(duplicate.etag());
    request.set_reason("a reason");
    ASSERT_TRUE(harness_.Run(children_, &Children::Merge, request).ok());
  }

  Harness harness_;
  ChildStore store_;
  Children children_{&store_};
};

constexpr char kBorn[] = " birth_date { year: 2015 month: 3 day: 4 } ";
constexpr char kHome[] = " addresses { address { postcode: 'ZZ1 1ZZ' } } ";

std::string Record(const std::string& given, const std::string& more) {
  return "family_name: 'Inventado' given_name: '" + given + "' " + more;
}

TEST_F(FindTest, TwinsComeTogetherTheOneNamedFirstAndTheSiblingNot) {
  Create(Record("Grace", std::string(kBorn) + kHome));
  const pb::Child ada = Create(Record("Ada", std::string(kBorn) + kHome));
  Create(Record("Lin", std::string("birth_date { year: 2011 month: 8 day: 29 }") + kHome));
  EXPECT_THAT(Found(Record("Ada", std::string(kBorn) + "postcode: 'ZZ1 1ZZ'")),
              ElementsAre(Pair("Ada", 96), Pair("Grace", 58)));
  EXPECT_EQ(harness_.disclosed.size(), 2u);
  EXPECT_EQ(harness_.disclosed[0], ada.name());
}

TEST_F(FindTest, AnIdentifierFindsWhateverTheNameIs) {
  Create(Record("Ada", std::string(kBorn) + "nhs_number: '9990000018'"));
  Create(Record("Grace", kBorn));
  EXPECT_THAT(Found("nhs_number: '9990000018'"), ElementsAre(Pair("Ada", 100)));
  EXPECT_THAT(Found(Record("Grace", std::string(kBorn) + "nhs_number: '9990000018'")),
              ElementsAre(Pair("Ada", 100), Pair("Grace", 81)));
  EXPECT_THAT(Found("nhs_number: '9990000050'"), IsEmpty());
}

TEST_F(FindTest, DayAndMonthMayBeSwappedAndTheNameMisspelt) {
  Create(Record("Ada", kBorn));
  EXPECT_THAT(Found("family_name: 'Inbentado' given_name: 'Adda' birth_date { year: 2015 month: 4 "
                    "day: 3 }"),
              ElementsAre(Pair("Ada", 53)));
}

TEST_F(FindTest, AccentsHyphensAndCaseMakeNoDifference) {
  Create(std::string("family_name: 'Núñez-O’Brien' given_name: 'Zoë'") + kBorn);
  EXPECT_THAT(Found(std::string("family_name: 'NUNEZ OBRIEN' given_name: 'ZOE'") + kBorn),
              ElementsAre(Pair("Zoë", 81)));
}

TEST_F(FindTest, ABabyIsFoundOnTheRecordMadeBeforeBirth) {
  Create("family_name: 'Inventado' expected_birth_date { year: 2025 month: 3 day: 20 }");
  EXPECT_THAT(Found(Record("Ada", "birth_date { year: 2025 month: 3 day: 1 }")),
              ElementsAre(Pair("", 46)));
}

TEST_F(FindTest, ANewNameIsFoundAfterAnUpdateAndTheOldOneIsNot) {
  const pb::Child child = Create("family_name: 'Before' " + std::string(kHome) + kBorn);
  pb::UpdateChildRequest request;
  request.mutable_child()->set_name(child.name());
  request.mutable_child()->set_family_name("Inventado");
  request.set_etag(child.etag());
  ASSERT_TRUE(harness_.Run(children_, &Children::Update, request).ok());
  const std::string other_date = " birth_date { year: 2014 month: 3 day: 4 }";
  EXPECT_THAT(Found("family_name: 'Inventado'" + other_date), ElementsAre(Pair("", 46)));
  EXPECT_THAT(Found("family_name: 'Before'" + other_date), IsEmpty());
}

TEST_F(FindTest, WhatIsRecordedUnderADuplicateFindsTheSurvivorOnce) {
  const pb::Child survivor = Create(Record("Ada", kBorn));
  const pb::Child duplicate = Create(Record("Addie", std::string(kBorn) + "upn: 'B801200005001'"));
  Merge(survivor, duplicate);
  EXPECT_THAT(Found("upn: 'B801200005001'"), ElementsAre(Pair("Ada", 100)));
  EXPECT_THAT(Found(Record("Addie", kBorn)), ElementsAre(Pair("Ada", 81)));
}

TEST_F(FindTest, ARestrictedChildIsFoundByThePeopleAllowedOnly) {
  const pb::Child child = Create(Record("Ada", std::string(kBorn) + "nhs_number: '9990000018'"));
  pb::RestrictChildRequest request;
  request.set_name(child.name());
  request.set_etag(child.etag());
  request.add_allowed_people(harness_.caller.person);
  request.set_reason("a reason");
  ASSERT_TRUE(harness_.Run(children_, &Children::Restrict, request).ok());
  EXPECT_THAT(Found("nhs_number: '9990000018'"), ElementsAre(Pair("Ada", 100)));
  for (const char* person : {"bob.example", ""}) {
    harness_.caller.person = person;
    EXPECT_THAT(Found("nhs_number: '9990000018'"), IsEmpty());
  }
}

TEST_F(FindTest, AnotherBoroughsChildrenAreNotFound) {
  Create(Record("Ada", kBorn));
  harness_.boroughs = {"camden"};
  EXPECT_THAT(Found(Record("Ada", kBorn)), IsEmpty());
}

TEST_F(FindTest, PagesGoOnWhereTheLastOneEnded) {
  for (int i = 0; i < 5; ++i) Create(Record("Ada", kBorn));
  std::vector<std::string> names;
  std::string token;
  do {
    const auto page =
        Find(Record("Ada", std::string(kBorn) + "page_size: 2 page_token: '" + token + "'"));
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->candidates_size(), 2);
    for (const auto& candidate : page->candidates()) names.push_back(candidate.child().name());
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_EQ(names.size(), 5u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_F(FindTest, TooLittleToFindAChildByIsRefused) {
  EXPECT_EQ(Find("given_name: 'Ada'").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(FindTest, ATokenOfAnotherQueryIsRefused) {
  for (int i = 0; i < 2; ++i) Create(Record("Ada", kBorn));
  const auto page = Find(Record("Ada", std::string(kBorn) + "page_size: 1"));
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(
      Find(Record("Eve", std::string(kBorn) + "page_token: '" + page->next_page_token() + "'"))
          .status()
          .code(),
      absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lscp::referrals
