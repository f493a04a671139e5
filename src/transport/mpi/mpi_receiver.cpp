#include "../ring_lender.hpp"
#include "host_carriers.hpp"
#include "receiver_pump.hpp"

#include <feedline/transport/local.hpp>
#include <feedline/transport/mpi.hpp>

#include <utility>

namespace feedline {

MpiReceiver::MpiReceiver(Messenger& messenger, const BatchSpec& spec, std::size_t depth,
                         const MpiChannelOptions& options)
    : MpiReceiver(make_local_ring(spec, depth, options.ring), messenger, options) {}

MpiReceiver::MpiReceiver(const std::shared_ptr<SlotRing>& ring, Messenger& messenger,
                         const MpiChannelOptions& options)
    : MpiReceiver(ring, std::make_shared<RingLender>(ring), messenger, options,
                  std::make_unique<HostInbound>(messenger, options.peer)) {}

MpiReceiver::MpiReceiver(const std::shared_ptr<SlotRing>& ring, std::shared_ptr<RingLender> lender,
                         Messenger& messenger, const MpiChannelOptions& options,
                         std::unique_ptr<Inbound> inbound)
    : RingReceiver(ring, std::move(lender)),
      pump_(std::make_unique<ReceiverPump>(ring, messenger, options.peer, options.silence_timeout,
                                           std::move(inbound))) {}

MpiReceiver::~MpiReceiver() {
  close();
  join();
}

void MpiReceiver::start() {
  pump_->start();
}

void MpiReceiver::join() noexcept {
  pump_->join();
}

void MpiReceiver::lose_peer(const std::string& message) noexcept {
  RingReceiver::lose_peer(message);
  pump_->give_up();
}

/// Ends the pump, so that nothing drives MPI any more; half-received batches are made again in their slots.
std::unique_ptr<RingSender> MpiReceiver::take_over() {
  pump_->give_up();
  pump_->join();
  return RingReceiver::take_over();
}

}  // namespace feedline
