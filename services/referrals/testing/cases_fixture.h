#pragma once

#include <string>

#include "google/protobuf/any.pb.h"
#include "referrals/assessment_service.h"
#include "referrals/referral_service.h"
#include "referrals/testing/contacts_fixture.h"

namespace lscp::referrals {

// The handlers of ReferralsService and AssessmentsService beside those of contacts, on a database
// of their own. Calls come from the hub until a test says otherwise.
class CasesFixture : public ContactsFixture {
 protected:
  // A referral of a child, by a contact that arrives and is decided now. `child` is on the
  // register; a new one when empty.
  pb::Referral Referred(const std::string& child = "", const std::string& agency = "testschool");
  // The contact of a referral that is made so, before it is decided.
  pb::Contact Arrived(const std::string& child, const std::string& agency);
  absl::StatusOr<pb::Contact> DecidedContact(const std::string& name, pb::ContactOutcome outcome);

  pb::Referral Read(const pb::Referral& referral);
  absl::StatusOr<pb::Referral> Decide(const pb::Referral& referral, pb::ReferralDecision decision);
  // A referral that was decided to be assessed.
  pb::Referral InProgress(const std::string& child = "");

  absl::StatusOr<pb::Assessment> Start(const pb::Referral& referral,
                                       const std::string& fields = "worker: 'w.worker'");
  pb::Assessment Read(const pb::Assessment& assessment);
  // With analysis, these factors and a child who was seen; submitted by its worker.
  pb::Assessment Submitted(pb::Assessment assessment, const std::string& factors,
                           bool seen_alone = false);
  absl::StatusOr<pb::Assessment> Authorise(const pb::Assessment& assessment,
                                           pb::AssessmentOutcome outcome);

  // A request about a record as it was read.
  template <typename Request, typename Record>
  static Request Of(const Record& record, const std::string& text = "") {
    auto request = Parse<Request>(text);
    request.set_name(record.name());
    request.set_etag(record.etag());
    return request;
  }

  // The content of the only event of the last mutation, about a child.
  template <typename Content>
  Content EventAbout(const std::string& type, const std::string& child) {
    Content content;
    google::protobuf::Any any;
    int events = 0;
    for (const JournalEntry& entry : harness_.entries) {
      if (!entry.event) continue;
      ++events;
      EXPECT_EQ(entry.event->type, type);
      EXPECT_EQ(entry.event->subject, child);
      EXPECT_TRUE(any.ParseFromString(entry.event->content) && any.UnpackTo(&content));
    }
    EXPECT_EQ(events, 1);
    return content;
  }

  const ReferralStore referral_store_;
  const AssessmentStore assessment_store_;
  const StrategyDiscussions strategy_{&contact_store_, &check_store_};
  const CaseParts cases_{.referrals = &referral_store_,
                         .assessments = &assessment_store_,
                         .strategy = &strategy_,
                         .settings = &settings_};
  Referrals referrals_{cases_};
  Assessments assessments_{cases_};
};

}  // namespace lscp::referrals
