#include "exif.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace feedline {
namespace {

constexpr std::size_t kHeadBytes = 8;
constexpr std::size_t kEntryBytes = 12;
constexpr std::size_t kInlineBytes = 4;
constexpr std::uint32_t kOrientationTag = 274;

/// Types of values: TIFF 6.0, section 2, and the later ones that Pillow knows.
enum Type : std::uint32_t {
  kShort = 3,
  kLong = 4,
  kRational = 5,
  kSignedByte = 6,
  kSignedShort = 8,
  kSignedLong = 9,
  kSignedRational = 10,
  kFloat = 11,
  kDouble = 12,
  kIfd = 13,
  kLong8 = 16
};

/// Bytes of a value of this type; 0: text, or bytes without a meaning, or no type.
std::size_t size_of(std::uint32_t type) noexcept {
  switch (type) {
    case kSignedByte:
      return 1;
    case kShort:
    case kSignedShort:
      return 2;
    case kLong:
    case kSignedLong:
    case kFloat:
    case kIfd:
      return 4;
    case kRational:
    case kSignedRational:
    case kDouble:
    case kLong8:
      return 8;
    default:
      return 0;
  }
}

/// Numbers of a TIFF block, in the byte order that it declares.
class TiffReader {
 public:
  explicit TiffReader(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {
    big_endian_ = !bytes.empty() && bytes[0] == std::byte{'M'};
  }

  /// "II" or "MM" and 42, which some programs write in the wrong byte order.
  bool is_tiff() const noexcept {
    if (!holds(0, kHeadBytes) || bytes_[0] != bytes_[1]) return false;
    if (bytes_[0] != std::byte{'I'} && bytes_[0] != std::byte{'M'}) return false;
    return number(2, 2) == 42 || number(2, 2) == 42 << 8;
  }

  bool holds(std::uint64_t at, std::uint64_t size) const noexcept {
    return at <= bytes_.size() && size <= bytes_.size() - at;
  }

  /// Of bytes that the block holds.
  std::uint64_t number(std::uint64_t at, std::size_t size) const noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      value = value << 8 | std::to_integer<std::uint64_t>(bytes_[at + (big_endian_ ? i : size - 1 - i)]);
    }
    return value;
  }

  /// The first value of an entry that lies at `at`, 0 for what is no number from 1 on.
  double value(std::uint32_t type, std::uint64_t at) const noexcept {
    switch (type) {
      case kRational:
      case kSignedRational: {
        const auto divisor = static_cast<double>(number(at + 4, 4));
        return divisor > 0 ? static_cast<double>(number(at, 4)) / divisor : 0;
      }
      case kFloat:
        return std::bit_cast<float>(static_cast<std::uint32_t>(number(at, 4)));
      case kDouble:
        return std::bit_cast<double>(number(at, 8));
      default:
        return static_cast<double>(number(at, size_of(type)));
    }
  }

 private:
  std::span<const std::byte> bytes_;
  bool big_endian_ = false;
};

std::span<const std::byte> without_start(std::span<const std::byte> block) noexcept {
  for (int i = 0; i < 2; ++i) {  // some programs write it twice
    if (block.size() < kExifStart.size() ||
        std::memcmp(block.data(), kExifStart.data(), kExifStart.size()) != 0) {
      break;
    }
    block = block.subspan(kExifStart.size());
  }
  return block;
}

constexpr std::string_view kNotReadable = "its EXIF block cannot be read";
constexpr std::string_view kCutOff = "its EXIF block ends early";
constexpr std::string_view kNoOrientation = "the orientation in its EXIF block makes no sense";

struct Finding {
  std::optional<int> orientation;
  std::string_view damage;
};

/// 0 stands for none, as some cameras write it.
Finding orientation_of(double value) noexcept {
  for (int way = 1; way <= 8; ++way) {
    if (value == way) return {way, {}};
  }
  return {1, value == 0 ? std::string_view{} : kNoOrientation};
}

Finding read_block(std::span<const std::byte> block) noexcept {
  const TiffReader tiff(without_start(block));
  if (!tiff.is_tiff()) return {std::nullopt, kNotReadable};
  const std::uint64_t directory = tiff.number(4, 4);
  if (!tiff.holds(directory, 2)) return {std::nullopt, kCutOff};
  const std::uint64_t entries = tiff.number(directory, 2);
  Finding found;
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::uint64_t entry = directory + 2 + i * kEntryBytes;
    if (!tiff.holds(entry, kEntryBytes)) return {std::nullopt, kCutOff};
    if (tiff.number(entry, 2) != kOrientationTag) continue;
    const auto type = static_cast<std::uint32_t>(tiff.number(entry + 2, 2));
    const std::uint64_t bytes = tiff.number(entry + 4, 4) * size_of(type);
    const std::uint64_t at = bytes > kInlineBytes ? tiff.number(entry + 8, 4) : entry + 8;
    if (bytes > 0 && tiff.holds(at, bytes)) return orientation_of(tiff.value(type, at));
    found.damage = kNoOrientation;
  }
  return found;
}

}  // namespace

std::optional<int> exif_orientation(std::span<const std::byte> block) noexcept {
  return read_block(block).orientation;
}

std::string_view exif_damage(std::span<const std::byte> block) noexcept {
  return read_block(block).damage;
}

}  // namespace feedline
