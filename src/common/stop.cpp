#include <feedline/common/errors.hpp>
#include <feedline/common/stop.hpp>

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace feedline {
namespace {

std::atomic<bool> requested{false};
std::atomic<bool> signalled{false};  ///< Whether a signal requested the stop
std::atomic<int> descriptor{-1};
std::atomic<int> late_code{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler may only touch lock-free atomics");

/// Requests a stop. Async-signal-safe.
void ask() noexcept {
  const int saved_errno = errno;
  requested.store(true);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(descriptor.load(), &one, sizeof one);
  errno = saved_errno;
}

void on_signal(int number) {
  if (signalled.exchange(true) && number == SIGINT) _exit(128 + SIGINT);
  ask();
}

void on_late(int) {
  _exit(late_code.load());
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

bool is_ignored(int number) {
  struct sigaction action {};
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

void change_mask(int how) noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : kStopSignals) sigaddset(&set, number);
  pthread_sigmask(how, &set, nullptr);
}

}  // namespace

bool stop_requested() noexcept {
  return requested.load(std::memory_order_relaxed);
}

void request_stop() noexcept {
  ask();
}

int stop_descriptor() noexcept {
  return descriptor.load();
}

void install_stop_signals() {
  if (descriptor.load() < 0) {
    descriptor.store(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (descriptor.load() < 0) throw_errno("Cannot make an eventfd for the stop signals");
  }
  for (const int number : kStopSignals) {
    if (number != SIGHUP || !is_ignored(SIGHUP)) handle(number, on_signal);
  }
  handle(SIGPIPE, SIG_IGN);
  handle(SIGXFSZ, SIG_IGN);
  release_stop_signals();
}

void hold_stop_signals() noexcept {
  change_mask(SIG_BLOCK);
}

void release_stop_signals() noexcept {
  change_mask(SIG_UNBLOCK);
}

UniqueFd held_stop_signals() noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : kStopSignals) {
    if (!is_ignored(number))
      sigaddset(&set, number);  // an ignored signal is held as well, but requests nothing
  }
  return UniqueFd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

void end_process_in(unsigned seconds, ExitCode code) noexcept {
  late_code.store(static_cast<int>(code));
  handle(SIGALRM, on_late);
  alarm(seconds);
}

}  // namespace feedline
