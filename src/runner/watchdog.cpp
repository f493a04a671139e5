#include "watchdog.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/process_state.hpp>
#include <feedline/common/stop.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace feedline {
namespace {

constexpr int kTickMs = 200;
constexpr int kTicksPerSecond = 1000 / kTickMs;
constexpr int kSignOfLife = 10 * kTicksPerSecond;
constexpr int kBatchFromData = 120 * kTicksPerSecond;
constexpr int kBatchTaken = 600 * kTicksPerSecond;
constexpr int kTimesLonger = 20;

std::string seconds(int ticks) {
  return format_duration(static_cast<double>(ticks) / kTicksPerSecond);
}

}  // namespace

void Watchdog::Pace::look(std::uint64_t now, bool expected) noexcept {
  if (now != last || !expected) {
    if (now != last && expected) longest = std::max(longest, quiet);
    changed = changed || now != last;
    last = now;
    quiet = 0;
  } else {
    ++quiet;
  }
}

Watchdog::Watchdog(ChannelControl& channel, Counterpart other, std::optional<double> hang_timeout,
                   std::function<void(const std::string&)> on_hang)
    : channel_(channel),
      other_(std::move(other)),
      hang_timeout_(hang_timeout),
      on_hang_(std::move(on_hang)),
      trains_(!other_.trains),
      over_(eventfd(0, EFD_CLOEXEC)) {
  if (!over_) throw_errno("Cannot make an eventfd for the watch over the other rank");
  thread_ = std::thread([this] { run(); });
}

Watchdog::~Watchdog() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(over_.get(), &one, sizeof one);
  thread_.join();
}

void Watchdog::run() {
  std::array<pollfd, 2> fds = {{{over_.get(), POLLIN, 0}, {stop_descriptor(), POLLIN, 0}}};
  for (;;) {
    tick();
    const int ready = ::poll(fds.data(), stopping_ ? 1 : fds.size(), kTickMs);
    if (ready > 0 && fds[0].revents != 0) return;
    if (!stopping_ && stop_requested()) stop();
  }
}

void Watchdog::stop() {
  stopping_ = true;
  channel_.ask_stop();
}

void Watchdog::tick() {
  channel_.beat();
  const ChannelView now = channel_.view();
  if (trains_ && now.stopping && !stopping_) request_stop();  // what does not end after it is for a StopLimit
  if (told_ || !now.open) return;
  const auto hang = find_hang(now);
  if (!hang) return;
  told_ = true;
  tell_state(now);
  on_hang_(*hang);
}

/// The longest wait for one batch, in ticks, that is no hang.
int Watchdog::patience() const noexcept {
  // It is to find out first who holds it up, or that it does not end.
  const int times = 1 + (other_.waits_for_others ? 1 : 0) + (yields_ ? 1 : 0);
  if (hang_timeout_) return times * static_cast<int>(*hang_timeout_ * kTicksPerSecond);
  const int least = trains_ && progress_.changed ? kBatchFromData : kBatchTaken;
  return times * std::max(least, kTimesLonger * progress_.longest);
}

std::optional<std::string> Watchdog::find_hang(const ChannelView& now) {
  // Data is awaited when all that is there has been taken; room, when the ring is full, or all is published.
  const bool awaits = trains_ ? !now.finished && now.published == now.released
                              : now.published == now.released + now.depth || now.finished;
  // Who has published all may be gone before the last batch is used.
  const bool alive = other_.beats && now.beats && !(trains_ && now.finished);
  progress_.look(trains_ ? now.published : now.released, awaits);
  if (!trains_ && (stopping_ || now.stopping) && !std::exchange(yields_, true)) progress_.quiet = 0;
  life_.look(now.beats.value_or(0), alive);
  const int silence = hang_timeout_ ? static_cast<int>(*hang_timeout_ * kTicksPerSecond) : kSignOfLife;
  const std::string awaited = trains_ ? fmt::format("batch {} from it", now.published)
                                      : fmt::format("it to take batch {}", now.released);
  if (life_.quiet > silence) {
    return fmt::format("{} hangs: no sign of life for {} while this rank waited for {}.", other_.name,
                       seconds(life_.quiet), awaited);
  }
  if (progress_.quiet > patience()) {
    return fmt::format("{} hangs: this rank has waited {} for {}; the longest wait before was {}.",
                       other_.name, seconds(progress_.quiet), awaited, seconds(progress_.longest));
  }
  return std::nullopt;
}

void Watchdog::tell_state(const ChannelView& now) const {
  log_info(fmt::format("The channel: {} batches published, {} released, room for {}; threads of {}:",
                       now.published, now.released, now.depth, other_.name));
  for (const std::string& line : describe_threads(other_.pid != 0 ? other_.pid : getpid()))
    log_info("  " + line);
}

}  // namespace feedline
