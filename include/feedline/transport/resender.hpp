#pragma once

#include <feedline/batch/slot.hpp>

#include <cstdint>
#include <optional>

namespace feedline {

/// The part of a sender that sends a batch again when it arrived damaged. Thread rule: one thread, which may
/// differ from the one that calls `BatchSender::acquire`.
class Resender {
 public:
  virtual ~Resender() = default;

  /// The kind of checksum that rows need, by which the receiver finds the damage; not kNone.
  virtual ChecksumKind checks() const noexcept = 0;

  /// The batch that is requested again, if any.
  virtual std::optional<std::uint64_t> resend_request() const noexcept = 0;

  /// Returns the slot in which to make the requested batch.
  virtual Slot resend_slot(std::uint64_t sequence) = 0;

  /// Hands the batch in that slot to the receiver.
  virtual void publish_resend() = 0;
};

}  // namespace feedline
