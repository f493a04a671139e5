#include "vorbis_start.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace feedline {
namespace {

constexpr std::size_t kPageHeader = 27, kGranuleAt = 6, kChecksumAt = 22, kSegmentsAt = 26;
constexpr std::size_t kHeaderPackets = 3;
constexpr int kMostModes = 64;

std::uint32_t byte_at(std::span<const std::byte> bytes, std::size_t at) noexcept {
  return std::to_integer<std::uint32_t>(bytes[at]);
}

/// A page: where it lies, its time, and how many packets end up to its end.
struct Page {
  std::size_t begin = 0, end = 0;
  std::int64_t granule = -1;
  std::size_t packets = 0;
};

/// The pages of a stream, and its packets: headers whole, of the others the first byte.
struct Stream {
  std::vector<Page> pages;
  std::vector<std::vector<std::byte>> headers;
  std::vector<std::byte> first_bytes;  ///< of the packets after the headers
};

/// Takes a stream apart; std::nullopt when its pages do not follow each other without a gap.
std::optional<Stream> read_stream(std::span<const std::byte> file) {
  Stream stream;
  std::vector<std::byte> packet;
  std::size_t packets = 0;
  for (std::size_t at = 0; at < file.size();) {
    const auto rest = file.subspan(at);
    if (rest.size() < kPageHeader || std::memcmp(rest.data(), "OggS", 4) != 0) return std::nullopt;
    const std::size_t segments = byte_at(rest, kSegmentsAt);
    std::size_t body = kPageHeader + segments;
    if (rest.size() < body) return std::nullopt;
    for (std::size_t i = 0; i < segments; ++i) {
      const std::size_t size = byte_at(rest, kPageHeader + i);
      if (rest.size() < body + size) return std::nullopt;
      const std::size_t kept =
          packets < kHeaderPackets ? size : std::min(size, 1 - std::min<std::size_t>(packet.size(), 1));
      packet.insert(packet.end(), rest.begin() + static_cast<std::ptrdiff_t>(body),
                    rest.begin() + static_cast<std::ptrdiff_t>(body + kept));
      body += size;
      if (size == 255) continue;
      if (packets < kHeaderPackets) {
        stream.headers.push_back(packet);
      } else {
        stream.first_bytes.push_back(packet.empty() ? std::byte{1} : packet.front());  // empty: no sound
      }
      ++packets;
      packet.clear();
    }
    Page page{at, at + body, -1, packets};
    std::memcpy(&page.granule, rest.data() + kGranuleAt, sizeof page.granule);
    stream.pages.push_back(page);
    at = page.end;
  }
  return stream;
}

/// The bits of a packet from its last to its first: fields that were written before others come after them.
class BitsFromEnd {
 public:
  explicit BitsFromEnd(std::span<const std::byte> bytes) noexcept : bytes_(bytes), left_(8 * bytes.size()) {}

  std::size_t left() const noexcept { return left_; }

  std::uint32_t take(int count) noexcept {
    std::uint32_t value = 0;
    for (int i = 0; i < count && left_ > 0; ++i) {
      --left_;
      value = value << 1U | (byte_at(bytes_, left_ / 8) >> left_ % 8 & 1U);
    }
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t left_;
};

/// For each mode of the setup header whether its blocks are long ones; empty when they are not found. They
/// stand at the packet's end: their number less 1 in 6 bits, for each its flag, two fields of 16 bits that
/// are 0, and a mapping below 64 in 8 bits; then a 1.
std::vector<bool> modes_of(std::span<const std::byte> setup) {
  BitsFromEnd bits(setup);
  while (bits.left() > 0 && bits.take(1) == 0) {
  }
  std::vector<bool> flags, found;  // the last mode first
  while (flags.size() < kMostModes && bits.left() > 47) {
    if (bits.take(8) > 63 || bits.take(16) != 0 || bits.take(16) != 0) break;
    flags.push_back(bits.take(1) != 0);
    BitsFromEnd count = bits;
    if (count.take(6) + 1 == flags.size()) found = flags;
  }
  std::reverse(found.begin(), found.end());
  return found;
}

/// Samples that have been decoded after each packet of sound.
std::vector<std::int64_t> samples_after(const Stream& stream) {
  const std::vector<std::byte>& identification = stream.headers[0];
  if (identification.size() < 30) return {};
  const std::uint32_t sizes = byte_at(identification, 28);
  const std::array<std::int64_t, 2> blocks = {std::int64_t{1} << (sizes & 15U),
                                              std::int64_t{1} << (sizes >> 4U)};
  const std::vector<bool> modes = modes_of(stream.headers[2]);
  if (modes.empty()) return {};
  const auto mode_bits = static_cast<unsigned>(std::bit_width(modes.size() - 1));
  std::vector<std::int64_t> after;
  std::int64_t sum = 0, before = 0;
  for (const std::byte first : stream.first_bytes) {
    const auto value = std::to_integer<std::uint32_t>(first);
    const std::uint32_t mode = value >> 1U & ((1U << mode_bits) - 1);
    if ((value & 1U) != 0 || mode >= modes.size()) {
      after.push_back(sum);
      continue;
    }
    const std::int64_t block = blocks[modes[mode] ? 1 : 0];
    if (before > 0) sum += (before + block) / 4;
    before = block;
    after.push_back(sum);
  }
  return after;
}

/// Polynomial 0x04c11db7, the highest bit first.
std::uint32_t ogg_checksum(std::span<const std::byte> page) noexcept {
  std::uint32_t crc = 0;
  for (const std::byte each : page) {
    crc ^= std::to_integer<std::uint32_t>(each) << 24U;
    for (int bit = 0; bit < 8; ++bit) crc = crc << 1U ^ ((crc & 0x80000000U) != 0 ? 0x04c11db7U : 0);
  }
  return crc;
}

/// Less than this is an encoder's own trimming of the first block.
constexpr std::int64_t kLeastLateness = 4096;

/// By how many samples the times are too late (below 0: too early), as the packets confirm it; 0: they are
/// right, or the packets do not confirm them.
std::int64_t lateness(const Stream& stream) {
  const std::vector<std::int64_t> after = samples_after(stream);
  if (after.empty()) return 0;
  const auto sound_until = [&](const Page& page) {
    return page.packets > kHeaderPackets ? after[page.packets - kHeaderPackets - 1] : 0;
  };
  const auto first = std::find_if(stream.pages.begin(), stream.pages.end(), [&](const Page& page) {
    return page.granule > 0 && page.packets > kHeaderPackets;
  });
  if (first == stream.pages.end()) return 0;
  const std::int64_t late = first->granule - sound_until(*first);
  if (std::abs(late) < kLeastLateness) return 0;
  for (auto page = first; page != stream.pages.end(); ++page) {
    const bool last = page + 1 == stream.pages.end();  // its time may say that the end is left out
    const std::int64_t expected = sound_until(*page) + late;
    if (page->granule >= 0 && (last ? page->granule > expected : page->granule != expected)) return 0;
  }
  return late;
}

}  // namespace

std::vector<std::byte> with_times_from_zero(std::span<const std::byte> file) {
  const auto stream = read_stream(file);
  if (!stream || stream->headers.size() < kHeaderPackets) return {};
  const auto& identification = stream->headers[0];
  if (identification.size() < 7 || std::memcmp(identification.data(), "\x01vorbis", 7) != 0) return {};
  const std::int64_t late = lateness(*stream);
  if (late == 0) return {};
  std::vector<std::byte> moved(file.begin(), file.end());
  for (const Page& page : stream->pages) {
    if (page.granule <= 0) continue;
    const std::span<std::byte> bytes = std::span(moved).subspan(page.begin, page.end - page.begin);
    const std::int64_t granule = page.granule - late;
    std::memcpy(bytes.data() + kGranuleAt, &granule, sizeof granule);
    std::memset(bytes.data() + kChecksumAt, 0, 4);
    const std::uint32_t checksum = ogg_checksum(bytes);
    std::memcpy(bytes.data() + kChecksumAt, &checksum, sizeof checksum);
  }
  return moved;
}

}  // namespace feedline
