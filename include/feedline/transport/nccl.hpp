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
  double transfer_timeout = 60;    ///< seconds of an end's own time from when it asked for a transfer
  TraceLane* copies = nullptr;     ///< where the timeline shows copies to this rank's GPU
  TraceLane* transfers = nullptr;  ///< and transfers between the GPUs
};

/// The channel between the devices of two ranks: a ring in host memory at the data rank, whose batches are
/// copied to its device and go from there over a link into slots of the other device. Everything else is as
/// in the mpi channel: headers, credits and the other words go by messages, and one thread an end does all of
/// it.
class NcclSender final : public MpiSender {
 public:
  /// The ring's memory is pinned where that can be had. Throws DeviceError.
  NcclSender(Messenger& messenger, const BatchSpec& spec, std::size_t depth,
             const NcclChannelOptions& options, std::shared_ptr<DeviceRuntime> device,
             std::shared_ptr<DeviceLink> link);

  /// A ring of what `transform`, of that device, takes: what it makes goes to the other device.
  NcclSender(Messenger& messenger, std::shared_ptr<DeviceTransform> transform, std::size_t depth,
             const NcclChannelOptions& options, std::shared_ptr<DeviceRuntime> device,
             std::shared_ptr<DeviceLink> link);

 private:
  NcclSender(std::shared_ptr<SlotRing> ring, Messenger& messenger, const NcclChannelOptions& options,
             std::shared_ptr<DeviceRuntime> device, std::unique_ptr<Preparation> preparation,
             std::shared_ptr<DeviceLink> link);
};

/// The end on the model rank. The slots that `receive` returns have their tensors on the device, where they
/// are by then; work that reads them must be in the stream that was given, and `release` may be called as
/// soon as all of it has been asked for. After `take_over` batches are copied there from host memory.
class NcclReceiver final : public MpiReceiver {
 public:
  static constexpr std::size_t kSlots = 3;

  /// `uses` must outlive this.
  NcclReceiver(Messenger& messenger, const BatchSpec& spec, const NcclChannelOptions& options,
               std::shared_ptr<DeviceRuntime> device, std::shared_ptr<DeviceLink> link, Stream& uses,
               std::size_t slots = kSlots);

  /// Blocks until all use of the batches that was asked for is done.
  ~NcclReceiver() override;

  std::optional<Slot> receive() override;
  void release(std::uint64_t sequence) override;
  std::unique_ptr<BatchSender> take_over() override;

 private:
  struct Parts;
  class Successor;

  /// Batches made by this rank since it took over: they lie in host memory.
  struct Ours {
    std::atomic<std::uint64_t> first{std::numeric_limits<std::uint64_t>::max()};
    std::atomic<std::uint64_t> again{
        std::numeric_limits<std::uint64_t>::max()};  ///< the last of those before
  };

  NcclReceiver(const Parts& parts, Messenger& messenger, const NcclChannelOptions& options,
               DeviceRuntime& device, std::shared_ptr<DeviceLink> link, Stream& uses);

  std::optional<std::uint32_t> damaged_row(const Slot& slot) const override;
  bool is_ours(std::uint64_t sequence) const noexcept {
    return sequence >= ours_->first || sequence == ours_->again;
  }

  std::shared_ptr<DeviceSlots> slots_;
  Stream& uses_;
  std::shared_ptr<Ours> ours_ = std::make_shared<Ours>();
};

/// Blocks until both ends of a link are connected and a block has gone from end 0 to end 1; the longest that
/// takes is `timeout_s`. `check` throws when the peer is gone. Throws PeerError; the link is aborted then.
void warm_up(const std::shared_ptr<DeviceLink>& link, DeviceRuntime& device, int end, double timeout_s,
             const std::function<void()>& check);

}  // namespace feedline
