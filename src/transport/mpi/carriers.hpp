#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/transport/channel_control.hpp>

#include <cstdint>
#include <optional>

namespace feedline {

/// Carries batches out of the slots of a ring. One thread, the pump's; no call blocks. Every call throws
/// PeerError when the peer or the connection to it is gone.
class Outbound {
 public:
  virtual ~Outbound() = default;

  /// Whether another transfer can begin.
  virtual bool room() const noexcept = 0;

  /// Begin to send a batch: the next one, or one that was sent before. A slot given to `send` must stay
  /// unchanged until `left` has counted it; one given to `send_again`, until the peer has answered.
  virtual void send(const Slot& slot) = 0;
  virtual void send_again(const Slot& slot) = 0;

  /// Advances the transfers in progress. Returns how many batches, in order, have stopped needing their slots
  /// since the last call.
  virtual std::uint64_t left() = 0;

  /// Whether no transfer is in progress, other than of a batch that is sent again.
  virtual bool idle() const noexcept = 0;

  /// Gives up all transfers in progress because the peer is gone. The last call; it does not take long.
  virtual void abandon() noexcept {}

  /// Any thread.
  virtual DeviceTimes device_times() const noexcept { return {}; }

  /// Bytes that have left so far, where they differ from the contents of the slots. Any thread.
  virtual std::optional<std::uint64_t> bytes_out() const noexcept { return std::nullopt; }
};

/// Carries batches into the slots of a ring. The same rules apply.
class Inbound {
 public:
  virtual ~Inbound() = default;

  /// Makes `slot` the destination of the next batch that has no destination yet. Credit for it may be given
  /// afterwards.
  virtual void expect(const Slot& slot) = 0;

  /// Withdraws the last expectation: nothing was sent for it, and nothing will be.
  virtual void expect_less() = 0;

  /// Advances the transfers in progress. Returns how many batches, in order, have arrived since the last
  /// call.
  virtual std::uint64_t arrived() = 0;

  /// The same for a batch that is sent again.
  virtual void expect_again(std::uint64_t sequence, const Slot& slot) = 0;
  virtual bool again_arrived() = 0;

  /// Returns how many of the first `released` batches, which the user has given back, have slots that may be
  /// overwritten.
  virtual std::uint64_t reusable(std::uint64_t released) { return released; }

  /// Gives up all transfers in progress because the peer is gone. The last call; it does not take long.
  virtual void abandon() noexcept {}
};

}  // namespace feedline
