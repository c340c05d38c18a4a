#include "gateway/method_table.h"

#include <fstream>

#include "gateway/test_contract.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lscp::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(MethodTable, AMethodIsFoundByItsPathWithItsRule) {
  const MethodTable table = TestMethods();
  const Method* get = table.Find("/example.v1.Things/Get");
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(get->package, "example.v1");
  EXPECT_EQ(get->service, "example.v1.Things");
  EXPECT_EQ(get->name, "Get");
  EXPECT_EQ(get->rule.permission(), "things.get");
  EXPECT_EQ(get->rule.scope(), "name");
  EXPECT_FALSE(get->streams());
  EXPECT_TRUE(table.Find("/example.v1.Things/Watch")->server_streams);
  EXPECT_FALSE(table.Find("/example.v1.Things/Watch")->client_streams);
  EXPECT_TRUE(table.Find("/example.v1.Things/Upload")->client_streams);
}

TEST(MethodTable, WhatServicesKeepAmongThemselvesIsNotInIt) {
  const MethodTable table = TestMethods();
  EXPECT_EQ(table.Find("/example.v1.Things/Deliver"), nullptr);
  EXPECT_EQ(table.Find("/example.v1.Things/NoSuch"), nullptr);
  EXPECT_EQ(table.Find(""), nullptr);
  EXPECT_THAT(table.services(), ElementsAre("example.v1.Things"));
}

TEST(MethodTable, AMethodWithoutARuleIsRefused) {
  auto files = TestContract();
  auto* service = files.mutable_file(files.file_size() - 1)->mutable_service(0);
  service->mutable_method(0)->clear_options();
  const auto table = MethodTable::Create(files);
  EXPECT_EQ(table.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(table.status().message()), HasSubstr("example.v1.Things.Get"));
}

TEST(MethodTable, ThePoolHoldsTheSuiteAndGrpcsOwnServices) {
  const MethodTable table = TestMethods();
  for (const char* name :
       {"example.v1.Things", "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"}) {
    EXPECT_NE(table.pool().FindServiceByName(name), nullptr) << name;
  }
}

TEST(MethodTable, TheSuitesOwnDescriptorSetIsLoaded) {
  const auto table = MethodTable::Load(LSCP_DESCRIPTOR_SET);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_NE(table->Find("/safeguarding.referrals.v1.ContactsService/SubmitContact"), nullptr);
  EXPECT_EQ(table->Find("/safeguarding.events.v1.EventSinkService/Deliver"), nullptr);
}

TEST(MethodTable, AFileThatIsNoDescriptorSetIsRefused) {
  EXPECT_FALSE(MethodTable::Load("/no/such/file").ok());
  const std::string file = testing::TempDir() + "/not_a_descriptor_set";
  std::ofstream(file) << "this is not one";
  EXPECT_FALSE(MethodTable::Load(file).ok());
}

}  // namespace
}  // namespace lscp::gateway
