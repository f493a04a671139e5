#include "exif.hpp"

#include <cstdint>
#include <cstring>

namespace feedline {
namespace {

constexpr std::size_t kPrefix = 6;
constexpr std::size_t kEntryBytes = 12;
constexpr std::uint32_t kOrientationTag = 274;
constexpr std::uint32_t kShortType = 3;

/// Numbers of a TIFF block, in the byte order it declares; 0 outside of it.
class TiffReader {
 public:
  explicit TiffReader(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {
    big_endian_ = bytes.size() > 1 && bytes[0] == std::byte{'M'};
  }

  std::uint32_t number(std::size_t at, std::size_t size) const noexcept {
    if (at > bytes_.size() || size > bytes_.size() - at) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const auto byte = std::to_integer<std::uint32_t>(bytes_[at + (big_endian_ ? i : size - 1 - i)]);
      value = value << 8 | byte;
    }
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
  bool big_endian_ = false;
};

}  // namespace

int exif_orientation(std::span<const std::byte> block) noexcept {
  if (block.size() < kPrefix + 8 || std::memcmp(block.data(), "Exif\0", kPrefix) != 0) return 1;
  const TiffReader tiff(block.subspan(kPrefix));
  if (tiff.number(2, 2) != 42) return 1;
  const std::size_t directory = tiff.number(4, 4);
  const std::uint32_t entries = tiff.number(directory, 2);
  for (std::uint32_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    if (tiff.number(entry, 2) != kOrientationTag || tiff.number(entry + 2, 2) != kShortType) continue;
    const std::uint32_t value = tiff.number(entry + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace feedline
