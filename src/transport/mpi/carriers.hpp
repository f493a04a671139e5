#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/transport/channel.hpp>

#include <cstdint>
#include <optional>

namespace feedline {

/// How batches leave from the slots of a ring. One thread, the pump's; nothing here blocks. All of it throws
/// PeerError when the peer is gone or the way to it is.
class Outbound {
 public:
  virtual ~Outbound() = default;

  /// Whether one more can be begun.
  virtual bool room() const noexcept = 0;

  /// Begins to send a batch: the next one, or one that was sent before. The slot must stay as it is until
  /// `left` has counted it; the other until the peer has answered.
  virtual void send(const Slot& slot) = 0;
  virtual void send_again(const Slot& slot) = 0;

  /// Moves on what is under way; how many batches, in order, no longer need their slots since the last call.
  virtual std::uint64_t left() = 0;

  /// Whether nothing is under way, but for what is sent again.
  virtual bool idle() const noexcept = 0;

  /// Gives up what is under way: the peer is gone. The last call; does not take long.
  virtual void abandon() noexcept {}

  /// Any thread.
  virtual DeviceTimes device_times() const noexcept { return {}; }

  /// Bytes that have left so far, where that is not what the slots hold. Any thread.
  virtual std::optional<std::uint64_t> bytes_out() const noexcept { return std::nullopt; }
};

/// How batches come into the slots of a ring. The same rules.
class Inbound {
 public:
  virtual ~Inbound() = default;

  /// The next batch that is announced to nobody yet goes there. Credit for it may be given afterwards.
  virtual void expect(const Slot& slot) = 0;

  /// Takes the last expectation back: nothing was sent for it, and nothing will be.
  virtual void expect_less() = 0;

  /// Moves on what is under way; how many batches, in order, have arrived since the last call.
  virtual std::uint64_t arrived() = 0;

  /// The same for a batch that comes once more.
  virtual void expect_again(std::uint64_t sequence, const Slot& slot) = 0;
  virtual bool again_arrived() = 0;

  /// Of the first `released` batches, which the user has given back, how many have slots that may be written.
  virtual std::uint64_t reusable(std::uint64_t released) { return released; }

  /// Gives up what is under way: the peer is gone. The last call; does not take long.
  virtual void abandon() noexcept {}
};

}  // namespace feedline
