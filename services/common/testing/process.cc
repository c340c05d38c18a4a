#include "common/testing/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace lscp::testing {
namespace {

// In the child: only calls that are safe after a fork of a threaded process.
[[noreturn]] void Become(char* const* arguments, const char* output_file, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  if (getppid() != parent) _exit(126);  // the parent ended before we could tell
  const int output = open(output_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execvp(arguments[0], arguments);
  _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> command, const std::string& output_file) {
  keeper_ = std::thread(
      [this, command = std::move(command), output_file] { Keep(command, output_file); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return pid_ != 0; });
}

ChildProcess::~ChildProcess() {
  {
    std::lock_guard lock(mutex_);
    if (!ended_) kill(-pid_, SIGKILL);
  }
  Wait();
  {
    std::lock_guard lock(mutex_);
    released_ = true;
  }
  changed_.notify_all();
  keeper_.join();
}

// The kernel ties a child to the thread that forked it, so that thread stays as long as the child
// is wanted.
void ChildProcess::Keep(const std::vector<std::string>& command, const std::string& output_file) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) Become(arguments.data(), output_file.c_str(), parent);
  if (child < 0) {
    std::perror("fork");
    std::abort();
  }
  setpgid(child, child);  // whichever of the two is first
  std::unique_lock lock(mutex_);
  pid_ = child;
  changed_.notify_all();
  changed_.wait(lock, [this] { return released_; });
}

bool ChildProcess::Running() {
  std::lock_guard lock(mutex_);
  if (!ended_) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  return !ended_;
}

void ChildProcess::Signal(int signal) {
  std::lock_guard lock(mutex_);
  if (!ended_) kill(pid_, signal);
}

int ChildProcess::Wait() {
  std::lock_guard lock(mutex_);
  if (!ended_) ended_ = waitpid(pid_, &status_, 0) == pid_;
  return WIFSIGNALED(status_) ? -WTERMSIG(status_) : WEXITSTATUS(status_);
}

}  // namespace lscp::testing
