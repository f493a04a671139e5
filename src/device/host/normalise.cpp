#include "normalise.hpp"

#include <bit>
#include <cmath>
#include <cstddef>

namespace feedline {
namespace {

/// Calls `f(value, position in the result)` with the normalised value of every byte.
template <typename F>
void for_each(const Pictures& pictures, PictureLayout layout, const F& f) {
  const auto* in = reinterpret_cast<const std::uint8_t*>(pictures.data);
  const std::size_t plane = pictures.plane, channels = pictures.channels;
  for (std::size_t picture = 0; picture < pictures.count; ++picture) {
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t i = 0; i < plane; ++i) {
        const float scaled = static_cast<float>(*in++) * pictures.scale[c];
        const std::size_t place = layout == PictureLayout::kPlanes ? c * plane + i : i * channels + c;
        f(scaled + pictures.shift[c], picture * plane * channels + place);
      }
    }
  }
}

}  // namespace

std::uint16_t to_bfloat16(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return 0x7FFF;
  return static_cast<std::uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

std::uint16_t to_float16(float value) noexcept {
  const auto sign = static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16 & 0x8000);
  if (std::isnan(value)) return 0x7FFF;
  const float size = std::fabs(value);
  constexpr float kTooLarge = 65520;  // halfway from the largest number to the next one if there were one
  if (size >= kTooLarge) return sign | 0x7C00;
  constexpr float kLeastNormal = 0x1p-14f;
  // In units of the number's last bit; nearbyint rounds ties to even.
  const int exponent = size < kLeastNormal ? -14 : std::ilogb(size);
  const auto units = static_cast<std::uint32_t>(std::nearbyint(std::ldexp(size, 10 - exponent)));
  const std::uint32_t magnitude =
      size < kLeastNormal ? units : (static_cast<std::uint32_t>(exponent + 14) << 10) + units;
  return static_cast<std::uint16_t>(sign | magnitude);
}

void normalise_on_host(const Pictures& pictures, const Normalised& to) {
  auto* floats = reinterpret_cast<float*>(to.data);
  auto* halves = reinterpret_cast<std::uint16_t*>(to.data);
  switch (to.number) {
    case FloatType::kFloat32:
      return for_each(pictures, to.layout, [&](float value, std::size_t i) { floats[i] = value; });
    case FloatType::kBFloat16:
      return for_each(pictures, to.layout,
                      [&](float value, std::size_t i) { halves[i] = to_bfloat16(value); });
    case FloatType::kFloat16:
      return for_each(pictures, to.layout,
                      [&](float value, std::size_t i) { halves[i] = to_float16(value); });
  }
}

}  // namespace feedline
