#pragma once

#include <feedline/data/audio/mel_masks.hpp>
#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/device/device_runtime.hpp>

#include <cstdint>
#include <memory>

namespace feedline {

/// The largest size of one call.
struct WaveRoom {
  std::uint32_t rows = 0;
  std::uint32_t samples = 0;  ///< Samples that a row has room for
};

/// Recordings in device memory: mono, at the spec's rate, each at the start of its row.
struct WaveBatch {
  const float* waves = nullptr;           ///< [rows, samples]
  const std::int64_t* lengths = nullptr;  ///< [rows], in samples
  std::uint32_t rows = 0;
  std::uint32_t samples = 0;
  const MelMasks* masks = nullptr;  ///< [rows]; null: nothing is masked
};

/// The destination of their spectrograms, in device memory.
struct MelBatch {
  float* mels = nullptr;            ///< [rows, n_mels, room]
  std::int64_t* lengths = nullptr;  ///< [rows], in frames; null when not wanted
  std::uint32_t room = 0;           ///< Frames; at least mel_frames of a row's samples
};

/// Log-mel spectrograms of whole batches, computed by a device: the values of LogMel, except for differences
/// from another order of float sums (1e-4 of the natural logarithm where a band is not far below the loudest
/// of its frame). All memory is allocated at construction.
///
/// Thread rule: one thread at a time. All calls share one scratch: use one stream, or make each call wait for
/// the previous one.
class DeviceLogMel {
 public:
  virtual ~DeviceLogMel() = default;

  virtual const MelSpec& spec() const noexcept = 0;

  /// Enqueues the spectrograms in `stream`, which must belong to the device given at construction; never
  /// blocks. The frames of a recording are followed by the spec's padding value. Masks are applied last, see
  /// cover. A recording of fewer than samples_needed samples has no frames; one that is longer than its row
  /// ends with it. Values of a row after its recording have no influence. Throws InternalError for batches
  /// larger than the given WaveRoom, DeviceError when the device fails.
  virtual void run(const WaveBatch& waves, const MelBatch& mels, Stream& stream) = 0;
};

/// Makes one for that device: CUDA kernels and cuFFT, or LogMel for the CPU's stand-in. `spec` must be valid
/// (see check); `rank` is for messages. `device` must outlive the result. Throws DeviceError.
std::unique_ptr<DeviceLogMel> make_device_log_mel(const MelSpec& spec, const WaveRoom& room,
                                                  DeviceRuntime& device, int rank = 0);

}  // namespace feedline
