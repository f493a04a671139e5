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
      lent_(depth, false),
      slot_of_(depth) {
  std::iota(free_.rbegin(), free_.rend(), std::uint32_t{0});
}

void SharedSlots::release(std::uint32_t slot) {
  {
    const std::lock_guard lock(mutex_);
    if (slot >= lent_.size() || !lent_[slot])
      throw PeerError(fmt::format("Slot {} was given back, and was not out.", slot));
    lent_[slot] = false;
    --lent_count_;
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

std::size_t SharedSlots::waiting() const noexcept {
  const std::lock_guard lock(mutex_);
  return lent_count_;
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
    lent_[slot] = true;
    ++lent_count_;
  }
  consumer_.take(pool_.slot(slot), slot);
}

void SharedSlots::fail(const Failure& failure) noexcept {
  try {
    consumer_.fail(failure);
  } catch (const PeerError&) {
    close();  // nobody is left who could be told
  }
}

}  // namespace feedline
