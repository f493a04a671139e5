#include "pump.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>

#include <exception>
#include <utility>

namespace feedline {
namespace {

/// Longest pause between two looks at MPI. It is reached after an equally long time without news; a waiting
/// rank then uses well under 2 % of a core.
constexpr std::chrono::milliseconds kLongestPause{8};

/// Turns without news before the first pause: even the shortest sleep lasts as long as many turns.
constexpr int kEagerTurns = 50;

constexpr double kPatience = 1;
constexpr std::chrono::milliseconds kLook{5};

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
  } catch (const PeerError& error) {
    return after_loss(error.what());
  } catch (const Error& error) {
    return after_own_failure(error);
  } catch (const std::exception& error) {
    return after_loss(error.what());
  }
  if (!settled()) abandon();
}

/// Ends the stream after a loss, with some delay: messages of a dead peer break before the kernel reports its
/// death, and the code that learns of the death may choose not to end the stream.
void Pump::after_loss(const std::string& message) noexcept {
  const Deadline soon = Deadline::in(kPatience);
  while (!gave_up() && !soon.passed()) std::this_thread::sleep_for(kLook);
  if (!gave_up()) lose_peer(message);
  abandon();
}

/// Reports the failure to both ends: the peer is alive and must not take this rank for lost.
void Pump::after_own_failure(const Error& error) noexcept {
  log_error(error.what());
  fail_user(error.code(), error.what());
  try {
    ControlMessage broken = make_failure_message(error.code(), error.what());
    broken.kind = ControlMessage::kBroken;
    control_.send(broken);
    for (const Deadline soon = Deadline::in(kPatience); !control_.all_sent() && !soon.passed();) {
      control_.poll();
      std::this_thread::sleep_for(kLook);
    }
  } catch (const std::exception&) {  // the peer is gone as well
  }
  abandon();
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
