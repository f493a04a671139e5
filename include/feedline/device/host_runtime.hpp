#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/device/device_runtime.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace feedline {

/// The event of a device that threads emulate, for machines without a GPU. Streams run concurrently with each
/// other and asynchronously to the caller, as a GPU's do, so that a missing wait shows here as well.
class HostEvent final : public Event {
 public:
  bool done() override;
  void wait() override;
  Clock::duration since(Event& earlier) override;

 private:
  friend class HostStream;
  std::uint64_t set() noexcept;
  void reach(std::uint64_t recording) noexcept;
  void wait_until(std::uint64_t recording);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t set_ = 0;      ///< FloatType of recordings
  std::uint64_t reached_ = 0;  ///< Last recording whose preceding work is done
  Clock::time_point time_;     ///< Time at which that recording was reached
};

class HostStream final : public Stream {
 public:
  HostStream();
  HostStream(const HostStream&) = delete;
  HostStream& operator=(const HostStream&) = delete;

  /// Blocks until all work is done.
  ~HostStream() override;

  void copy(std::byte* to, const std::byte* from, std::size_t bytes) override;
  void clear(std::byte* to, std::size_t bytes) override;
  void add_row_sums(const RowsToSum& rows, std::uint64_t* sums) override;
  void normalise(const Pictures& pictures, const Normalised& to) override;
  void record(Event& event) override;
  void wait_for(Event& event) override;
  void wait() override;
  void* native() const noexcept override { return nullptr; }

  /// Enqueues any other work.
  void run(std::function<void()> work);

 private:
  void work_off();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool working_ = false;
  bool over_ = false;
  std::thread thread_;
};

class HostRuntime final : public DeviceRuntime {
 public:
  Device device() const noexcept override { return Device::cpu(); }
  std::unique_ptr<Stream> make_stream(StreamPriority priority) override;
  std::unique_ptr<Stream> borrow_stream(void* native) override;
  std::unique_ptr<Event> make_event(EventKind kind) override;
  std::unique_ptr<DeviceMemory> allocate(std::size_t bytes) override;
  std::unique_ptr<DeviceMemory> pin(std::span<std::byte> host) override;
  std::size_t bytes_held() const noexcept override { return *held_; }

 private:
  std::shared_ptr<std::atomic<std::size_t>> held_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace feedline
