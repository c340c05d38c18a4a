#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "common/journal/chain.h"
#include "common/journal/transaction.h"
#include "common/testing/mariadb.h"

namespace lscp::testing {

// Waits until `done`; false if that takes longer than anything should.
inline bool Eventually(const std::function<bool()>& done) {
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (!done()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

inline Call MakeCall(std::string person = "a-person") {
  Call call;
  call.caller.agency = "an-agency";
  call.caller.person = std::move(person);
  call.caller.purpose = "test";
  call.method = "test.v1.Things/Change";
  call.borough = "northborough";
  call.trace_id = std::string(32, 'a');
  call.now = absl::Now();
  call.deadline = call.now + absl::Seconds(60);
  return call;
}

inline std::string DigestOf(char letter) { return std::string(32, letter); }

// A mutation that records one resource and replies "reply to NAME".
inline std::function<absl::StatusOr<std::string>(Transaction&)> Changes(std::string resource,
                                                                        int64_t revision) {
  return [resource, revision](Transaction& transaction) -> absl::StatusOr<std::string> {
    transaction.Record({resource, revision, "document of " + resource,
                        Event{"test.Changed", resource, "event of " + resource}});
    return "reply to " + resource;
  };
}

// Runs a mutation without a request_id and expects it to succeed.
inline void Change(db::Session& session, const std::string& resource, int64_t revision) {
  bool replayed;
  const auto reply =
      RunMutation(session, MakeCall(), RequestKey(), Changes(resource, revision), &replayed);
  EXPECT_TRUE(reply.ok()) << reply.status();
}

// The number that a query gives.
inline int64_t NumberOf(db::Connection& connection, const std::string& query) {
  const auto rows = connection.Query(query, {});
  EXPECT_TRUE(rows.ok()) << rows.status();
  return rows.ok() && !rows->empty() ? rows->front().Int(0) : -1;
}

// Runs a statement as the schema's owner, who may do what the server may not.
inline void RunAsOwner(const TestDatabase& database, const std::string& statement) {
  const auto owner = database.database().ConnectAsOwner();
  ASSERT_TRUE(owner.ok()) << owner.status();
  const absl::Status status = (*owner)->Run(statement);
  ASSERT_TRUE(status.ok()) << status;
}

// As if nothing had ever been written.
inline void Clear(const TestDatabase& database) {
  for (const char* table : {"journal", "disclosures", "journal_seal", "disclosure_seal",
                            "sequencer_settled", "leases", "event_progress"}) {
    RunAsOwner(database, std::string("TRUNCATE ") + table);
  }
}

// A transaction that has written its journal row and takes its time to end.
inline absl::Status InsertWithoutCommit(db::Connection& connection, const std::string& resource,
                                        int64_t revision) {
  return connection
      .Execute(
          "INSERT INTO journal (at, borough, agency, person, purpose, method, trace_id, resource, "
          "revision, content_digest, payload) VALUES (utc_timestamp(6), 'b', 'a', '', 'test', 'm', "
          "REPEAT('b', 32), ?, ?, ?, 'p')",
          {resource, revision, ContentDigest("p", std::nullopt, std::nullopt)})
      .status();
}

}  // namespace lscp::testing
