#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lscp::testing {

// A child process that does not outlive this one, however this one ends. It leads a group of its
// own, for the processes that it starts itself. Its output goes to a file.
class ChildProcess {
 public:
  // Ends the process with a message when it can't be started.
  ChildProcess(std::vector<std::string> command, const std::string& output_file);
  // Kills it and its group, and reaps it.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  // Still running? Reaps it when it isn't.
  bool Running();
  // Sends the signal; nothing happens when it has ended.
  void Signal(int signal);
  // Waits for its end: the exit code, or minus the signal that ended it.
  int Wait();

 private:
  void Keep(const std::vector<std::string>& command, const std::string& output_file);

  std::mutex mutex_;
  std::condition_variable changed_;
  pid_t pid_ = 0;
  bool ended_ = false;
  int status_ = 0;
  bool released_ = false;
  std::thread keeper_;
};

}  // namespace lscp::testing
