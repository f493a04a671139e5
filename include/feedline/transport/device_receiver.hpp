#pragma once

#include <feedline/device/device_runtime.hpp>
#include <feedline/metrics/trace.hpp>
#include <feedline/transport/channel.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace feedline {

/// The receiving end of a channel in host memory whose batches are used on a device: a thread copies them
/// there ahead of their use, into a few slots, so that neither the copy nor the way to it is waited for.
///
/// The slots that `receive` returns have their tensors on the device. Work that reads them must be in the
/// stream that was given, from the call of `receive` on; `release` may be called as soon as all of it has
/// been asked for. The host's memory is pinned where that can be had; the slot there is free again when its
/// copy is done, not when the batch is used.
class DeviceReceiver final : public BatchReceiver {
 public:
  static constexpr std::size_t kSlots = 3;

  /// `uses` is the stream that the batches are used in; it must outlive this. Throws DeviceError when the
  /// device has too little memory. `lane`, for the thread that copies, must outlive this.
  DeviceReceiver(std::shared_ptr<BatchReceiver> host, std::shared_ptr<DeviceRuntime> device, Stream& uses,
                 std::size_t slots = kSlots, TraceLane* lane = nullptr);
  DeviceReceiver(const DeviceReceiver&) = delete;
  DeviceReceiver& operator=(const DeviceReceiver&) = delete;

  /// Blocks until the copy under way is done, and all use of the batches that was asked for.
  ~DeviceReceiver() override;

  const BatchSpec& spec() const noexcept override { return host_->spec(); }
  std::size_t depth() const noexcept override { return host_->depth(); }
  std::size_t ready() const noexcept override;
  std::optional<Slot> receive() override;
  bool wait_ready() override;
  void release(std::uint64_t sequence) override;
  void interrupt() noexcept override { host_->interrupt(); }
  bool stop_asked() const noexcept override { return host_->stop_asked(); }
  void close() noexcept override;
  void fail(const Failure& failure) noexcept override;
  void start() override { host_->start(); }
  void join() noexcept override;
  void lose_peer(const std::string& message) noexcept override { host_->lose_peer(message); }
  ChannelView view() const noexcept override { return host_->view(); }
  void beat() noexcept override { host_->beat(); }
  std::unique_ptr<BatchSender> take_over() override { return host_->take_over(); }
  LinkStats stats() const override { return host_->stats(); }

 private:
  /// One batch's place on the device.
  struct Place {
    std::unique_ptr<DeviceMemory> block;
    std::vector<std::byte> header;  ///< on the host, with notes and ids
    std::unique_ptr<Event> copied, used;
  };

  void copy_all() noexcept;
  bool copy(const Slot& batch, std::uint64_t sequence);
  void end(std::exception_ptr error) noexcept;
  void give_up() noexcept;
  void end_copies() noexcept;

  std::shared_ptr<BatchReceiver> host_;
  std::shared_ptr<DeviceRuntime> device_;
  Stream& uses_;
  TraceLane* lane_;
  std::vector<std::unique_ptr<DeviceMemory>> pinned_;
  std::vector<Place> places_;
  std::unique_ptr<Stream> copies_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t copied_ = 0;    ///< batches on the device, their copies asked for
  std::uint64_t received_ = 0;  ///< of those, by the user
  std::uint64_t released_ = 0;
  bool ended_ = false;  ///< nothing more is copied
  bool given_up_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace feedline
