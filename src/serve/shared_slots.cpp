#include "shared_slots.hpp"

#include <feedline/transport/memory_file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace feedline {

SharedSlots::SharedSlots(const BatchSpec& spec, std::size_t depth, Consumer consumer)
    : fd_(make_memory_file("feedline-slots", SlotPool::bytes_needed(spec, depth))),
      memory_(map_memory_file(fd_.get(), SlotPool::bytes_needed(spec, depth))),
      pool_(memory_.bytes(), spec, depth),
      consumer_(std::move(consumer)),
      free_(depth),
      sequences_(depth),
      places_(depth, Place::kHere),
      slot_of_(depth) {
  std::iota(free_.rbegin(), free_.rend(), std::uint32_t{0});
}

/// Returns whether that batch is out. The caller holds the lock.
bool SharedSlots::end_wait(std::uint32_t slot, std::uint64_t sequence) {
  if (slot >= places_.size())
    throw PeerError(fmt::format("There is no slot {} that could be given back.", slot));
  if (places_[slot] == Place::kHere || sequences_[slot] != sequence) return false;
  if (places_[slot] == Place::kWaiting) waiting_.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

void SharedSlots::take(std::uint32_t slot, std::uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  if (end_wait(slot, sequence)) places_[slot] = Place::kTaken;
}

void SharedSlots::release(std::uint32_t slot, std::uint64_t sequence) {
  {
    const std::lock_guard lock(mutex_);
    if (!end_wait(slot, sequence)) return;
    places_[slot] = Place::kHere;
    --lent_;
    free_.push_back(slot);
  }
  freed_.notify_all();
}

void SharedSlots::close() noexcept {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  freed_.notify_all();
}

std::size_t SharedSlots::lent() const noexcept {
  const std::lock_guard lock(mutex_);
  return lent_;
}

std::optional<Slot> SharedSlots::acquire(std::uint64_t sequence) {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return closed_ || !free_.empty(); });
  if (closed_) return std::nullopt;
  slot_of(sequence) = free_.back();
  free_.pop_back();
  return pool_.slot(slot_of(sequence));
}

void SharedSlots::publish(std::uint64_t sequence) {
  std::uint32_t slot = 0;
  {
    const std::lock_guard lock(mutex_);
    slot = slot_of(sequence);
    places_[slot] = Place::kWaiting;
    sequences_[slot] = sequence;
    ++lent_;
    waiting_.fetch_add(1, std::memory_order_relaxed);
  }
  consumer_.take(pool_.slot(slot), slot);
}

}  // namespace feedline
