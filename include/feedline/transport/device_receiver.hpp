#pragma once

#include <feedline/device/device_runtime.hpp>
#include <feedline/metrics/trace.hpp>
#include <feedline/transport/channel_control.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace feedline {

/// The receiving end of a channel in host memory whose batches are used on a device. A thread copies them to
/// the device ahead of their use, into a few slots, so that the user waits neither for the copy nor for the
/// arrival.
///
/// The slots that `receive` returns have their tensors on the device. Work that reads them must be enqueued
/// in the given stream, after the call of `receive`; the lease may be given back as soon as all of that work
/// is enqueued. The host memory is pinned where possible; a host slot is free again when its copy is done,
/// not when the batch has been used.
class DeviceReceiver final : public BatchReceiver, public ChannelControl {
 public:
  static constexpr std::size_t kSlots = 3;

  /// `uses` is the stream that the batches are used in. `uses` and `lane`, the lane of the copying thread,
  /// must outlive this object. Throws DeviceError when the device has too little memory.
  DeviceReceiver(ReceivingEnd host, std::shared_ptr<DeviceRuntime> device, Stream& uses,
                 std::size_t slots = kSlots, TraceLane* lane = nullptr);
  DeviceReceiver(const DeviceReceiver&) = delete;
  DeviceReceiver& operator=(const DeviceReceiver&) = delete;

  /// Blocks until the current copy and all enqueued use of the batches are done.
  ~DeviceReceiver() override;

  const BatchSpec& spec() const noexcept override { return host_.batches->spec(); }
  std::size_t depth() const noexcept override { return host_.batches->depth(); }
  std::size_t ready() const noexcept override;
  BatchLease receive() override;
  bool wait_ready() override;
  void close() noexcept override;
  void fail(const Failure& failure) noexcept override;

  void start() override { host_.control->start(); }
  void join() noexcept override;
  void lose_peer(const std::string& message) noexcept override { host_.control->lose_peer(message); }
  void beat() noexcept override { host_.control->beat(); }
  ChannelView view() const noexcept override { return host_.control->view(); }
  void ask_stop() noexcept override { host_.control->ask_stop(); }
  LinkStats stats() const override { return host_.control->stats(); }
  std::unique_ptr<RingSender> take_over() override;

 private:
  class Places;

  void copy_all() noexcept;
  bool copy(const Slot& batch, std::uint64_t sequence);
  void give_up() noexcept;
  void end_copies() noexcept;

  ReceivingEnd host_;
  std::shared_ptr<DeviceRuntime> device_;
  Stream& uses_;
  TraceLane* lane_;
  std::vector<std::unique_ptr<DeviceMemory>> pinned_;
  std::shared_ptr<Places> places_;  ///< Shared with the leases
  std::unique_ptr<Stream> copies_;
  std::thread thread_;
};

}  // namespace feedline
