#include "referrals/contact_watch.h"

#include <gtest/gtest.h>

#include <string>

#include "safeguarding/options/v1/options.pb.h"

namespace lscp::referrals {
namespace {

FeedEntry By(const std::string& service, const std::string& method) {
  FeedEntry entry;
  entry.method = service + "/" + method;
  entry.resource = "boroughs/barnet/contacts/c1";
  entry.revision = 3;
  return entry;
}

Call InBarnet() {
  Call call;
  call.boroughs = {"barnet"};
  return call;
}

TEST(ChangeOf, IsKnownForEveryMethodThatChangesAContact) {
  const auto* file = pb::Contact::descriptor()->file();
  const auto* service = file->FindServiceByName("ContactsService");
  for (int i = 0; i < service->method_count(); ++i) {
    const auto* method = service->method(i);
    const auto& rule = method->options().GetExtension(safeguarding::options::v1::rule);
    const bool writes = rule.kind() == safeguarding::options::v1::KIND_WRITE;
    EXPECT_EQ(ChangeOf(By(service->full_name(), method->name())) != pb::CONTACT_CHANGE_UNSPECIFIED,
              writes)
        << method->name();
  }
}

TEST(ChangeOf, IsNothingForMethodsOfOtherServices) {
  EXPECT_EQ(ChangeOf(By("safeguarding.referrals.v1.ReferralsService", "DecideContact")),
            pb::CONTACT_CHANGE_UNSPECIFIED);
}

TEST(ForHub, TellsOfAContactWhosePayloadIsErasedByNameAlone) {
  const auto reply = ForHub(InBarnet(), {}, By(std::string(kContactsService), "RateContact"));
  ASSERT_TRUE(reply.has_value());
  const auto& event = static_cast<const pb::WatchContactsResponse&>(*reply->message).events(0);
  EXPECT_EQ(event.contact(), "boroughs/barnet/contacts/c1");
  EXPECT_EQ(event.revision(), 3);
  EXPECT_EQ(event.state(), pb::Contact::STATE_UNSPECIFIED);
  EXPECT_TRUE(reply->disclosed.empty());
}

TEST(ForHub, TellsNothingOfOtherBoroughsAndOtherKindsOfRecord) {
  FeedEntry entry = By(std::string(kContactsService), "RateContact");
  entry.resource = "boroughs/harrow/contacts/c1";
  EXPECT_FALSE(ForHub(InBarnet(), {}, entry).has_value());
  entry = By(std::string(kContactsService), "DecideContact");
  entry.resource = "boroughs/barnet/referrals/r1";
  EXPECT_FALSE(ForHub(InBarnet(), {}, entry).has_value());
}

}  // namespace
}  // namespace lscp::referrals
