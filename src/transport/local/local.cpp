#include <feedline/transport/local.hpp>

#include <utility>

namespace feedline {

std::shared_ptr<SlotRing> make_local_ring(const BatchSpec& spec, std::size_t depth, RingOptions options) {
  return SlotRing::create(Mapping::anonymous(SlotRing::bytes_needed(spec, depth)), spec, depth, 0,
                          std::move(options));
}

}  // namespace feedline
