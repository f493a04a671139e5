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

/// The receiving end of a channel in host memory whose batches are used on a device. A thread copies them to
/// the device ahead of their use, into a few slots, so that the user waits neither for the copy nor for the
/// arrival.
///
/// The slots that `receive` returns have their tensors on the device. Work that reads them must be enqueued
/// in the given stream, after the call of `receive`; `release` may be called as soon as all of that work is
/// enqueued. The host memory is pinned where possible; a host slot is free again when its copy is done, not
/// when the batch has been used.
class DeviceReceiver final : public BatchReceiver {
 public:
  static constexpr std::size_t kSlots = 3;

  /// `uses` is the stream that the batches are used in. `uses` and `lane`, the lane of the copying thread,
  /// must outlive this object. Throws DeviceError when the device has too little memory.
  DeviceReceiver(std::shared_ptr<BatchReceiver> host, std::shared_ptr<DeviceRuntime> device, Stream& uses,
                 std::size_t slots = kSlots, TraceLane* lane = nullptr);
  DeviceReceiver(const DeviceReceiver&) = delete;
  DeviceReceiver& operator=(const DeviceReceiver&) = delete;

  /// Blocks until the current copy and all enqueued use of the batches are done.
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
  /// The place of one batch on the device.
  struct Place {
    std::unique_ptr<DeviceMemory> block;
    std::vector<std::byte> header;  ///< Header on the host, with notes and ids
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
  std::uint64_t copied_ = 0;    ///< Batches on the device whose copies are enqueued
  std::uint64_t received_ = 0;  ///< Batches, of those copied, that the user has received
  std::uint64_t released_ = 0;
  bool ended_ = false;  ///< No further batch is copied
  bool given_up_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace feedline
