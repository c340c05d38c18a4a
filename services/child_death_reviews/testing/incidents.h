#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "safeguarding/child_death_reviews/v1/serious_incidents_service.pb.h"

// What the tests of serious incidents need several times. Invented, all of it.
namespace lscp::child_death_reviews {

template <typename Message>
Message ParseText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// The criteria in their order, met where the text has a 1.
template <typename Finding>
google::protobuf::RepeatedPtrField<Finding> Findings(const std::string& met) {
  google::protobuf::RepeatedPtrField<Finding> findings;
  for (size_t i = 0; i < met.size(); ++i) {
    Finding& finding = *findings.Add();
    finding.set_criterion(static_cast<decltype(finding.criterion())>(i + 1));
    finding.set_met(met[i] == '1');
    finding.set_reason("x");
  }
  return findings;
}
inline auto Notification(const std::string& met) {
  return Findings<safeguarding::child_death_reviews::v1::NotificationFinding>(met);
}
inline auto Criteria(const std::string& met) {
  return Findings<safeguarding::child_death_reviews::v1::ReviewFinding>(met);
}

inline const std::string kPartnersAll =
    "participants { partner: SAFEGUARDING_PARTNER_LOCAL_AUTHORITY took_part: true } "
    "participants { partner: SAFEGUARDING_PARTNER_POLICE took_part: true } "
    "participants { partner: SAFEGUARDING_PARTNER_HEALTH took_part: true } ";

// The agreement of the three partners, all on one day.
inline std::string Agreements(int year, int month, int day) {
  std::string text;
  for (const char* partner : {"LOCAL_AUTHORITY", "POLICE", "HEALTH"}) {
    absl::StrAppend(&text, "partners { partner: SAFEGUARDING_PARTNER_", partner,
                    " person: 'p' agree_date { year: ", year, " month: ", month, " day: ", day,
                    " } } ");
  }
  return text;
}

}  // namespace lscp::child_death_reviews
