#include "../cuda_backend.hpp"
#include "normalise.hpp"
#include "row_sums.hpp"

#include <feedline/common/text.hpp>
#include <feedline/common/unique_handle.hpp>
#include <feedline/device/cuda/cuda_check.hpp>

#include <atomic>
#include <utility>

namespace feedline {
namespace {

struct StreamTraits {
  using Type = cudaStream_t;
  static Type null() noexcept { return nullptr; }
  static void close(Type stream) noexcept { cudaStreamDestroy(stream); }
};

struct EventTraits {
  using Type = cudaEvent_t;
  static Type null() noexcept { return nullptr; }
  static void close(Type event) noexcept { cudaEventDestroy(event); }
};

struct AllocationTraits {
  using Type = void*;
  static Type null() noexcept { return nullptr; }
  static void close(Type memory) noexcept { cudaFree(memory); }
};

struct PinTraits {
  using Type = void*;
  static Type null() noexcept { return nullptr; }
  static void close(Type memory) noexcept { cudaHostUnregister(memory); }
};

class CudaEvent final : public Event {
 public:
  CudaEvent(const CudaCaller& caller, EventKind kind) : caller_(caller) {
    const CudaDeviceGuard guard(caller);
    cudaEvent_t event = nullptr;
    check_cuda(cudaEventCreateWithFlags(&event, kind == EventKind::kTime
                                                    ? cudaEventBlockingSync
                                                    : cudaEventDisableTiming | cudaEventBlockingSync),
               "cudaEventCreateWithFlags", "make an event", caller);
    event_.reset(event);
  }

  bool done() override {
    const cudaError_t result = cudaEventQuery(event_.get());
    if (result == cudaErrorNotReady) {
      cudaGetLastError();
      return false;
    }
    check_cuda(result, "cudaEventQuery", "do the work that was asked for", caller_);
    return true;
  }

  void wait() override {
    check_cuda(cudaEventSynchronize(event_.get()), "cudaEventSynchronize", "do the work that was asked for",
               caller_);
  }

  Clock::duration since(Event& earlier) override {
    float milliseconds = 0;
    check_cuda(cudaEventElapsedTime(&milliseconds, static_cast<CudaEvent&>(earlier).get(), event_.get()),
               "cudaEventElapsedTime", "ask how long its work took", caller_);
    return from_seconds(milliseconds * 1e-3);
  }

  cudaEvent_t get() const noexcept { return event_.get(); }

 private:
  CudaCaller caller_;
  UniqueHandle<EventTraits> event_;
};

/// A stream that this object owns, or one of another owner.
class CudaStream final : public Stream {
 public:
  CudaStream(const CudaCaller& caller, StreamPriority priority) : caller_(caller) {
    const CudaDeviceGuard guard(caller);
    int lowest = 0, highest = 0;
    check_cuda(cudaDeviceGetStreamPriorityRange(&lowest, &highest), "cudaDeviceGetStreamPriorityRange",
               "ask for stream priorities", caller);
    check_cuda(cudaStreamCreateWithPriority(&stream_, cudaStreamNonBlocking,
                                            priority == StreamPriority::kHigh ? highest : lowest),
               "cudaStreamCreateWithPriority", "make a stream", caller);
    own_.reset(stream_);
  }
  CudaStream(const CudaCaller& caller, cudaStream_t borrowed) : caller_(caller), stream_(borrowed) {}

  void copy(std::byte* to, const std::byte* from, std::size_t bytes) override {
    check_cuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream_), "cudaMemcpyAsync",
               "copy " + format_bytes(bytes), caller_);
  }

  void clear(std::byte* to, std::size_t bytes) override {
    check_cuda(cudaMemsetAsync(to, 0, bytes, stream_), "cudaMemsetAsync", "clear " + format_bytes(bytes),
               caller_);
  }

  void add_row_sums(const RowsToSum& rows, std::uint64_t* sums) override {
    if (rows.count == 0 || rows.row_bytes == 0) return;
    const CudaDeviceGuard guard(caller_);
    check_cuda(launch_row_sums(rows, sums, stream_), "row_sums", "check a batch", caller_);
  }

  void normalise(const Pictures& pictures, const Normalised& to) override {
    if (pictures.count == 0 || pictures.channels == 0 || pictures.plane == 0) return;
    const CudaDeviceGuard guard(caller_);
    check_cuda(launch_normalise(pictures, to, stream_), "normalise", "normalise a batch", caller_);
  }

  void record(Event& event) override {
    check_cuda(cudaEventRecord(static_cast<CudaEvent&>(event).get(), stream_), "cudaEventRecord",
               "record an event", caller_);
  }

  void wait_for(Event& event) override {
    check_cuda(cudaStreamWaitEvent(stream_, static_cast<CudaEvent&>(event).get(), 0), "cudaStreamWaitEvent",
               "have a stream wait for an event", caller_);
  }

  void wait() override {
    check_cuda(cudaStreamSynchronize(stream_), "cudaStreamSynchronize", "do the work that was asked for",
               caller_);
  }

  void* native() const noexcept override { return stream_; }

 private:
  CudaCaller caller_;
  cudaStream_t stream_ = nullptr;
  UniqueHandle<StreamTraits> own_;
};

class CudaMemory final : public DeviceMemory {
 public:
  CudaMemory(UniqueHandle<AllocationTraits> memory, std::size_t bytes,
             std::shared_ptr<std::atomic<std::size_t>> held)
      : DeviceMemory({static_cast<std::byte*>(memory.get()), bytes}),
        memory_(std::move(memory)),
        held_(std::move(held)) {
    *held_ += bytes;
  }
  ~CudaMemory() override { *held_ -= bytes().size(); }

 private:
  UniqueHandle<AllocationTraits> memory_;
  std::shared_ptr<std::atomic<std::size_t>> held_;
};

class CudaPin final : public DeviceMemory {
 public:
  explicit CudaPin(std::span<std::byte> host) : DeviceMemory(host), pinned_(host.data()) {}

 private:
  UniqueHandle<PinTraits> pinned_;
};

class CudaRuntime final : public DeviceRuntime {
 public:
  explicit CudaRuntime(const CudaCaller& caller) : caller_(caller) {
    const CudaDeviceGuard guard(caller);
    check_cuda(cudaFree(nullptr), "cudaFree", "start CUDA", caller);
  }

  Device device() const noexcept override { return Device::cuda(caller_.ordinal); }

  void make_current() override {
    check_cuda(cudaSetDevice(caller_.ordinal), "cudaSetDevice", "make it the current device", caller_);
  }

  std::unique_ptr<Stream> make_stream(StreamPriority priority) override {
    return std::make_unique<CudaStream>(caller_, priority);
  }

  std::unique_ptr<Stream> borrow_stream(void* native) override {
    return std::make_unique<CudaStream>(caller_, static_cast<cudaStream_t>(native));
  }

  std::unique_ptr<Event> make_event(EventKind kind) override {
    return std::make_unique<CudaEvent>(caller_, kind);
  }

  std::unique_ptr<DeviceMemory> allocate(std::size_t bytes) override {
    const CudaDeviceGuard guard(caller_);
    void* memory = nullptr;
    check_cuda(cudaMalloc(&memory, bytes), "cudaMalloc", "get " + format_bytes(bytes) + " of memory",
               caller_);
    return std::make_unique<CudaMemory>(UniqueHandle<AllocationTraits>(memory), bytes, held_);
  }

  std::unique_ptr<DeviceMemory> pin(std::span<std::byte> host) override {
    const CudaDeviceGuard guard(caller_);
    check_cuda(cudaHostRegister(host.data(), host.size(), cudaHostRegisterPortable), "cudaHostRegister",
               "pin " + format_bytes(host.size()) + " of host memory", caller_);
    return std::make_unique<CudaPin>(host);
  }

  std::size_t bytes_held() const noexcept override { return *held_; }

 private:
  CudaCaller caller_;
  std::shared_ptr<std::atomic<std::size_t>> held_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace

std::shared_ptr<DeviceRuntime> open_cuda_device(Device device, int rank) {
  return std::make_shared<CudaRuntime>(CudaCaller{device.ordinal, rank});
}

}  // namespace feedline
