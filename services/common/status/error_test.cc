#include "common/status/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"

namespace lscp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <typename Detail>
std::vector<Detail> Details(const google::rpc::Status& wire) {
  std::vector<Detail> found;
  for (const auto& any : wire.details()) {
    Detail detail;
    if (any.UnpackTo(&detail)) found.push_back(detail);
  }
  return found;
}

TEST(Error, CarriesExactlyOneErrorInfoWhateverItsOrigin) {
  for (const absl::Status& status :
       {InvalidField("parent", "is required"), PermissionDenied("contacts.get", "boroughs/x"),
        absl::NotFoundError("raised by a library"), EtagMismatch("boroughs/x", "\"2\""),
        BackendUnavailable("database")}) {
    SCOPED_TRACE(status.ToString());
    const auto infos = Details<google::rpc::ErrorInfo>(ToRpcStatus(status, "t.safeguarding"));
    ASSERT_EQ(infos.size(), 1u);
    EXPECT_EQ(infos[0].domain(), "t.safeguarding");
    EXPECT_FALSE(infos[0].reason().empty());
  }
}

TEST(Error, SurvivesTheWire) {
  const absl::Status sent = WithRetryAfter(
      Error(absl::StatusCode::kResourceExhausted, reason::ERROR_REASON_RATE_LIMITED, "slow down"),
      absl::Milliseconds(1500));
  const absl::Status received = FromRpcStatus(ToRpcStatus(sent, "gateway.safeguarding"));
  EXPECT_EQ(received.code(), sent.code());
  EXPECT_EQ(ReasonOf(received), reason::ERROR_REASON_RATE_LIMITED);
  const auto retries = Details<google::rpc::RetryInfo>(ToRpcStatus(received, ""));
  ASSERT_EQ(retries.size(), 1u);
  EXPECT_EQ(retries[0].retry_delay().seconds(), 1);
  EXPECT_EQ(retries[0].retry_delay().nanos(), 500'000'000);
}

TEST(InvalidFields, ListsEveryViolationUpToWhatATrailerHolds) {
  std::vector<FieldViolation> many(40, {"children[0].family_name", "is required"});
  const absl::Status status = InvalidFields(many);
  const auto requests = Details<google::rpc::BadRequest>(ToRpcStatus(status, ""));
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].field_violations_size(), 32);
  EXPECT_THAT(std::string(status.message()), HasSubstr("and 8 more"));
}

TEST(Masked, HidesOurFaultsAndNothingElse) {
  const absl::Status fault = Masked(absl::InternalError("table contacts is on fire"), "abc123");
  EXPECT_THAT(std::string(fault.message()), Not(HasSubstr("contacts")));
  EXPECT_THAT(std::string(fault.message()), HasSubstr("abc123"));
  EXPECT_EQ(ReasonOf(fault), reason::ERROR_REASON_INTERNAL_FAULT);
  const absl::Status plain = InvalidField("parent", "is required");
  EXPECT_EQ(Masked(plain, "abc123"), plain);
}

}  // namespace
}  // namespace lscp
