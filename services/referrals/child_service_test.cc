#include "referrals/child_service.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "domain/child_rows.h"
#include "gmock/gmock.h"
#include "google/protobuf/any.pb.h"
#include "referrals/testing/harness.h"
#include "safeguarding/referrals/v1/events.pb.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ChildrenTest : public ::testing::Test {
 protected:
  absl::StatusOr<pb::Child> TryCreate(const std::string& fields) {
    clock().Advance(absl::Seconds(1));
    const auto response = harness_.Run(
        children_, &Children::Create,
        Parse<pb::CreateChildRequest>("parent: 'boroughs/barnet' child { " + fields + " }"));
    if (!response.ok()) return response.status();
    return response->child();
  }
  pb::Child Create(const std::string& fields) {
    const auto child = TryCreate("birth_date { year: 2015 month: 3 day: 4 } " + fields);
    EXPECT_TRUE(child.ok()) << child.status();
    return child.value_or(pb::Child());
  }
  absl::StatusOr<pb::Child> Get(const std::string& name) {
    pb::GetChildRequest request;
    request.set_name(name);
    const auto response = harness_.Run(children_, &Children::Get, request);
    if (!response.ok()) return response.status();
    return response->child();
  }
  absl::StatusOr<pb::Child> Update(const pb::Child& child, const std::string& fields,
                                   const std::string& mask = "") {
    pb::UpdateChildRequest request;
    *request.mutable_child() = Parse<pb::Child>(fields);
    request.mutable_child()->set_name(child.name());
    request.set_etag(child.etag());
    if (!mask.empty()) request.mutable_update_mask()->add_paths(mask);
    const auto response = harness_.Run(children_, &Children::Update, request);
    if (!response.ok()) return response.status();
    return response->child();
  }
  template <typename Request>
  static Request Two(const pb::Child& survivor, const pb::Child& duplicate) {
    Request request;
    request.set_name(survivor.name());
    request.set_etag(survivor.etag());
    request.set_duplicate(duplicate.name());
    request.set_duplicate_etag(duplicate.etag());
    request.set_reason("a reason");
    return request;
  }
  // Both records as they are now.
  absl::Status Merge(pb::Child& survivor, pb::Child& duplicate) {
    const auto response = harness_.Run(children_, &Children::Merge,
                                       Two<pb::MergeChildrenRequest>(survivor, duplicate));
    if (!response.ok()) return response.status();
    survivor = response->child();
    duplicate = response->duplicate();
    return absl::OkStatus();
  }
  absl::Status Unmerge(pb::Child& survivor, pb::Child& duplicate) {
    const auto response = harness_.Run(children_, &Children::Unmerge,
                                       Two<pb::UnmergeChildrenRequest>(survivor, duplicate));
    if (!response.ok()) return response.status();
    survivor = response->child();
    duplicate = response->duplicate();
    return absl::OkStatus();
  }
  absl::Status Restrict(pb::Child& child, std::vector<std::string> people) {
    pb::RestrictChildRequest request;
    request.set_name(child.name());
    request.set_etag(child.etag());
    request.mutable_allowed_people()->Assign(people.begin(), people.end());
    request.set_reason("a reason");
    const auto response = harness_.Run(children_, &Children::Restrict, request);
    if (!response.ok()) return response.status();
    child = response->child();
    return absl::OkStatus();
  }
  absl::Status Lift(pb::Child& child) {
    pb::LiftRestrictionRequest request;
    request.set_name(child.name());
    request.set_etag(child.etag());
    request.set_reason("a reason");
    const auto response = harness_.Run(children_, &Children::LiftRestriction, request);
    if (!response.ok()) return response.status();
    child = response->child();
    return absl::OkStatus();
  }
  std::vector<std::string> List(const std::string& fields = "") {
    const auto response =
        harness_.Run(children_, &Children::List,
                     Parse<pb::ListChildrenRequest>("parent: 'boroughs/barnet' " + fields));
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    if (response.ok()) {
      for (const pb::Child& child : response->children()) names.push_back(child.name());
      EXPECT_EQ(names, harness_.disclosed);
    }
    return names;
  }
  template <typename Content>
  Content EventOf(size_t entry, const std::string& type, const std::string& subject) {
    Content content;
    EXPECT_LT(entry, harness_.entries.size());
    const std::optional<Event>& event = harness_.entries.at(entry).event;
    EXPECT_TRUE(event && event->type == type && event->subject == subject);
    google::protobuf::Any any;
    EXPECT_TRUE(event && any.ParseFromString(event->content) && any.UnpackTo(&content));
    return content;
  }
  FakeClock& clock() { return harness_.clock; }

  Harness harness_;
  ChildStore store_;
  Children children_{&store_};
};

TEST_F(ChildrenTest, ANewChildIsOnTheRegisterAndAnnounced) {
  const pb::Child child = Create("family_name: 'Inventado' given_name: 'Ada' sex: SEX_FEMALE");
  EXPECT_EQ(child.state(), pb::Child::STATE_ACTIVE);
  EXPECT_EQ(child.etag(), "\"1\"");
  const auto event = EventOf<pb::ChildChanged>(0, "referrals.child_changed", child.name());
  EXPECT_EQ(event.revision(), 1);
  EXPECT_EQ(event.sex(), pb::SEX_FEMALE);
  const auto read = Get(child.name());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->DebugString(), child.DebugString());
  EXPECT_THAT(harness_.disclosed, ElementsAre(child.name()));
}

TEST_F(ChildrenTest, WhatOnlyTheServiceSetsIsNotTakenFromTheCaller) {
  const pb::Child child = Create(
      "family_name: 'Inventado' name: 'boroughs/barnet/children/mine' restricted: true "
      "allowed_people: 'bob' state: STATE_MERGED merged_into: 'boroughs/barnet/children/x'");
  EXPECT_NE(child.name(), "boroughs/barnet/children/mine");
  EXPECT_EQ(child.state(), pb::Child::STATE_ACTIVE);
  EXPECT_FALSE(child.restricted());
  EXPECT_THAT(child.allowed_people(), IsEmpty());
  EXPECT_EQ(child.merged_into(), "");
}

TEST_F(ChildrenTest, ARecordWithFaultsIsRefused) {
  EXPECT_EQ(ReasonOf(TryCreate("given_name: 'Ada'").status()), reason::ERROR_REASON_INVALID_FIELDS);
}

TEST_F(ChildrenTest, AnIdentifierIsOneChildsOnly) {
  for (const char* identifier :
       {"nhs_number: '9990000018'", "upn: 'B801200005001'", "local_authority_id: 'A1'"}) {
    const std::string fields =
        absl::StrCat("family_name: 'x' birth_date { year: 2015 month: 3 day: 4 } ", identifier);
    ASSERT_TRUE(TryCreate(fields).ok());
    EXPECT_EQ(ReasonOf(TryCreate(fields).status()), reason::ERROR_REASON_DUPLICATE_RECORD)
        << identifier;
    const pb::Child other = Create("family_name: 'y'");
    EXPECT_EQ(ReasonOf(Update(other, identifier).status()), reason::ERROR_REASON_DUPLICATE_RECORD);
  }
  EXPECT_TRUE(TryCreate("family_name: 'x' birth_date { year: 2015 month: 3 day: 4 }").ok());
}

TEST_F(ChildrenTest, AnotherBoroughsChildDoesNotExistHere) {
  const pb::Child child = Create("family_name: 'Inventado'");
  harness_.boroughs = {"camden"};
  const absl::Status foreign = Get(child.name()).status();
  EXPECT_EQ(foreign.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Update(child, "given_name: 'x'").status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(List(), IsEmpty());
}

TEST_F(ChildrenTest, AnUpdateChangesWhatItsMaskNames) {
  const pb::Child child = Create("family_name: 'Inventado' given_name: 'Ada' other_names: 'Addie'");
  const auto renamed = Update(child, "given_name: 'Grace' restricted: true");
  ASSERT_TRUE(renamed.ok()) << renamed.status();
  EXPECT_EQ(renamed->given_name(), "Grace");
  EXPECT_EQ(renamed->family_name(), "Inventado");
  EXPECT_FALSE(renamed->restricted());
  EXPECT_EQ(renamed->etag(), "\"2\"");
  EXPECT_EQ(EventOf<pb::ChildChanged>(0, "referrals.child_changed", child.name()).revision(), 2);
  const auto cleared = Update(*renamed, "", "other_names");
  ASSERT_TRUE(cleared.ok()) << cleared.status();
  EXPECT_THAT(cleared->other_names(), IsEmpty());
}

TEST_F(ChildrenTest, AnUpdateThatLeavesFaultsOrHasAnUnknownPathIsRefused) {
  const pb::Child child = Create("family_name: 'Inventado'");
  EXPECT_EQ(ReasonOf(Update(child, "", "family_name").status()),
            reason::ERROR_REASON_INVALID_FIELDS);
  EXPECT_EQ(ReasonOf(Update(child, "", "no_such_field").status()),
            reason::ERROR_REASON_INVALID_FIELDS);
}

TEST_F(ChildrenTest, AStaleEtagIsRefusedByEveryWrite) {
  pb::Child child = Create("family_name: 'Inventado'");
  pb::Child other = Create("family_name: 'Other'");
  ASSERT_TRUE(Update(child, "given_name: 'Ada'").ok());
  EXPECT_EQ(ReasonOf(Update(child, "given_name: 'Eve'").status()),
            reason::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(ReasonOf(Merge(child, other)), reason::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(ReasonOf(Merge(other, child)), reason::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(ReasonOf(Unmerge(other, child)), reason::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(ReasonOf(Restrict(child, {"ann.example"})), reason::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(ReasonOf(Lift(child)), reason::ERROR_REASON_ETAG_MISMATCH);
}

TEST_F(ChildrenTest, AListIsInTheOrderOfArrivalByPages) {
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) names.push_back(Create("family_name: 'Inventado'").name());
  EXPECT_EQ(List(), names);
  auto request = Parse<pb::ListChildrenRequest>("parent: 'boroughs/barnet' page_size: 2");
  const auto first = harness_.Run(children_, &Children::List, request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->children_size(), 2);
  EXPECT_THAT(List("page_size: 2 page_token: '" + first->next_page_token() + "'"),
              ElementsAre(names[2]));
}

TEST_F(ChildrenTest, AListCanBeOfAFamilyOfMergedOrOfRestrictedRecords) {
  pb::Child a = Create("family_name: 'Inventado' family_group: 'f1'");
  pb::Child b = Create("family_name: 'Inventado' family_group: 'f2'");
  pb::Child c = Create("family_name: 'Inventado'");
  EXPECT_THAT(List("family_group: 'f2'"), ElementsAre(b.name()));
  ASSERT_TRUE(Merge(a, c).ok());
  EXPECT_THAT(List(), ElementsAre(a.name(), b.name()));
  EXPECT_THAT(List("include_merged: true"), ElementsAre(a.name(), b.name(), c.name()));
  ASSERT_TRUE(Restrict(b, {"ann.example"}).ok());
  EXPECT_THAT(List("restricted: true"), ElementsAre(b.name()));
}

TEST_F(ChildrenTest, MergingAndPartingRestoreBothRecords) {
  const pb::Child first = Create("family_name: 'Inventado' nhs_number: '9990000018'");
  const pb::Child second = Create("family_name: 'Inventada' upn: 'B801200005001'");
  pb::Child survivor = first;
  pb::Child duplicate = second;
  ASSERT_TRUE(Merge(survivor, duplicate).ok());
  const auto merged = EventOf<pb::ChildrenMerged>(0, "referrals.children_merged", survivor.name());
  EXPECT_EQ(merged.duplicate(), duplicate.name());
  EXPECT_EQ(harness_.entries.size(), 2u);
  EXPECT_EQ(Get(duplicate.name())->merged_into(), survivor.name());
  EXPECT_EQ(ReasonOf(Update(duplicate, "given_name: 'x'").status()),
            reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  EXPECT_EQ(ReasonOf(Merge(survivor, duplicate)), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);

  ASSERT_TRUE(Unmerge(survivor, duplicate).ok());
  EXPECT_EQ(
      EventOf<pb::ChildrenUnmerged>(0, "referrals.children_unmerged", survivor.name()).duplicate(),
      duplicate.name());
  EXPECT_EQ(ReasonOf(Unmerge(survivor, duplicate)), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  const auto as_recorded = [](pb::Child child) {
    child.clear_etag();
    child.clear_update_time();
    child.clear_merge_reason();
    return child.DebugString();
  };
  EXPECT_EQ(as_recorded(*Get(survivor.name())), as_recorded(first));
  EXPECT_EQ(as_recorded(*Get(duplicate.name())), as_recorded(second));
}

TEST_F(ChildrenTest, ARecordIsNotMergedIntoItself) {
  pb::Child child = Create("family_name: 'Inventado'");
  pb::Child same = child;
  EXPECT_EQ(ReasonOf(Merge(child, same)), reason::ERROR_REASON_INVALID_FIELDS);
  EXPECT_EQ(ReasonOf(Unmerge(child, same)), reason::ERROR_REASON_INVALID_FIELDS);
}

TEST_F(ChildrenTest, TheSurvivorMayTakeTheDuplicatesIdentifierAndKeepsItFromBeingPartedTwice) {
  pb::Child survivor = Create("family_name: 'Inventado'");
  pb::Child duplicate = Create("family_name: 'Inventado' nhs_number: '9990000018'");
  ASSERT_TRUE(Merge(survivor, duplicate).ok());
  survivor = *Update(survivor, "nhs_number: '9990000018'");
  EXPECT_EQ(ReasonOf(Unmerge(survivor, duplicate)), reason::ERROR_REASON_DUPLICATE_RECORD);
  survivor = *Update(survivor, "", "nhs_number");
  EXPECT_TRUE(Unmerge(survivor, duplicate).ok());
}

TEST_F(ChildrenTest, TheNamesOfAChildFollowAChainOfMerges) {
  pb::Child a = Create("family_name: 'A'");
  pb::Child b = Create("family_name: 'B'");
  pb::Child c = Create("family_name: 'C'");
  ASSERT_TRUE(Merge(b, a).ok());
  ASSERT_TRUE(Merge(c, b).ok());
  for (const pb::Child* child : {&a, &b, &c}) {
    EXPECT_THAT(domain::NamesOfChild(harness_.Database(), child->name()),
                ::testing::Property(&absl::StatusOr<std::vector<std::string>>::value,
                                    ElementsAre(c.name(), a.name(), b.name())));
  }
  ASSERT_TRUE(Unmerge(c, b).ok());
  EXPECT_THAT(*domain::NamesOfChild(harness_.Database(), a.name()),
              ElementsAre(b.name(), a.name()));
  EXPECT_THAT(*domain::NamesOfChild(harness_.Database(), c.name()), ElementsAre(c.name()));
}

TEST_F(ChildrenTest, ARestrictedChildDoesNotExistForOthers) {
  pb::Child child = Create("family_name: 'Inventado'");
  pb::Child open = Create("family_name: 'Other'");
  ASSERT_TRUE(Restrict(child, {"ann.example", "cal.example"}).ok());
  EXPECT_TRUE(EventOf<pb::ChildChanged>(0, "referrals.child_changed", child.name()).restricted());
  EXPECT_TRUE(Get(child.name()).ok());
  for (const char* person : {"bob.example", ""}) {
    harness_.caller.person = person;
    const absl::Status hidden = Get(child.name()).status();
    EXPECT_EQ(hidden.code(), absl::StatusCode::kPermissionDenied);
    EXPECT_THAT(harness_.disclosed, IsEmpty());
    EXPECT_THAT(List(), ElementsAre(open.name()));
    EXPECT_THAT(List("restricted: true"), IsEmpty());
    // Not even a wrong etag tells that there is something.
    pb::Child guessed = child;
    guessed.set_etag("\"77\"");
    EXPECT_EQ(Update(guessed, "given_name: 'x'").status().code(),
              absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(Merge(open, guessed).code(), absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(Unmerge(open, guessed).code(), absl::StatusCode::kPermissionDenied);
  }
  harness_.caller.person = "cal.example";
  EXPECT_TRUE(Get(child.name()).ok());
  EXPECT_THAT(List(), ElementsAre(child.name(), open.name()));
}

TEST_F(ChildrenTest, AHiddenAndAnAbsentChildAreRefusedAlike) {
  pb::Child child = Create("family_name: 'Inventado'");
  ASSERT_TRUE(Restrict(child, {"ann.example"}).ok());
  harness_.caller.person = "bob.example";
  std::string absent = child.name();
  absent.back() = absent.back() == '0' ? '1' : '0';
  std::string hidden_text(Get(child.name()).status().ToString());
  std::string absent_text(Get(absent).status().ToString());
  const auto without = [](std::string text, const std::string& name) {
    for (size_t at; (at = text.find(name)) != std::string::npos;) text.replace(at, name.size(), "");
    return text;
  };
  EXPECT_EQ(without(hidden_text, child.name()), without(absent_text, absent));
}

TEST_F(ChildrenTest, TheSurvivorsRestrictionCoversWhatIsMergedIntoIt) {
  pb::Child survivor = Create("family_name: 'Inventado'");
  pb::Child duplicate = Create("family_name: 'Inventado'");
  ASSERT_TRUE(Merge(survivor, duplicate).ok());
  ASSERT_TRUE(Restrict(survivor, {"ann.example"}).ok());
  EXPECT_TRUE(Get(duplicate.name()).ok());
  harness_.caller.person = "bob.example";
  EXPECT_EQ(Get(duplicate.name()).status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(List("include_merged: true"), IsEmpty());
}

TEST_F(ChildrenTest, AHolderOfThePermissionMayTakeARestrictionOverOrLiftIt) {
  pb::Child child = Create("family_name: 'Inventado'");
  ASSERT_TRUE(Restrict(child, {"ann.example"}).ok());
  harness_.caller.person = "bob.example";
  EXPECT_EQ(ReasonOf(Restrict(child, {"ann.example"})), reason::ERROR_REASON_RULE_NOT_MET);
  ASSERT_TRUE(Restrict(child, {"bob.example"}).ok());
  EXPECT_TRUE(Get(child.name()).ok());
  harness_.caller.person = "cal.example";
  ASSERT_TRUE(Lift(child).ok());
  EXPECT_TRUE(Get(child.name()).ok());
  EXPECT_EQ(ReasonOf(Lift(child)), reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
}

TEST_F(ChildrenTest, AMergedRecordIsNotRestrictedAndARestrictedOneNotMergedIntoAnOpenOne) {
  pb::Child open = Create("family_name: 'Inventado'");
  pb::Child restricted = Create("family_name: 'Inventado'");
  pb::Child merged = Create("family_name: 'Inventado'");
  ASSERT_TRUE(Merge(open, merged).ok());
  EXPECT_EQ(ReasonOf(Restrict(merged, {"ann.example"})),
            reason::ERROR_REASON_TRANSITION_NOT_ALLOWED);
  ASSERT_TRUE(Restrict(restricted, {"ann.example"}).ok());
  EXPECT_EQ(ReasonOf(Merge(open, restricted)), reason::ERROR_REASON_RULE_NOT_MET);
}

}  // namespace
}  // namespace lscp::referrals
