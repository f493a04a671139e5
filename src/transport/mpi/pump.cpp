#include "pump.hpp"

#include <exception>
#include <utility>

namespace feedline {
namespace {

/// Longest pause between two looks at MPI, reached after as long without news: a waiting rank then uses well
/// under 2 % of a core.
constexpr std::chrono::milliseconds kLongestPause{8};

/// Turns without news before the first pause: even the shortest sleep lasts as long as many of them.
constexpr int kEagerTurns = 50;

constexpr double kPatience = 1;

}  // namespace

Pump::Pump(std::shared_ptr<SlotRing> ring, Messenger& messenger, int peer, double silence_timeout)
    : ring_(std::move(ring)),
      messenger_(messenger),
      peer_(peer),
      control_(messenger, peer, silence_timeout) {}

void Pump::start() {
  control_.start();
  thread_ = std::thread([this] { run(); });
}

void Pump::join() noexcept {
  if (thread_.joinable()) thread_.join();
}

void Pump::run() noexcept {
  try {
    turn_until_over();
  } catch (const std::exception& error) {
    // A peer that died breaks messages on their way before the kernel tells of its death, and whoever learns
    // that may have better to do than to end the stream.
    const Deadline soon = Deadline::in(kPatience);
    while (!gave_up() && !soon.passed()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (!gave_up()) lose_peer(error.what());
    abandon();
    return;
  }
  if (!settled()) abandon();
}

void Pump::turn_until_over() {
  Backoff backoff(kLongestPause);
  int idle_turns = 0;
  while (!(control_.over() && settled()) && !gave_up()) {
    const std::uint32_t ticket = awaited_end().ticket();
    if (turn()) {
      backoff.reset();
      idle_turns = 0;
    } else if (++idle_turns > kEagerTurns) {
      awaited_end().wait(ticket, backoff.next());
    }
  }
}

}  // namespace feedline
