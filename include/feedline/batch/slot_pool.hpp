#pragma once

#include <feedline/batch/slot.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace feedline {

/// `depth` slots in one block of memory with another owner. A batch's sequence determines its slot. Whether
/// the slot holds that batch is checked in the header, never assumed.
class SlotPool {
 public:
  SlotPool() = default;

  /// `memory` must be aligned to kSlotAlignment and have `bytes_needed(spec, depth)` bytes.
  SlotPool(std::span<std::byte> memory, BatchSpec spec, std::size_t depth)
      : memory_(memory), spec_(std::move(spec)), depth_(depth) {}

  static std::size_t bytes_needed(const BatchSpec& spec, std::size_t depth) noexcept {
    return spec.slot_bytes() * depth;
  }

  const BatchSpec& spec() const noexcept { return spec_; }
  std::size_t depth() const noexcept { return depth_; }

  /// Returns a view of the slot. The view refers to this pool's spec, so the pool must not move.
  Slot slot(std::uint64_t sequence) const noexcept {
    return {memory_.data() + sequence % depth_ * spec_.slot_bytes(), spec_};
  }

 private:
  std::span<std::byte> memory_;
  BatchSpec spec_;
  std::size_t depth_ = 0;
};

}  // namespace feedline
