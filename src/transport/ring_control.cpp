#include <feedline/transport/ring_control.hpp>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstring>

namespace feedline {
namespace {

/// Returns the number of bytes of `text` that fit into `room` without cutting a UTF-8 character.
std::size_t fitting_length(const char* text, std::size_t room) noexcept {
  std::size_t length = std::strlen(text);
  if (length <= room) return length;
  length = room;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  return length;
}

}  // namespace

void RingEnd::set_count(std::uint64_t count) noexcept {
  count_.store(count, std::memory_order_release);
  wake();
}

void RingEnd::set_state(EndState state, ExitCode code, const char* message) noexcept {
  if (state == EndState::kFailed || state == EndState::kLost) {
    Reason& reason = state == EndState::kLost ? lost_ : failed_;
    if (reason.taken.exchange(1, std::memory_order_acq_rel) != 0) return;
    reason.code = static_cast<std::int32_t>(code);
    std::copy_n(message, fitting_length(message, reason.message.size() - 1), reason.message.begin());
  }
  auto open = static_cast<std::uint32_t>(EndState::kOpen);
  state_.compare_exchange_strong(open, static_cast<std::uint32_t>(state), std::memory_order_acq_rel);
  wake();
}

void RingEnd::take_over() noexcept {
  beats_.store(kNoBeats, std::memory_order_relaxed);
  lost_.taken.store(0, std::memory_order_relaxed);
  state_.store(static_cast<std::uint32_t>(EndState::kOpen), std::memory_order_release);
  wake();
}

// The event is raised before the waiters are read, and a waiter counts itself before it reads the event. So
// one of the two sees the other, a wake-up is never lost, and the kernel is not called when nobody waits.
void RingEnd::wake() noexcept {
  event_.fetch_add(1, std::memory_order_seq_cst);
  if (waiters_.load(std::memory_order_seq_cst) == 0) return;
  syscall(SYS_futex, &event_, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void RingEnd::wait(std::uint32_t ticket, Clock::duration longest) noexcept {
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(longest).count();
  timespec timeout{};
  timeout.tv_sec = nanoseconds / 1'000'000'000;
  timeout.tv_nsec = nanoseconds % 1'000'000'000;
  waiters_.fetch_add(1, std::memory_order_seq_cst);
  if (event_.load(std::memory_order_seq_cst) == ticket) {
    syscall(SYS_futex, &event_, FUTEX_WAIT, ticket, &timeout, nullptr, 0);
  }
  waiters_.fetch_sub(1, std::memory_order_seq_cst);
}

}  // namespace feedline
