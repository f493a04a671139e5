#pragma once

#include "return_order.hpp"

#include <feedline/transport/slot_ring.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace feedline {

/// Takes the batches of a ring back: releases each when all before it are back as well.
class RingLender : public BatchLender {
 public:
  explicit RingLender(std::shared_ptr<SlotRing> ring)
      : ring_(std::move(ring)), returned_(ring_->pool().depth()) {}

  void take_back(std::uint64_t number) noexcept override {
    const std::lock_guard lock(mutex_);
    const std::uint64_t before = ring_->receiver().count();
    const std::uint64_t released = returned_.note(number);
    if (released != before) ring_->receiver().set_count(released);
  }

  /// Throws the failure of a batch that could not be taken back.
  virtual void check() const {}

 private:
  std::shared_ptr<SlotRing> ring_;
  std::mutex mutex_;
  ReturnOrder returned_;
};

}  // namespace feedline
