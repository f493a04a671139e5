#include "wav_samples.hpp"

#include <cmath>
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

/// The bits that are set in any sample, and those that differ in any from the repeated sign of its low
/// `bits`.
struct UsedBits {
  std::uint32_t set = 0;
  std::uint32_t beyond_sign = 0;
};

UsedBits used_bits(const std::byte* from, std::size_t samples, unsigned bits) noexcept {
  UsedBits used;
  for (std::size_t i = 0; i < samples; ++i) {
    std::uint32_t value;
    std::memcpy(&value, from + i * sizeof value, sizeof value);
    const auto extended = static_cast<std::int32_t>(value << (32 - bits)) >> (32 - bits);
    used.set |= value;
    used.beyond_sign |= value ^ static_cast<std::uint32_t>(extended);
  }
  return used;
}

/// Writers do not agree at which end of the four bytes the bits lie. At the low end the others only repeat
/// the sign, in every sample. A sound that is so quiet at the high end looks the same, except that its low
/// bits are never set; `low_if_unclear` decides what is taken for that.
void convert_part_of_32(const std::byte* from, std::span<float> out, unsigned bits,
                        bool low_if_unclear) noexcept {
  const UsedBits used = used_bits(from, out.size(), bits);
  const bool uses_low_end = (used.set & ((1U << (32 - bits)) - 1)) != 0;
  const bool is_low = used.beyond_sign == 0 && (uses_low_end || low_if_unclear);
  const float scale = is_low ? std::ldexp(1.0F, 1 - static_cast<int>(bits)) : 0x1p-31F;
  convert<std::int32_t>(from, out, [scale](std::int32_t v) { return static_cast<float>(v) * scale; });
}

}  // namespace

void decode_wav_samples(std::span<const std::byte> data, const WavHeader& wav,
                        std::span<float> out) noexcept {
  switch (wav.coding) {
    case WavCoding::kUnsigned8:
      return convert<std::uint8_t>(data.data(), out,
                                   [](std::uint8_t v) { return (static_cast<float>(v) - 128) * 0x1p-7F; });
    case WavCoding::kSigned16:
      return convert<std::int16_t>(data.data(), out,
                                   [](std::int16_t v) { return static_cast<float>(v) * 0x1p-15F; });
    case WavCoding::kSigned24:
      return convert24(data.data(), out);
    case WavCoding::kSigned24In32:
      return convert_part_of_32(data.data(), out, 24, true);
    case WavCoding::kPartOf32:
      return convert_part_of_32(data.data(), out, wav.valid_bits, false);
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
