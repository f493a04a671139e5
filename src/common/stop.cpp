#include <feedline/common/errors.hpp>
#include <feedline/common/stop.hpp>

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace feedline {
namespace {

std::atomic<bool> requested{false};
std::atomic<int> descriptor{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler may only touch lock-free atomics");

void on_signal(int number) {
  const int saved_errno = errno;
  if (requested.exchange(true) && number == SIGINT) _exit(128 + SIGINT);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(descriptor.load(), &one, sizeof one);
  errno = saved_errno;
}

}  // namespace

bool stop_requested() noexcept {
  return requested.load(std::memory_order_relaxed);
}

int stop_descriptor() noexcept {
  return descriptor.load();
}

void install_stop_signals() {
  if (descriptor.load() < 0) {
    descriptor.store(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (descriptor.load() < 0) throw_errno("Cannot make an eventfd for the stop signals");
  }
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGTERM, SIGUSR1, SIGINT}) sigaction(number, &action, nullptr);
}

}  // namespace feedline
