#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/device/device.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace feedline {

/// A point in the work of a stream. Any thread may query it.
class Event {
 public:
  virtual ~Event() = default;

  /// Returns whether all work before the event's last recording is done; true before the first recording.
  /// Never blocks. Throws DeviceError when the device has failed.
  virtual bool done() = 0;

  /// Blocks until the event is done, without using the CPU. Throws as `done` does.
  virtual void wait() = 0;

  /// Returns the time on the device between `earlier` and this event. Both must be of kind kTime and done.
  virtual Clock::duration since(Event& earlier) = 0;
};

/// The use of an event: only for waiting, or also for timing, which takes the device a little longer.
enum class EventKind { kOrder, kTime };

/// Rows whose checksums a device computes.
struct RowsToSum {
  const std::byte* data = nullptr;
  std::size_t row_bytes = 0;
  std::uint32_t count = 0;
  std::uint32_t first_place = 0;  ///< Place of a row's first word, see sum64
};

/// Pictures of bytes, one after the other: uint8 [count, channels, plane], where a plane is height x width. A
/// byte of channel c becomes byte * scale[c] + shift[c]. All pointers are to memory of the device.
struct Pictures {
  const std::byte* data = nullptr;
  std::uint32_t count = 0;
  std::uint32_t channels = 0;
  std::uint32_t plane = 0;  ///< Pixels of one plane
  const float* scale = nullptr;
  const float* shift = nullptr;
};

enum class FloatType { kFloat32, kBFloat16, kFloat16 };
enum class PictureLayout { kPlanes, kChannelsLast };  ///< NCHW, NHWC

/// The destination of normalised pictures: one number for each byte, in memory of the device.
struct Normalised {
  std::byte* data = nullptr;
  FloatType number = FloatType::kFloat32;
  PictureLayout layout = PictureLayout::kPlanes;
};

/// A queue of work that one device does in order, while the thread that enqueues it goes on. One thread at a
/// time may use it. Streams of a device wait for each other only through events. No call here blocks except
/// `wait`.
class Stream {
 public:
  virtual ~Stream() = default;

  /// Copies between memory of the device and pinned memory of the host, or within either. Both must stay
  /// valid until the copy is done. A copy from host memory that is not pinned may block.
  virtual void copy(std::byte* to, const std::byte* from, std::size_t bytes) = 0;

  /// Sets `bytes` bytes of memory of the device to 0.
  virtual void clear(std::byte* to, std::size_t bytes) = 0;

  /// Adds the sum64 of row i of `rows` to sums[i]. The rows are contiguous. Rows and sums are in memory of
  /// the device.
  virtual void add_row_sums(const RowsToSum& rows, std::uint64_t* sums) = 0;

  /// Normalises, converts and lays out in one pass. The product and the sum are computed in fp32, each
  /// rounded to the nearest, then converted to the nearest number. The resulting bits are the same on every
  /// device.
  virtual void normalise(const Pictures& pictures, const Normalised& to) = 0;

  /// Sets `event` to this point of the stream.
  virtual void record(Event& event) = 0;

  /// Makes all work enqueued later wait until the work before the last recording of `event` is done.
  virtual void wait_for(Event& event) = 0;

  /// Blocks until all work is done.
  virtual void wait() = 0;

  /// Returns the cudaStream_t, or null on the host.
  virtual void* native() const noexcept = 0;
};

/// Blocks until all work of the stream is done or the device has failed. For callers that free the memory it
/// uses.
void wait_until_idle(Stream& stream) noexcept;

/// Owns memory of the device, or the pinning of memory of the host. Not copyable.
class DeviceMemory {
 public:
  explicit DeviceMemory(std::span<std::byte> bytes) noexcept : bytes_(bytes) {}
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;
  virtual ~DeviceMemory() = default;

  std::span<std::byte> bytes() const noexcept { return bytes_; }

 private:
  std::span<std::byte> bytes_;
};

enum class StreamPriority { kNormal, kHigh };

/// One device, and the objects made on it, which must be destroyed before it. All of them are made at the
/// start, because making and freeing may wait for the device. Any thread may use it; the current CUDA device
/// of the calling thread is unchanged. Errors are DeviceErrors that name the attempted action, the device and
/// the rank.
class DeviceRuntime {
 public:
  virtual ~DeviceRuntime() = default;

  virtual Device device() const noexcept = 0;

  /// Makes it the calling thread's current device, for libraries that depend on that.
  virtual void make_current() {}

  virtual std::unique_ptr<Stream> make_stream(StreamPriority priority = StreamPriority::kNormal) = 0;

  /// Wraps a stream of another owner on this device, which must outlive the result. `native` is the
  /// cudaStream_t and not null. A stand-in has no such streams and makes a new one.
  virtual std::unique_ptr<Stream> borrow_stream(void* native) = 0;

  virtual std::unique_ptr<Event> make_event(EventKind kind = EventKind::kOrder) = 0;

  /// Allocates memory of the device, aligned to 256 bytes. Its contents are not set.
  virtual std::unique_ptr<DeviceMemory> allocate(std::size_t bytes) = 0;

  /// Pins host memory of the caller until the result is destroyed, so that copies from and to it are not
  /// interrupted. The memory must outlive the result.
  virtual std::unique_ptr<DeviceMemory> pin(std::span<std::byte> host) = 0;

  /// Returns the bytes of all memory from `allocate` that is not yet freed.
  virtual std::size_t bytes_held() const noexcept = 0;
};

/// Pins `host` as DeviceRuntime::pin does, or warns and returns null. Without pinning, copies are slower and
/// block the thread that enqueues them.
std::unique_ptr<DeviceMemory> pin_if_possible(DeviceRuntime& device, std::span<std::byte> host);

/// Opens the runtime of that device: CUDA's, or for the CPU one that does the same with threads and plain
/// memory. `rank` is for messages. Throws DeviceError when the device cannot be used.
std::shared_ptr<DeviceRuntime> open_device(Device device, int rank = 0);

}  // namespace feedline
