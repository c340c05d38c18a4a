#pragma once

#include <string>

#include "child_death_reviews/death_notification_service.h"
#include "child_death_reviews/death_review_service.h"
#include "child_death_reviews/family_support_service.h"
#include "child_death_reviews/joint_response_service.h"
#include "child_death_reviews/migrations.h"
#include "common/testing/clocks.h"
#include "common/testing/handler_harness.h"
#include "gtest/gtest.h"

namespace lscp::child_death_reviews {

using testing::Parse;

// The service's tables with settings of three boroughs that share it, and its handlers. Calls come
// from Havering's coordinator until a test says otherwise; the clock stands at Monday, 3 March
// 2025, 10:00.
class Fixture : public ::testing::Test {
 protected:
  Fixture();

  // The calls that follow are of a person or system of an agency, in these boroughs.
  void As(const std::string& agency, const std::string& person,
          const std::vector<std::string>& boroughs = {"havering"});
  void AsCoordinator() { As("testhealth", "c.coordinator"); }

  // A request about a record as it was read.
  template <typename Request, typename Record>
  static Request Of(const Record& record, const std::string& text = "") {
    auto request = Parse<Request>(text);
    request.set_name(record.name());
    request.set_etag(record.etag());
    return request;
  }

  // A notification of a death on 1 March 2025 at 12:00 of a child who lived in Havering, five years
  // old, with these particulars beside name, days and area. `fields` are the request's.
  absl::StatusOr<pb::DeathNotification> Notify(
      const std::string& particulars = "", const std::string& fields = "kind: NOTIFIER_KIND_POLICE",
      const std::string& given_name = "Testa");
  // The death review of a notification.
  pb::DeathReview Review(const std::string& name);
  pb::DeathReview Begun(const std::string& particulars = "") {
    return Review(Notify(particulars)->death_review());
  }
  // Taken on.
  pb::DeathReview Accepted(const std::string& particulars = "");
  pb::JointResponse ResponseOf(const pb::DeathReview& review);
  pb::FamilySupport SupportOf(const pb::DeathReview& review);

  std::string ClockOf(const std::string& subject, const std::string& rule) {
    return testing::ClockText(harness_.Database(), subject, rule);
  }

  testing::HandlerHarness harness_{{"child-death-reviews", kMigrations}};
  const Settings settings_;
  DeathNotifications notifications_{&settings_};
  DeathReviews reviews_{&settings_};
  JointResponses responses_{&settings_};
  FamilySupports supports_;
};

}  // namespace lscp::child_death_reviews
