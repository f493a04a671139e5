#pragma once

#include "control_link.hpp"

#include <feedline/transport/slot_ring.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace feedline {

/// The thread at one end of an MPI channel that moves slots between a ring and MPI. While it runs, the pumps
/// of other channels may call MPI as well, and nobody else. Derived classes define one turn.
class Pump {
 public:
  Pump(std::shared_ptr<SlotRing> ring, Messenger& messenger, int peer, double silence_timeout);
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;
  virtual ~Pump() = default;

  void start();

  /// Blocks until the channel is over or given up. Called once, or again by the same thread.
  void join() noexcept;

  /// Ends the thread without a last message because the peer is gone. Transfers in progress stay as they are.
  void give_up() noexcept { given_up_.store(true, std::memory_order_release); }

 protected:
  /// Runs one turn; returns whether anything moved.
  virtual bool turn() = 0;

  /// Called when the peer failed, is lost or broke the protocol: wakes the ring's other end.
  virtual void lose_peer(const std::string& message) noexcept = 0;

  /// Called when a device failed, here or at the peer: notifies the user of this end of the ring.
  virtual void fail_user(ExitCode code, const std::string& message) noexcept = 0;

  /// Handles a failure of the peer's device: the pump gives up.
  void obey_broken(const ControlMessage& word) noexcept {
    fail_user(static_cast<ExitCode>(word.code), word.text.data());
    give_up();
  }

  /// The end of the ring whose changes this pump waits for.
  virtual RingEnd& awaited_end() noexcept = 0;

  /// Whether no batch is in transit any more.
  virtual bool settled() const noexcept = 0;

  /// Called last, after a failure or with a batch still in transit.
  virtual void abandon() noexcept = 0;

  std::shared_ptr<SlotRing> ring_;
  Messenger& messenger_;
  int peer_;
  ControlLink control_;

 private:
  void run() noexcept;
  void after_loss(const std::string& message) noexcept;
  void after_own_failure(const Error& error) noexcept;
  void turn_until_over();
  bool gave_up() const noexcept { return given_up_.load(std::memory_order_acquire); }

  std::atomic<bool> given_up_{false};
  std::thread thread_;
};

}  // namespace feedline
