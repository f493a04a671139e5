#pragma once

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <utility>

namespace feedline::testing {

/// A fork of the test that runs `work` and exits with the number it returns; killed when it outlives the
/// object.
class ChildProcess {
 public:
  template <class Work>
  explicit ChildProcess(Work work) {
    std::fflush(nullptr);
    pid_ = fork();
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int status = kThrew;
    try {
      status = work();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
    }
    _exit(status);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    wait();
  }

  int pid() const noexcept { return pid_; }
  void kill(int signal) const noexcept { ::kill(pid_, signal); }

  /// The exit status; minus the signal when one ended it.
  int wait() noexcept {
    int status = 0;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  static constexpr int kThrew = 99;

 private:
  int pid_ = -1;
};

}  // namespace feedline::testing
