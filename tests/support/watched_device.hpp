#pragma once

#include <feedline/device/host_runtime.hpp>

#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <thread>

namespace feedline::testing {

/// The CPU's stand-in for a device, which notes the threads that have made it their current one.
class WatchedDevice final : public DeviceRuntime {
 public:
  Device device() const noexcept override { return host_.device(); }

  void make_current() override {
    const std::lock_guard lock(mutex_);
    threads_.insert(std::this_thread::get_id());
  }

  std::unique_ptr<Stream> make_stream(StreamPriority priority) override {
    return host_.make_stream(priority);
  }
  std::unique_ptr<Stream> borrow_stream(void* native) override { return host_.borrow_stream(native); }
  std::unique_ptr<Event> make_event(EventKind kind) override { return host_.make_event(kind); }
  std::unique_ptr<DeviceMemory> allocate(std::size_t bytes) override { return host_.allocate(bytes); }
  std::unique_ptr<DeviceMemory> pin(std::span<std::byte> host) override { return host_.pin(host); }
  std::size_t bytes_held() const noexcept override { return host_.bytes_held(); }

  /// But for the one that asks.
  std::size_t other_threads() const {
    const std::lock_guard lock(mutex_);
    return threads_.size() - threads_.count(std::this_thread::get_id());
  }

 private:
  HostRuntime host_;
  mutable std::mutex mutex_;
  std::set<std::thread::id> threads_;
};

}  // namespace feedline::testing
