#pragma once

#include <feedline/comm/messenger.hpp>
#include <feedline/transport/slot_ring.hpp>

#include <cstddef>
#include <memory>

namespace feedline {

class Outbound;
class Inbound;
class SenderPump;
class ReceiverPump;

/// The channel between nodes: a ring in host memory at each end, and at each end one thread, the only one
/// that calls MPI from here until the channel is closed, which moves slots from ring to ring. The receiver
/// posts its receives into free slots and tells how many it has posted; nothing is sent without one
/// (credits). Both sides show a sign of life every second.
struct MpiChannelOptions {
  RingOptions ring;
  int peer = 0;                ///< rank of the other end
  double silence_timeout = 8;  ///< seconds without any word from the peer until it counts as lost
};

/// The end on the data rank. Nothing moves before `start`.
class MpiSender : public RingSender {
 public:
  MpiSender(Messenger& messenger, const BatchSpec& spec, std::size_t depth, const MpiChannelOptions& options);
  ~MpiSender() override;

  Slot slot_again(std::uint64_t sequence) override;
  void publish_again() override;
  LinkStats stats() const override;

  void start() override;
  void join() noexcept override;
  void lose_peer(const std::string& message) noexcept override;

 protected:
  /// With another way for the batches than MPI.
  MpiSender(std::shared_ptr<SlotRing> ring, Messenger& messenger, const MpiChannelOptions& options,
            std::unique_ptr<Outbound> outbound);

 private:
  std::shared_ptr<SlotRing> ring_;
  Mapping again_;  ///< a slot for what is sent twice: its own may hold another batch by then
  std::unique_ptr<SenderPump> pump_;
};

/// The end on the model rank.
class MpiReceiver : public RingReceiver {
 public:
  MpiReceiver(Messenger& messenger, const BatchSpec& spec, std::size_t depth,
              const MpiChannelOptions& options);
  ~MpiReceiver() override;

  void start() override;
  void join() noexcept override;
  void lose_peer(const std::string& message) noexcept override;
  std::unique_ptr<BatchSender> take_over() override;

 protected:
  MpiReceiver(std::shared_ptr<SlotRing> ring, Messenger& messenger, const MpiChannelOptions& options,
              std::unique_ptr<Inbound> inbound);

 private:
  std::unique_ptr<ReceiverPump> pump_;
};

}  // namespace feedline
