#pragma once

#include "audio/mel/log_mel.hpp"

#include <feedline/data/audio/device_log_mel.hpp>

namespace feedline {

/// Makes spectrograms by LogMel, on the thread of a HostStream.
class HostLogMel final : public DeviceLogMel {
 public:
  HostLogMel(const MelSpec& spec, const WaveRoom& room);

  const MelSpec& spec() const noexcept override { return log_mel_.spec(); }
  void run(const WaveBatch& waves, const MelBatch& mels, Stream& stream) override;

 private:
  void make_row(const WaveBatch& waves, const MelBatch& mels, std::uint32_t row);

  LogMel log_mel_;
  LogMel::Scratch scratch_;
  WaveRoom room_;
};

}  // namespace feedline
