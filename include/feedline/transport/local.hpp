#pragma once

#include <feedline/transport/slot_ring.hpp>

#include <memory>

namespace feedline {

/// Makes a ring in this process's own memory: sender and receiver are threads. Throws UsageError when the
/// memory cannot be allocated.
std::shared_ptr<SlotRing> make_local_ring(const BatchSpec& spec, std::size_t depth, RingOptions options = {});

}  // namespace feedline
