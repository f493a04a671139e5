#pragma once

#include <feedline/comm/device_link.hpp>
#include <feedline/data/device_transform.hpp>
#include <feedline/device/device_runtime.hpp>
#include <feedline/metrics/trace.hpp>
#include <feedline/transport/mpi.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <optional>

namespace feedline {

class DeviceSlots;
class Preparation;

struct NcclChannelOptions : MpiChannelOptions {
  double transfer_timeout = 60;    ///< Seconds of an end's own time for one transfer, from its request
  TraceLane* copies = nullptr;     ///< Lane of the timeline for copies to this rank's GPU
  TraceLane* transfers = nullptr;  ///< Lane of the timeline for transfers between the GPUs
};

/// The channel between the devices of two ranks. The data rank has a ring in host memory, whose batches are
/// copied to its device and go from there over a link into slots of the other device. The rest is as in the
/// mpi channel: headers, credits and control messages are MPI messages, and one thread per end handles all of
/// it.
class NcclSender final : public MpiSender {
 public:
  /// The ring's memory is pinned where possible. Throws DeviceError.
  NcclSender(Messenger& messenger, const BatchSpec& spec, std::size_t depth,
             const NcclChannelOptions& options, std::shared_ptr<DeviceRuntime> device,
             std::shared_ptr<DeviceLink> link);

  /// Makes a ring of the batches that `transform`, of that device, takes; its results go to the other device.
  NcclSender(Messenger& messenger, std::shared_ptr<DeviceTransform> transform, std::size_t depth,
             const NcclChannelOptions& options, std::shared_ptr<DeviceRuntime> device,
             std::shared_ptr<DeviceLink> link);

 private:
  NcclSender(std::shared_ptr<SlotRing> ring, Messenger& messenger, const NcclChannelOptions& options,
             std::shared_ptr<DeviceRuntime> device, std::unique_ptr<Preparation> preparation,
             std::shared_ptr<DeviceLink> link);
};

/// The end on the model rank. The slots that `receive` returns have their tensors on the device, where they
/// have already arrived. Work that reads them must be enqueued in the given stream, and the lease may be
/// given back as soon as all of it is enqueued. After `take_over`, batches are copied to the device from host
/// memory.
class NcclReceiver final : public MpiReceiver {
 public:
  static constexpr std::size_t kSlots = 3;

  /// `uses` must outlive this object.
  NcclReceiver(Messenger& messenger, const BatchSpec& spec, const NcclChannelOptions& options,
               std::shared_ptr<DeviceRuntime> device, std::shared_ptr<DeviceLink> link, Stream& uses,
               std::size_t slots = kSlots);

  /// Blocks until all enqueued use of the batches is done.
  ~NcclReceiver() override;

  std::unique_ptr<RingSender> take_over() override;

 private:
  struct Parts;
  class Lender;
  class Successor;

  /// Batches that this rank has made since it took over; they lie in host memory.
  struct Ours {
    std::atomic<std::uint64_t> first{std::numeric_limits<std::uint64_t>::max()};
    std::atomic<std::uint64_t> again{
        std::numeric_limits<std::uint64_t>::max()};  ///< Last earlier batch that this rank made again
  };

  NcclReceiver(const Parts& parts, Messenger& messenger, const NcclChannelOptions& options,
               DeviceRuntime& device, std::shared_ptr<DeviceLink> link, Stream& uses);

  std::optional<std::uint32_t> damaged_row(const Slot& slot) const override;
  Slot as_used(const Slot& slot) override;
  bool is_ours(std::uint64_t sequence) const noexcept {
    return sequence >= ours_->first || sequence == ours_->again;
  }

  std::shared_ptr<DeviceSlots> slots_;
  std::shared_ptr<Lender> device_lender_;
  Stream& uses_;
  std::shared_ptr<Ours> ours_ = std::make_shared<Ours>();
};

/// Blocks until both ends of a link are connected and a block has gone from end 0 to end 1, at most
/// `timeout_s` seconds. `check` throws when the peer is gone. Throws PeerError; the link is aborted then.
void warm_up(const std::shared_ptr<DeviceLink>& link, DeviceRuntime& device, int end, double timeout_s,
             const std::function<void()>& check);

}  // namespace feedline
