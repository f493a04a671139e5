#include <feedline/common/stop.hpp>

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace feedline {
namespace {

std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void on_signal(int number) {
  if (requested.exchange(true) && number == SIGINT) _exit(128 + SIGINT);
}

}  // namespace

bool stop_requested() noexcept {
  return requested.load(std::memory_order_relaxed);
}

void install_stop_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGTERM, SIGUSR1, SIGINT}) sigaction(number, &action, nullptr);
}

}  // namespace feedline
