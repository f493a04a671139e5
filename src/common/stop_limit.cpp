#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/stop.hpp>
#include <feedline/common/stop_limit.hpp>

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace feedline {
namespace {

constexpr int kTickMs = 100;
constexpr double kTickSeconds = 0.1;
constexpr double kLeast = 60;
constexpr double kTimesLonger = 20;

std::int64_t now_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

[[noreturn]] void await_end() noexcept {
  for (;;) ::pause();
}

}  // namespace

StopLimit::Work::Work(StopLimit* limit, const char* what, std::uint64_t number) noexcept : limit_(limit) {
  if (limit_ == nullptr) return;
  limit_->begin_ = now_ns();
  limit_->number_.store(number, std::memory_order_relaxed);
  limit_->what_.store(what, std::memory_order_relaxed);
  limit_->turns_.fetch_add(1, std::memory_order_release);
}

StopLimit::Work::~Work() {
  if (limit_ == nullptr) return;
  if ((limit_->turns_.fetch_add(1, std::memory_order_acq_rel) & kEnding) != 0) await_end();
  const std::int64_t took = now_ns() - limit_->begin_;
  if (took > limit_->longest_.load(std::memory_order_relaxed))
    limit_->longest_.store(took, std::memory_order_relaxed);
}

StopLimit::StopLimit(std::optional<double> seconds, End on_end)
    : seconds_(seconds), on_end_(std::move(on_end)), over_(eventfd(0, EFD_CLOEXEC)) {
  if (!over_) throw_errno("Cannot make an eventfd for the limit of a stop");
  thread_ = std::thread([this] { run(); });
}

StopLimit::~StopLimit() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(over_.get(), &one, sizeof one);
  thread_.join();
}

/// Waits for that time, or for a stop request if `for_stop`; returns whether this thread is to end.
bool StopLimit::wait(int milliseconds, bool for_stop) const {
  std::array<pollfd, 2> fds = {{{over_.get(), POLLIN, 0}, {stop_descriptor(), POLLIN, 0}}};
  return ::poll(fds.data(), for_stop ? 2 : 1, milliseconds) > 0 && fds[0].revents != 0;
}

double StopLimit::limit() const noexcept {
  return seconds_.value_or(std::max(kLeast, kTimesLonger * 1e-9 * static_cast<double>(longest_.load())));
}

void StopLimit::run() {
  while (!stop_requested()) {
    if (wait(-1, true)) return;
  }
  std::uint64_t last = 0;
  for (int quiet = 0;; ++quiet) {
    std::uint64_t turn = turns_.load();
    const bool works = turn % 2 == 1;
    if (!works || turn != last) quiet = 0;
    last = turn;
    if (quiet * kTickSeconds > limit() && turns_.compare_exchange_strong(turn, turn | kEnding)) {
      on_end_(fmt::format(fmt::runtime(what_.load()), number_.load()), quiet * kTickSeconds);
      return;
    }
    if (wait(kTickMs, false)) return;
  }
}

}  // namespace feedline
