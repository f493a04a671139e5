#pragma once

#include <feedline/data/audio/mel_masks.hpp>
#include <feedline/data/audio/mel_spec.hpp>
#include <feedline/device/device_runtime.hpp>

#include <cstdint>
#include <memory>

namespace feedline {

/// The most that one call may bring.
struct WaveRoom {
  std::uint32_t rows = 0;
  std::uint32_t samples = 0;  ///< that a row has room for
};

/// Recordings in memory of the device: mono, at the spec's rate, each at the start of its row.
struct WaveBatch {
  const float* waves = nullptr;           ///< [rows, samples]
  const std::int64_t* lengths = nullptr;  ///< [rows], in samples
  std::uint32_t rows = 0;
  std::uint32_t samples = 0;
  const MelMasks* masks = nullptr;  ///< [rows]; null: nothing is covered
};

/// Where their spectrograms go, in memory of the device.
struct MelBatch {
  float* mels = nullptr;            ///< [rows, n_mels, room]
  std::int64_t* lengths = nullptr;  ///< [rows], in frames; null when they are not wanted
  std::uint32_t room = 0;           ///< frames; at least mel_frames of a row's samples
};

/// Log-mel spectrograms of whole batches, made by a device: the numbers of LogMel, but for what another order
/// of float sums changes (1e-4 of the natural logarithm where a band is not far below the loudest of its
/// frame). Everything is allocated when it is made.
///
/// Thread rule: one thread at a time. All calls share one scratch: use one stream, or have the next one wait
/// for the last.
class DeviceLogMel {
 public:
  virtual ~DeviceLogMel() = default;

  virtual const MelSpec& spec() const noexcept = 0;

  /// Asks `stream`, of the device that it was made for, for the spectrograms; never blocks. Behind a
  /// recording's frames stands the spec's padding value. Masks are applied last, see cover. A recording of
  /// fewer than samples_needed samples has no frames; one that is longer than its row ends with it. What is
  /// in a row behind its recording changes nothing. Throws InternalError for batches that are larger than was
  /// said, DeviceError when the device fails.
  virtual void run(const WaveBatch& waves, const MelBatch& mels, Stream& stream) = 0;
};

/// For that device: CUDA's kernels and cuFFT, or for the CPU's stand-in LogMel. `spec` must hold (see check);
/// `rank` is for messages. `device` must outlive the result. Throws DeviceError.
std::unique_ptr<DeviceLogMel> make_device_log_mel(const MelSpec& spec, const WaveRoom& room,
                                                  DeviceRuntime& device, int rank = 0);

}  // namespace feedline
