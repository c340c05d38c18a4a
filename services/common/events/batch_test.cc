#include "common/events/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/events/back_off.h"
#include "common/journal/transaction.h"
#include "google/protobuf/timestamp.pb.h"

namespace lscp {
namespace {

using safeguarding::config::v1::Subscriber;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;

FeedEntry EntryAt(int64_t position, const std::string& type, const std::string& borough = "north",
                  size_t content_bytes = 0) {
  google::protobuf::Timestamp content;
  content.set_seconds(position);
  FeedEntry entry;
  entry.position = position;
  entry.journal_id = 1000 + position;
  entry.at = absl::FromUnixSeconds(position);
  entry.borough = borough;
  entry.resource = "boroughs/" + borough + "/things/1";
  entry.event_type = type;
  entry.event_subject = "boroughs/" + borough + "/subjects/1";
  if (!type.empty()) entry.event = MakeEvent(type, "", content).content;
  if (content_bytes > 0) {
    google::protobuf::Any any;
    any.set_value(std::string(content_bytes, 'x'));
    entry.event = any.SerializeAsString();
  }
  return entry;
}

Subscriber WithTypes(const std::vector<std::string>& types) {
  Subscriber subscriber;
  for (const std::string& type : types) subscriber.add_event_types(type);
  return subscriber;
}

std::vector<std::string> IdsOf(const EventBatch& batch) {
  std::vector<std::string> ids;
  for (const auto& event : batch.request.events()) ids.push_back(event.id());
  return ids;
}

TEST(Wants, TypesAreMatchedAsAWholeOrUpToAStar) {
  const struct {
    std::vector<std::string> types;
    const char* type;
    bool wanted;
  } kCases[] = {
      {{}, "a.b", true},         {{"a.b"}, "a.b", true},    {{"a.b"}, "a.bc", false},
      {{"a.*"}, "a.bc", true},   {{"a.*"}, "b.a.c", false}, {{"x", "a.*"}, "a.", true},
      {{"*"}, "anything", true}, {{}, "", false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Wants(WithTypes(c.types), EntryAt(1, c.type)), c.wanted) << c.type;
  }
}

TEST(Wants, OtherBoroughsAndErasedEventsAreNotWanted) {
  Subscriber subscriber;
  subscriber.add_boroughs("north");
  EXPECT_TRUE(Wants(subscriber, EntryAt(1, "t", "north")));
  EXPECT_FALSE(Wants(subscriber, EntryAt(1, "t", "south")));
  FeedEntry erased = EntryAt(1, "t");
  erased.event.clear();
  EXPECT_FALSE(Wants(subscriber, erased));
}

FeedEntry AddressedTo(const std::string& destination, int64_t position) {
  FeedEntry entry = EntryAt(position, "t");
  entry.event_subject = "boroughs/" + destination + "/things/1";
  return entry;
}

Subscriber PeerOf(const std::vector<std::string>& boroughs) {
  Subscriber peer;
  peer.mutable_peer()->set_agency("another");
  for (const std::string& borough : boroughs) peer.add_boroughs(borough);
  return peer;
}

TEST(Wants, WhatIsAddressedToAnotherBoroughIsForThePeerThatServesItAndNobodyElse) {
  const Subscriber peer = PeerOf({"south", "west"});
  EXPECT_TRUE(Wants(peer, AddressedTo("south", 1)));
  EXPECT_TRUE(Wants(peer, AddressedTo("west", 1)));
  EXPECT_FALSE(Wants(peer, AddressedTo("east", 1)));
  EXPECT_FALSE(Wants(PeerOf({"north"}), EntryAt(1, "t", "north")));
  EXPECT_FALSE(Wants({}, AddressedTo("south", 1)));
  EXPECT_FALSE(Wants(WithTypes({"t"}), AddressedTo("south", 1)));
}

TEST(NextBatch, APeersBatchIsOfTheBoroughThatItIsAddressedTo) {
  const EventBatch batch = NextBatch(
      "s", PeerOf({"south", "west"}),
      {EntryAt(1, "t"), AddressedTo("south", 2), AddressedTo("south", 3), AddressedTo("west", 4)});
  EXPECT_EQ(batch.request.parent(), "boroughs/south");
  EXPECT_THAT(IdsOf(batch), ElementsAre("s/north/1002", "s/north/1003"));
  EXPECT_EQ(batch.through, 3);
}

TEST(NextBatch, AnEventSaysWhatHappenedToWhatAndWhen) {
  const EventBatch batch = NextBatch("things", {}, {EntryAt(7, "things.changed")});
  EXPECT_EQ(batch.request.parent(), "boroughs/north");
  EXPECT_EQ(batch.through, 7);
  EXPECT_EQ(batch.oldest, absl::FromUnixSeconds(7));
  ASSERT_EQ(batch.request.events_size(), 1);
  const auto& event = batch.request.events(0);
  EXPECT_EQ(event.id(), "things/north/1007");
  EXPECT_EQ(event.type(), "things.changed");
  EXPECT_EQ(event.resource(), "boroughs/north/things/1");
  EXPECT_EQ(event.subject(), "boroughs/north/subjects/1");
  EXPECT_EQ(event.time().seconds(), 7);
  google::protobuf::Timestamp content;
  ASSERT_TRUE(event.content().UnpackTo(&content));
  EXPECT_EQ(content.seconds(), 7);
}

TEST(NextBatch, WhatIsNotWantedIsPassedOver) {
  const EventBatch batch = NextBatch(
      "s", WithTypes({"a"}),
      {EntryAt(1, "b"), EntryAt(2, "a"), EntryAt(4, ""), EntryAt(5, "a"), EntryAt(6, "b")});
  EXPECT_THAT(IdsOf(batch), ElementsAre("s/north/1002", "s/north/1005"));
  EXPECT_EQ(batch.through, 6);
  EXPECT_EQ(batch.oldest, absl::FromUnixSeconds(2));
  const EventBatch none = NextBatch("s", WithTypes({"c"}), {EntryAt(1, "b"), EntryAt(2, "a")});
  EXPECT_TRUE(none.request.events().empty());
  EXPECT_EQ(none.through, 2);
}

TEST(NextBatch, ABatchIsOfOneBorough) {
  const std::vector<FeedEntry> entries = {EntryAt(1, "a", "north"), EntryAt(2, "a", "north"),
                                          EntryAt(3, "a", "south"), EntryAt(4, "a", "north")};
  const EventBatch batch = NextBatch("s", {}, entries);
  EXPECT_THAT(IdsOf(batch), ElementsAre("s/north/1001", "s/north/1002"));
  EXPECT_EQ(batch.through, 2);
}

TEST(NextBatch, NumberAndSizeAreLimitedButOneEventAlwaysFits) {
  std::vector<FeedEntry> many;
  for (int i = 1; i <= 150; ++i) many.push_back(EntryAt(i, "a"));
  EXPECT_EQ(NextBatch("s", {}, many).through, 100);
  EXPECT_EQ(NextBatch("s", {}, many, 1).through, 1);
  const std::vector<FeedEntry> large = {EntryAt(1, "a", "north", 2 << 20), EntryAt(2, "a")};
  EXPECT_EQ(NextBatch("s", {}, large).through, 1);
}

TEST(NextBatch, TheSameDeliveryIsTheSameRequestAndAnotherIsNot) {
  const std::vector<FeedEntry> entries = {EntryAt(1, "a"), EntryAt(2, "a")};
  const auto one = NextBatch("s", {}, entries).request;
  EXPECT_EQ(one.SerializeAsString(), NextBatch("s", {}, entries).request.SerializeAsString());
  EXPECT_THAT(one.request_id(),
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_NE(one.request_id(), NextBatch("s", {}, entries, 1).request.request_id());
  EXPECT_NE(one.request_id(), NextBatch("other", {}, entries).request.request_id());
}

TEST(BackOffTest, DoublesUpToALimitWithJitterAndBeginsAgain) {
  BackOff back_off(absl::Milliseconds(100), absl::Seconds(30));
  absl::Duration limit = absl::Milliseconds(100);
  for (int i = 0; i < 12; ++i) {
    const absl::Duration delay = back_off.Next();
    EXPECT_LE(delay, limit);
    EXPECT_GE(delay, limit / 2);
    limit = std::min(2 * limit, absl::Seconds(30));
  }
  back_off.Reset();
  EXPECT_LE(back_off.Next(), absl::Milliseconds(100));
}

}  // namespace
}  // namespace lscp
