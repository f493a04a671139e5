#include <feedline/data/audio/mel_masks.hpp>

#include <algorithm>
#include <numeric>

namespace feedline {

void cover(const MelMasks& masks, std::span<float> mel, std::size_t bands, std::size_t frames) noexcept {
  if (masks == MelMasks{} || frames == 0) return;
  const std::size_t room = mel.size() / bands;
  for (std::size_t band = 0; band < bands; ++band) {
    const std::span<float> row = mel.subspan(band * room, frames);
    const float mean = std::accumulate(row.begin(), row.end(), 0.0F) / static_cast<float>(frames);
    for (const MelMasks::Span& mask : masks.frames) {
      const auto most = static_cast<std::int32_t>(frames);
      const std::int32_t begin = std::clamp(mask.begin, 0, most);
      std::fill(row.begin() + begin, row.begin() + std::clamp(mask.end, begin, most), mean);
    }
    for (const MelMasks::Span& mask : masks.bands) {
      const auto here = static_cast<std::int32_t>(band);
      if (here >= mask.begin && here < mask.end) std::fill(row.begin(), row.end(), mean);
    }
  }
}

}  // namespace feedline
