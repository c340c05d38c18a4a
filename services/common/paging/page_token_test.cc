#include "common/paging/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "common/status/error.h"
#include "safeguarding/timescales/v1/timescales_service.pb.h"

namespace lscp {
namespace {

using safeguarding::timescales::v1::ListTimescaleRulesRequest;
using safeguarding::timescales::v1::ListTimescalesRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

ListTimescalesRequest Request() {
  ListTimescalesRequest request;
  request.set_parent("boroughs/barnet");
  request.set_overdue(true);
  return request;
}

TEST(QueryHash, IsThatOfTheQueryAndNotOfThePlaceInIt) {
  ListTimescalesRequest next = Request();
  next.set_page_size(7);
  next.set_page_token("abc");
  EXPECT_EQ(QueryHash(next), QueryHash(Request()));
  next.set_overdue(false);
  EXPECT_NE(QueryHash(next), QueryHash(Request()));
}

TEST(QueryHash, DependsOnTheMethodsRequestType) {
  EXPECT_NE(QueryHash(ListTimescalesRequest()), QueryHash(ListTimescaleRulesRequest()));
}

TEST(QueryHash, StaysTheSameAcrossReleases) {
  EXPECT_EQ(QueryHash(Request()), 212012930034569107u);
}

TEST(PageSize, IsDefaultedAndBounded) {
  EXPECT_EQ(PageSize(0), 50);
  EXPECT_EQ(PageSize(1), 1);
  EXPECT_EQ(PageSize(500), 500);
  EXPECT_EQ(PageSize(501), 500);
  EXPECT_EQ(PageSize(-3), 50);
  EXPECT_EQ(PageSize(std::numeric_limits<int32_t>::max()), 500);
}

TEST(PageToken, GivesTheKeyBack) {
  const std::string token = EncodePageToken(42, {"2025-06-11", "", "7f3k"});
  EXPECT_THAT(*DecodePageToken(token, 42, 3), ElementsAre("2025-06-11", "", "7f3k"));
  for (const char c : token) EXPECT_TRUE(std::isalnum(c) || c == '-' || c == '_') << token;
}

TEST(PageToken, ThatIsEmptyIsTheFirstPage) { EXPECT_THAT(*DecodePageToken("", 42, 3), IsEmpty()); }

TEST(PageToken, OfAnotherQueryOrShapeIsRefused) {
  const std::string token = EncodePageToken(42, {"a", "b"});
  for (const absl::Status& status :
       {DecodePageToken(token, 43, 2).status(), DecodePageToken(token, 42, 3).status(),
        DecodePageToken(token, 42, 1).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_PAGE_TOKEN_MISMATCH);
  }
}

const std::string kHostile[] = {"!",
                                "a",
                                "AAAA",
                                "%2e%2e",
                                "' OR 1=1 --",
                                "////",
                                std::string("\0\0\0\0", 4),
                                "\xFF\xFE",
                                std::string(1'000'000, 'A'),
                                "CSoAAAAAAAAAEgP",
                                "_____w8"};

TEST(PageToken, ThatIsMadeUpIsRefused) {
  for (const std::string& token : kHostile) {
    EXPECT_EQ(ReasonOf(DecodePageToken(token, 42, 2).status()),
              reason::ERROR_REASON_PAGE_TOKEN_MISMATCH);
  }
}

TEST(WatchCursor, GivesThePositionBack) {
  EXPECT_EQ(*DecodeWatchCursor(EncodeWatchCursor(42, 0), 42), 0);
  EXPECT_EQ(*DecodeWatchCursor(EncodeWatchCursor(42, 1LL << 40), 42), 1LL << 40);
}

TEST(WatchCursor, OfAnotherWatchOrMadeUpIsUnknown) {
  std::vector<std::string> cursors(std::begin(kHostile), std::end(kHostile));
  cursors.push_back("");
  cursors.push_back(EncodeWatchCursor(43, 5));
  cursors.push_back(EncodeWatchCursor(42, -5));
  for (const std::string& cursor : cursors) {
    const absl::Status status = DecodeWatchCursor(cursor, 42).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
    EXPECT_EQ(ReasonOf(status), reason::ERROR_REASON_CURSOR_UNKNOWN);
  }
}

}  // namespace
}  // namespace lscp
