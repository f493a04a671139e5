#include "host_carriers.hpp"
#include "sender_pump.hpp"

#include <feedline/transport/local.hpp>
#include <feedline/transport/mpi.hpp>

#include <utility>

namespace feedline {

MpiSender::MpiSender(Messenger& messenger, const BatchSpec& spec, std::size_t depth,
                     const MpiChannelOptions& options)
    : MpiSender(make_local_ring(spec, depth, options.ring), messenger, options,
                std::make_unique<HostOutbound>(messenger, options.peer)) {}

MpiSender::MpiSender(std::shared_ptr<SlotRing> ring, Messenger& messenger, const MpiChannelOptions& options,
                     std::unique_ptr<Outbound> outbound)
    : RingSender(ring),
      ring_(ring),
      pump_(std::make_unique<SenderPump>(ring, messenger, options.peer, options.silence_timeout,
                                         std::move(outbound))) {}

MpiSender::~MpiSender() {
  if (ring_->sender().state() == EndState::kOpen)
    fail({ExitCode::kInternal, "The sender ended without a word."});
  join();
}

void MpiSender::start() {
  pump_->start();
}

void MpiSender::join() noexcept {
  pump_->join();
}

void MpiSender::lose_peer(const std::string& message) noexcept {
  ring_->lose_receiver(message);
  pump_->give_up();
}

Slot MpiSender::resend_slot(std::uint64_t) {
  if (again_.bytes().empty()) again_ = Mapping::anonymous(spec().slot_bytes());
  return {again_.bytes().data(), spec()};
}

void MpiSender::publish_resend() {
  pump_->send_again({again_.bytes().data(), spec()});
}

LinkStats MpiSender::stats() const {
  LinkStats stats = RingSender::stats();
  stats.bytes = pump_->bytes_out().value_or(stats.bytes);
  stats.seconds = pump_->seconds();
  stats.device = pump_->device_times();
  return stats;
}

}  // namespace feedline
