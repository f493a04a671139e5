#pragma once

#include "numbered_batches.hpp"

#include <feedline/transport/local.hpp>
#include <feedline/transport/slot_ring.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>

namespace feedline::testing {

/// Both ends of a ring in this process.
struct Ends {
  explicit Ends(std::size_t depth, RingOptions options = {})
      : ring(make_local_ring(numbered_spec(), depth, std::move(options))), sender(ring), receiver(ring) {}

  std::shared_ptr<SlotRing> ring;
  RingSender sender;
  RingReceiver receiver;
};

/// Runs `work` after the caller has most likely begun to wait.
template <class Work>
std::thread soon(Work work) {
  return std::thread([work] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    work();
  });
}

}  // namespace feedline::testing
