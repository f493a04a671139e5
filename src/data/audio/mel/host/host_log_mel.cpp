#include "host_log_mel.hpp"

#include "audio/mel/mel_chunks.hpp"

#include <feedline/device/host_runtime.hpp>

#include <algorithm>
#include <limits>

namespace feedline {

HostLogMel::HostLogMel(const MelSpec& spec, const WaveRoom& room) : log_mel_(spec), room_(room) {
  chunk_frames(spec, room, std::numeric_limits<std::uint64_t>::max());  // only for what it refuses
}

void HostLogMel::run(const WaveBatch& waves, const MelBatch& mels, Stream& stream) {
  check_batch(spec(), room_, waves, mels);
  static_cast<HostStream&>(stream).run([this, waves, mels] {
    for (std::uint32_t row = 0; row < waves.rows; ++row) make_row(waves, mels, row);
  });
}

void HostLogMel::make_row(const WaveBatch& waves, const MelBatch& mels, std::uint32_t row) {
  const std::size_t length =
      static_cast<std::size_t>(std::clamp<std::int64_t>(waves.lengths[row], 0, waves.samples));
  const std::size_t floats = std::size_t{mels.room} * spec().n_mels;
  const std::span<float> out(mels.mels + row * floats, floats);
  const bool enough = length >= samples_needed(spec());
  if (enough) {
    log_mel_.compute({waves.waves + std::size_t{row} * waves.samples, length}, scratch_, out, mels.room);
  } else {
    std::fill(out.begin(), out.end(), spec().pad_value);
  }
  const std::uint64_t frames = enough ? mel_frames(spec(), length) : 0;
  if (waves.masks != nullptr) cover(waves.masks[row], out, spec().n_mels, frames);
  if (mels.lengths != nullptr) mels.lengths[row] = static_cast<std::int64_t>(frames);
}

}  // namespace feedline
