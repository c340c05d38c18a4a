#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/status/error.h"
#include "referrals/agency_check_service.h"
#include "referrals/child_service.h"
#include "referrals/contact_service.h"
#include "referrals/my_referrals.h"
#include "referrals/testing/harness.h"

namespace lscp::referrals {

// The handlers of ContactsService on a database of their own. Calls come from the hub until a test
// says otherwise.
class ContactsFixture : public ::testing::Test {
 protected:
  // The calling agency's system, or a person of it.
  void As(const std::string& agency, const std::string& person = "") {
    harness_.caller.agency = agency;
    harness_.caller.person = person;
  }
  void AsHub() { As("barnet-council", "ann.example"); }

  // A contact by API from `agency`; afterwards the hub is calling. Its name is the reply.
  std::string Submitted(const std::string& agency = "testschool");
  // A contact that the hub recorded from a telephone call of `agency`.
  pb::Contact Recorded(const std::string& agency = "testschool");
  // The contact as the hub sees it.
  pb::Contact Read(const std::string& name);

  pb::Contact Rated(const std::string& name, pb::Brag brag = pb::BRAG_AMBER);
  // Ties a child of the contact to a new record of the register.
  pb::Contact Linked(const std::string& name, const std::string& child_id = "1");
  // Asks agencies one question each.
  pb::Contact Asked(const std::string& name, const std::vector<std::string>& agencies);
  // What WatchMyReferrals and WatchContacts are given of the last mutation, which was `method`.
  std::vector<FeedEntry> Fed(const std::string& method);

  // A request about a contact as it now is.
  template <typename Request>
  Request About(const std::string& name, const std::string& text = "") {
    auto request = Parse<Request>(text);
    request.set_name(name);
    request.set_etag(Read(name).etag());
    return request;
  }

  // Rule, and where its clock stands now, of all clocks of a subject: "contact_decision MET".
  std::vector<std::string> Clocks(const std::string& subject);

  Harness harness_;
  const Settings settings_ = TestSettings();
  const ChildStore child_store_;
  const ContactStore contact_store_;
  const AgencyCheckStore check_store_;
  Children children_{&child_store_};
  Contacts contacts_{{.contacts = &contact_store_,
                      .checks = &check_store_,
                      .children = &child_store_,
                      .child_handlers = &children_,
                      .settings = &settings_}};
  AgencyChecks checks_{&contact_store_, &check_store_};
  MyReferrals mine_{&contact_store_};

 private:
  static Settings TestSettings();
};

// What the sender of a contact gives: two children of a family, consent obtained.
pb::Contact SentContact();

// A decision to refer the first child.
pb::DecideContactRequest ReferTheFirstChild();

}  // namespace lscp::referrals
