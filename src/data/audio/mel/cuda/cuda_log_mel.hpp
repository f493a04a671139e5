#pragma once

#include "audio/mel/mel_filters.hpp"
#include "mel_kernels.hpp"
#include "real_transforms.hpp"

#include <feedline/data/audio/device_log_mel.hpp>

#include <memory>
#include <span>

namespace feedline {

/// Makes spectrograms by kernels and cuFFT. The frames of a batch are transformed in chunks, so that their
/// memory has a limit.
class CudaLogMel final : public DeviceLogMel {
 public:
  CudaLogMel(const MelSpec& spec, const WaveRoom& room, DeviceRuntime& device, int rank);

  const MelSpec& spec() const noexcept override { return spec_; }
  void run(const WaveBatch& waves, const MelBatch& mels, Stream& stream) override;

 private:
  template <class T>
  std::unique_ptr<DeviceMemory> table(std::span<const T> values, DeviceRuntime& device, Stream& stream);
  void warm_up(DeviceRuntime& device, Stream& stream);
  MelJob job_of(const WaveBatch& waves, const MelBatch& mels) const;

  MelSpec spec_;
  WaveRoom room_;
  CudaCaller caller_;
  MelMath math_;
  std::unique_ptr<DeviceMemory> window_, triangles_, weights_, largest_, frames_;
  std::int32_t chunk_;
  RealTransforms transforms_;
};

}  // namespace feedline
