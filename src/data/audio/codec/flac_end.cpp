#include "flac_end.hpp"

#include "bytes.hpp"

#include <algorithm>
#include <bit>
#include <optional>

namespace feedline {
namespace {

constexpr std::size_t kHead = 42;  ///< "fLaC" and STREAMINFO
constexpr std::size_t kLongestHeader = 16;
constexpr std::size_t kTail = 64 << 10;  ///< more than most frames take
constexpr std::size_t kLargestTail = 1 << 20;

std::uint32_t byte_at(std::span<const std::byte> bytes, std::size_t at) noexcept {
  return std::to_integer<std::uint32_t>(bytes[at]);
}

bool is_flac(std::span<const std::byte> file) noexcept {
  return file.size() >= kHead && text_of(file).starts_with("fLaC") && (byte_at(file, 4) & 0x7FU) == 0;
}

/// Polynomial x^8 + x^2 + x + 1.
std::uint32_t crc8(std::span<const std::byte> bytes) noexcept {
  std::uint32_t crc = 0;
  for (const std::byte each : bytes) {
    crc ^= std::to_integer<std::uint32_t>(each);
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1U ^ ((crc & 0x80U) != 0 ? 0x07U : 0)) & 0xFFU;
  }
  return crc;
}

/// Reads a header's fields one after the other; past its end every field is 0.
class HeaderReader {
 public:
  explicit HeaderReader(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}

  std::uint32_t byte() noexcept { return at_ < bytes_.size() ? byte_at(bytes_, at_++) : 0; }

  /// A number of up to 36 bits, coded as UTF-8 codes characters.
  std::optional<std::uint64_t> number() noexcept {
    const std::uint32_t first = byte();
    const int ones = std::countl_one(static_cast<std::uint8_t>(first));
    if (ones == 0) return first;
    if (ones == 1 || ones == 8) return std::nullopt;
    std::uint64_t value = first & (0x7FU >> static_cast<unsigned>(ones));
    for (int i = 1; i < ones; ++i) {
      const std::uint32_t next = byte();
      if ((next & 0xC0U) != 0x80U) return std::nullopt;
      value = value << 6U | (next & 0x3FU);
    }
    return value;
  }

  std::size_t position() const noexcept { return at_; }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

/// Samples of a frame whose size has this code, or std::nullopt for a reserved one.
std::optional<std::uint32_t> block_size(std::uint32_t code, HeaderReader& reader) noexcept {
  if (code == 0) return std::nullopt;
  if (code == 1) return 192;
  if (code <= 5) return 576U << (code - 2);
  if (code == 6) return reader.byte() + 1;
  if (code == 7) {
    const std::uint32_t high = reader.byte();
    return (high << 8U | reader.byte()) + 1;
  }
  return 256U << (code - 8);
}

/// The last sample after the frame whose header begins at `bytes`, or std::nullopt when there is none.
std::optional<std::uint64_t> end_of_frame(std::span<const std::byte> bytes,
                                          std::uint32_t usual_block) noexcept {
  HeaderReader reader(bytes);
  if (reader.byte() != 0xFFU) return std::nullopt;
  const std::uint32_t second = reader.byte(), sizes = reader.byte(), kinds = reader.byte();
  const std::uint32_t rate = sizes & 0x0FU;
  if ((second & 0xFEU) != 0xF8U || rate == 15 || kinds >> 4U > 10 || (kinds & 1U) != 0) return std::nullopt;
  const auto number = reader.number();
  const auto samples = block_size(sizes >> 4U, reader);
  if (!number || !samples) return std::nullopt;
  if (rate >= 12) reader.byte();
  if (rate >= 13) reader.byte();
  const std::size_t length = reader.position();
  if (length >= bytes.size() || crc8(bytes.first(length)) != byte_at(bytes, length)) return std::nullopt;
  const bool counts_samples = (second & 1U) != 0;
  return (counts_samples ? *number : *number * usual_block) + *samples;
}

/// Bytes of the file's end in which a frame begins.
std::size_t tail_size(std::span<const std::byte> file) noexcept {
  const std::size_t largest_frame =
      std::size_t{byte_at(file, 15)} << 16U | byte_at(file, 16) << 8U | byte_at(file, 17);
  return std::min(std::clamp(2 * largest_frame, kTail, kLargestTail), file.size());
}

}  // namespace

std::uint64_t flac_frames_at_end(std::span<const std::byte> file) noexcept {
  if (!is_flac(file)) return 0;
  const std::uint32_t usual_block = byte_at(file, 10) << 8U | byte_at(file, 11);
  const auto tail = file.last(tail_size(file));
  for (std::size_t at = tail.size(); at-- > 0;) {
    const auto header = tail.subspan(at, std::min(kLongestHeader, tail.size() - at));
    if (const auto end = end_of_frame(header, usual_block)) return *end;
  }
  return 0;
}

}  // namespace feedline
