#include "wav_samples.hpp"

#include <cstdint>
#include <cstring>

namespace feedline {
namespace {

/// Samples need not lie aligned in a file.
template <class T, class Convert>
void convert(const std::byte* from, std::span<float> out, Convert to_float) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) {
    T value;
    std::memcpy(&value, from + i * sizeof(T), sizeof(T));
    out[i] = to_float(value);
  }
}

void convert24(const std::byte* from, std::span<float> out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i, from += 3) {
    const auto low = static_cast<std::uint32_t>(from[0]), middle = static_cast<std::uint32_t>(from[1]);
    const auto high = static_cast<std::uint32_t>(from[2]);
    const auto value = static_cast<std::int32_t>(high << 24 | middle << 16 | low << 8);
    out[i] = static_cast<float>(value) * 0x1p-31F;
  }
}

std::int32_t of_low_bytes(std::uint32_t value) noexcept {
  return static_cast<std::int32_t>(value << 8) >> 8;
}

/// Writers do not agree at which end of the four bytes the 24 bits lie. At the low end the highest byte only
/// repeats the sign, in every sample.
void convert24_in_32(const std::byte* from, std::span<float> out) noexcept {
  std::uint32_t other = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint32_t value;
    std::memcpy(&value, from + i * sizeof value, sizeof value);
    other |= value ^ static_cast<std::uint32_t>(of_low_bytes(value));
  }
  const float scale = other == 0 ? 0x1p-23F : 0x1p-31F;
  convert<std::int32_t>(from, out, [scale](std::int32_t v) { return static_cast<float>(v) * scale; });
}

}  // namespace

void decode_wav_samples(std::span<const std::byte> data, WavCoding coding, std::span<float> out) noexcept {
  switch (coding) {
    case WavCoding::kUnsigned8:
      return convert<std::uint8_t>(data.data(), out,
                                   [](std::uint8_t v) { return (static_cast<float>(v) - 128) * 0x1p-7F; });
    case WavCoding::kSigned16:
      return convert<std::int16_t>(data.data(), out,
                                   [](std::int16_t v) { return static_cast<float>(v) * 0x1p-15F; });
    case WavCoding::kSigned24:
      return convert24(data.data(), out);
    case WavCoding::kSigned24In32:
      return convert24_in_32(data.data(), out);
    case WavCoding::kSigned32:
      return convert<std::int32_t>(data.data(), out,
                                   [](std::int32_t v) { return static_cast<float>(v) * 0x1p-31F; });
    case WavCoding::kFloat32:
      return convert<float>(data.data(), out, [](float v) { return v; });
    case WavCoding::kFloat64:
      return convert<double>(data.data(), out, [](double v) { return static_cast<float>(v); });
    case WavCoding::kOther:
      return;
  }
}

}  // namespace feedline
