#include <feedline/data/image/random_erasing.hpp>

#include <cmath>
#include <cstddef>
#include <cstring>

namespace feedline {
namespace {

constexpr int kTries = 10;

double between(Philox& random, double low, double high) noexcept {
  return low + (high - low) * static_cast<double>(random.next_float());
}

}  // namespace

void RandomErasing::apply(Philox& random, std::span<std::uint8_t> planes, std::uint32_t height,
                          std::uint32_t width) const noexcept {
  if (random.next_float() >= p) return;
  const double area = static_cast<double>(height) * width;
  const double low = std::log(min_ratio), high = std::log(max_ratio);
  for (int i = 0; i < kTries; ++i) {
    const double wanted = area * between(random, min_scale, max_scale);
    const double ratio = std::exp(between(random, low, high));
    const auto h = static_cast<std::uint32_t>(std::lround(std::sqrt(wanted * ratio)));
    const auto w = static_cast<std::uint32_t>(std::lround(std::sqrt(wanted / ratio)));
    if (h >= height || w >= width) continue;
    const std::uint32_t top = random.next_below(height - h + 1), left = random.next_below(width - w + 1);
    for (std::size_t channel = 0; channel < fill.size(); ++channel) {
      std::uint8_t* plane = planes.data() + channel * height * width;
      for (std::uint32_t y = top; y < top + h; ++y)
        std::memset(plane + std::size_t{y} * width + left, fill[channel], w);
    }
    return;
  }
}

}  // namespace feedline
