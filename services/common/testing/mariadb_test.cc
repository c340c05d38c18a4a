#include "common/testing/mariadb.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "common/testing/process.h"

namespace lscp::testing {
namespace {

TEST(TestDatabase, IsItsOwnForEachTest) {
  const TestDatabase one;
  const TestDatabase other;
  EXPECT_NE(one.config().schema(), other.config().schema());
  ASSERT_TRUE(one.Connect()->Run("INSERT INTO event_progress VALUES ('somebody', 1)").ok());
  const auto rows = other.Connect()->Query("SELECT COUNT(*) FROM event_progress", {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ(rows->at(0).Int(0), 0);
}

TEST(TestDatabase, IsDroppedAtTheEnd) {
  db::Database database{{}};
  {
    const TestDatabase gone;
    database = gone.database();
    EXPECT_TRUE(database.ConnectAsOwner().ok());
  }
  EXPECT_FALSE(database.ConnectAsOwner().ok());
}

TEST(TestMariaDb, KeepsWhatWasCommittedWhenItIsKilled) {
  TestMariaDb server;
  const TestDatabase database({}, server);
  ASSERT_TRUE(database.Connect()->Run("INSERT INTO event_progress VALUES ('somebody', 1)").ok());
  server.Kill9();
  EXPECT_FALSE(database.database().Connect(db::Mode::kAutocommit).ok());
  server.Restart();
  const auto rows = database.Connect()->Query("SELECT pos FROM event_progress", {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ(rows->size(), 1u);
}

// Runs this in a process of its own, which starts a child, tells us its pid and crashes.
TEST(ChildProcess, DoesNotOutliveACrash) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t crashing = fork();
  if (crashing == 0) {
    ChildProcess child({"sleep", "600"}, "/dev/null");
    const pid_t pid = child.pid();
    if (write(pipe_ends[1], &pid, sizeof(pid)) != sizeof(pid)) _exit(1);
    raise(SIGKILL);
  }
  pid_t orphan = 0;
  ASSERT_EQ(read(pipe_ends[0], &orphan, sizeof(orphan)), ssize_t{sizeof(orphan)});
  ASSERT_EQ(waitpid(crashing, nullptr, 0), crashing);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  const std::string state_file = "/proc/" + std::to_string(orphan) + "/cmdline";
  // A zombie that nobody reaps (no init in a container) has no command line any more.
  const auto gone = [&] {
    FILE* const file = fopen(state_file.c_str(), "r");
    if (file == nullptr) return true;
    const bool empty = fgetc(file) == EOF;
    fclose(file);
    return empty;
  };
  while (!gone() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_TRUE(gone());
}

}  // namespace
}  // namespace lscp::testing
