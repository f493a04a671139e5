#include "mel_chunks.hpp"

#include "mel_math.hpp"

#include <feedline/common/errors.hpp>

#include <algorithm>
#include <limits>

namespace feedline {

std::int32_t chunk_frames(const MelSpec& spec, const WaveRoom& room, std::uint64_t most_bytes) {
  ensure(room.rows > 0 && room.samples > 0 && room.samples <= kMostRowSamples,
         "a batch of waves without rows");
  const std::uint64_t all = std::max<std::uint64_t>(1, room.rows * mel_frames(spec, room.samples));
  ensure(all * spec.n_mels <= std::numeric_limits<std::int32_t>::max(), "a batch of waves without end");
  const std::uint64_t most = std::max<std::uint64_t>(1, most_bytes / ((spec.n_fft + 2) * sizeof(float)));
  const std::uint64_t parts = (all + most - 1) / most;
  return static_cast<std::int32_t>((all + parts - 1) / parts);
}

void check_batch(const MelSpec& spec, const WaveRoom& room, const WaveBatch& waves, const MelBatch& mels) {
  ensure(waves.rows <= room.rows && waves.samples <= room.samples, "a batch of waves larger than was said");
  ensure(mel_frames(spec, waves.samples) <= mels.room, "spectrograms larger than their place");
}

}  // namespace feedline
