#include "children_in_care/timescale_rules.h"

#include "children_in_care/care_clocks.h"
#include "children_in_care/care_review.h"
#include "children_in_care/care_visit.h"
#include "children_in_care/health_record.h"
#include "children_in_care/review_dispute.h"

namespace lscp::children_in_care {

std::vector<TimescaleRule> TimescaleRulesOf(const Settings::Borough&) {
  std::vector<TimescaleRule> rules = CareRules();
  rules.insert(rules.end(), {kInitialHealthAssessment, kReviewHealthAssessment, kFirstCareReview,
                             kSecondCareReview, kLaterCareReview, kReviewDispute, kCareVisit});
  return rules;
}

}  // namespace lscp::children_in_care
