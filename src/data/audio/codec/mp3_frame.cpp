#include "mp3_frame.hpp"

#include <array>

namespace feedline {
namespace {

constexpr std::array<std::uint32_t, 16> kBitratesOfLayer2 = {0,   32,  48,  56,  64,  80,  96,  112,
                                                             128, 160, 192, 224, 256, 320, 384, 0};
constexpr std::array<std::uint32_t, 16> kBitratesOf1 = {0,   32,  40,  48,  56,  64,  80,  96,
                                                        112, 128, 160, 192, 224, 256, 320, 0};
constexpr std::array<std::uint32_t, 16> kBitratesOf2 = {0,  8,  16, 24,  32,  40,  48,  56,
                                                        64, 80, 96, 112, 128, 144, 160, 0};
constexpr std::array<std::uint32_t, 4> kRatesOf1 = {44'100, 48'000, 32'000, 0};

}  // namespace

std::optional<Mp3Frame> parse_mp3_frame(std::span<const std::byte> bytes) noexcept {
  if (bytes.size() < kMp3Header || bytes[0] != std::byte{0xFF}) return std::nullopt;
  const auto second = std::to_integer<std::uint32_t>(bytes[1]);
  const auto third = std::to_integer<std::uint32_t>(bytes[2]);
  const std::uint32_t version = second >> 3U & 3U;  // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
  const bool layer2 = (second & 0xE6U) == 0xE4U, layer3 = (second & 0xE6U) == 0xE2U;
  const bool mpeg1 = version == 3;
  const auto& bitrates = !mpeg1 ? kBitratesOf2 : layer2 ? kBitratesOfLayer2 : kBitratesOf1;
  const std::uint32_t kilobits = bitrates[third >> 4U];
  const std::uint32_t rate = kRatesOf1[third >> 2U & 3U] >> (mpeg1 ? 0U : version == 2 ? 1U : 2U);
  if ((!layer2 && !layer3) || version == 1 || kilobits == 0 || rate == 0) return std::nullopt;
  const bool mono = (bytes[3] & std::byte{0xC0}) == std::byte{0xC0};
  Mp3Frame frame;
  frame.is_layer3 = layer3;
  frame.samples = mpeg1 || layer2 ? 1152 : 576;
  frame.bytes = frame.samples / 8 * kilobits * 1000 / rate + (third >> 1U & 1U);
  frame.rate = rate;
  frame.channels = mono ? 1 : 2;
  frame.side_bytes = mpeg1 ? (mono ? 17 : 32) : (mono ? 9 : 17);
  return frame;
}

}  // namespace feedline
