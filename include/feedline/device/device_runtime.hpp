#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/device/device.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace feedline {

/// A point in the work of a stream. Any thread may ask.
class Event {
 public:
  virtual ~Event() = default;

  /// Whether all work before its last recording is done; true before the first. Never blocks. Throws
  /// DeviceError when the device has failed.
  virtual bool done() = 0;

  /// Blocks until it is done, without using the CPU. Throws like `done`.
  virtual void wait() = 0;

  /// How long after `earlier` the device came to here. Both tell the time and are done.
  virtual Clock::duration since(Event& earlier) = 0;
};

/// What an event is for: to wait for, or to tell the time as well, which takes the device a little longer.
enum class EventKind { kOrder, kTime };

/// Rows whose checksums a device is to work out.
struct RowsToSum {
  const std::byte* data = nullptr;
  std::size_t row_bytes = 0;
  std::uint32_t count = 0;
  std::uint32_t first_place = 0;  ///< see sum64
};

/// Pictures of bytes, one after the other: uint8 [count, channels, plane], where a plane is height x width.
/// What is to become of a byte of channel c: byte * scale[c] + shift[c]. All in memory of the device.
struct Pictures {
  const std::byte* data = nullptr;
  std::uint32_t count = 0;
  std::uint32_t channels = 0;
  std::uint32_t plane = 0;  ///< pixels of one
  const float* scale = nullptr;
  const float* shift = nullptr;
};

enum class Number { kFloat32, kBFloat16, kFloat16 };
enum class PictureLayout { kPlanes, kChannelsLast };  ///< NCHW, NHWC

/// Where normalised pictures go: as many numbers as there are bytes, in memory of the device.
struct Normalised {
  std::byte* data = nullptr;
  Number number = Number::kFloat32;
  PictureLayout layout = PictureLayout::kPlanes;
};

/// A queue of work that one device does in order, while the thread that asked for it goes on. One thread at a
/// time. Streams of a device do not wait for each other, but by events. No call here blocks but `wait`.
class Stream {
 public:
  virtual ~Stream() = default;

  /// Between memory of the device and pinned memory of the host, or within either. Both must stay until the
  /// copy is done. From host memory that is not pinned it may block.
  virtual void copy(std::byte* to, const std::byte* from, std::size_t bytes) = 0;

  /// Sets `bytes` of the device to 0.
  virtual void clear(std::byte* to, std::size_t bytes) = 0;

  /// Adds to sums[i] the sum64 of row i of `rows`, which follow each other; all of it in memory of the
  /// device.
  virtual void add_row_sums(const RowsToSum& rows, std::uint64_t* sums) = 0;

  /// Normalises, converts and lays out in one pass. Computed in fp32, the product and the sum each rounded to
  /// the nearest, then converted to the nearest number: the same bits on every device.
  virtual void normalise(const Pictures& pictures, const Normalised& to) = 0;

  /// Sets `event` to here.
  virtual void record(Event& event) = 0;

  /// What is asked for later is not begun before the work that `event` was last set behind is done.
  virtual void wait_for(Event& event) = 0;

  /// Blocks until all work is done.
  virtual void wait() = 0;

  /// The cudaStream_t; null on the host.
  virtual void* native() const noexcept = 0;
};

/// Blocks until all work of the stream is done or the device has failed: for those who free what it uses.
void wait_until_idle(Stream& stream) noexcept;

/// An owner of memory of the device, or of what pins memory of the host; not for copying.
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

/// One device, and all that is made on it, which must go before it. Everything is made at start: making and
/// freeing may wait for the device. Any thread; the current CUDA device of the calling thread stays what it
/// was. Errors are DeviceErrors that say what was tried, on which device, by which rank.
class DeviceRuntime {
 public:
  virtual ~DeviceRuntime() = default;

  virtual Device device() const noexcept = 0;

  /// Makes it the calling thread's current device, for libraries that go by that.
  virtual void make_current() {}

  virtual std::unique_ptr<Stream> make_stream(StreamPriority priority = StreamPriority::kNormal) = 0;

  /// A stream that somebody else has made on this device and keeps for longer: the cudaStream_t, not null. A
  /// stand-in has none of others, so that it makes one.
  virtual std::unique_ptr<Stream> borrow_stream(void* native) = 0;

  virtual std::unique_ptr<Event> make_event(EventKind kind = EventKind::kOrder) = 0;

  /// Aligned to 256 bytes; its contents are not set.
  virtual std::unique_ptr<DeviceMemory> allocate(std::size_t bytes) = 0;

  /// Host memory of the caller, pinned until the result goes, so that copies from and to it are not
  /// interrupted; the memory must stay so long.
  virtual std::unique_ptr<DeviceMemory> pin(std::span<std::byte> host) = 0;

  /// All bytes that `allocate` holds.
  virtual std::size_t bytes_held() const noexcept = 0;
};

/// Pins `host` as DeviceRuntime::pin does, or warns and returns null: then copies are slower, and block the
/// thread that asks for them.
std::unique_ptr<DeviceMemory> pin_if_possible(DeviceRuntime& device, std::span<std::byte> host);

/// The runtime of that device: CUDA's, or for the CPU one that does the same with threads and plain memory.
/// `rank` is for messages. Throws DeviceError when it cannot be used.
std::shared_ptr<DeviceRuntime> open_device(Device device, int rank = 0);

}  // namespace feedline
