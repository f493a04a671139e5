#include <feedline/transport/channel_control.hpp>
#include <feedline/transport/slot_ring.hpp>

namespace feedline {

std::unique_ptr<RingSender> ChannelControl::take_over() {
  return nullptr;
}

}  // namespace feedline
