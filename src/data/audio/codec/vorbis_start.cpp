#include "vorbis_start.hpp"

#include "ogg_page.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace feedline {
namespace {

constexpr std::size_t kHeaderPackets = 3, kFullSegment = 255;
constexpr std::size_t kName = 7, kIdentification = 30;  ///< bytes of the first header and of its name
constexpr std::byte kNoSound{1};                        ///< first byte of a packet that is no sound
constexpr int kMostModes = 64;

/// Less than this is an encoder's own trimming of the first block.
constexpr std::int64_t kLeastLateness = 4096;

std::uint32_t byte_at(std::span<const std::byte> bytes, std::size_t at) noexcept {
  return std::to_integer<std::uint32_t>(bytes[at]);
}

/// A page, and how many packets of the stream end up to its end.
struct TimedPage {
  OggPage page;
  std::size_t packets = 0;

  bool tells_time_of_sound() const noexcept { return page.granule > 0 && packets > kHeaderPackets; }
};

/// A stream as far as it has been read: its pages, and its packets: headers whole, of the others the first
/// byte.
struct Stream {
  std::vector<TimedPage> pages;
  std::vector<std::vector<std::byte>> headers;
  std::vector<std::byte> first_bytes;  ///< of the packets after the headers
  std::vector<std::byte> begun;        ///< what is kept of a packet that goes on in the next page

  std::size_t packets() const noexcept { return headers.size() + first_bytes.size(); }

  bool may_be_vorbis() const noexcept {
    return headers.empty() ||
           (headers[0].size() >= kIdentification && std::memcmp(headers[0].data(), "\x01vorbis", kName) == 0);
  }
};

void add_page(const OggPage& page, Stream& stream) {
  std::size_t at = 0;
  for (const std::byte segment : page.segments) {
    const auto piece = page.body.subspan(at, std::to_integer<std::size_t>(segment));
    at += piece.size();
    const bool is_header = stream.headers.size() < kHeaderPackets;
    const std::size_t kept =
        is_header ? piece.size() : std::min<std::size_t>(piece.size(), stream.begun.empty() ? 1 : 0);
    stream.begun.insert(stream.begun.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(kept));
    if (piece.size() == kFullSegment) continue;
    if (is_header) {
      stream.headers.push_back(stream.begun);
    } else {
      stream.first_bytes.push_back(stream.begun.empty() ? kNoSound : stream.begun.front());
    }
    stream.begun.clear();
  }
  stream.pages.push_back({page, stream.packets()});
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

/// Samples of sound up to the end of a page that tells the time of sound; `after` as samples_after() has it.
std::int64_t sound_until(const TimedPage& page, const std::vector<std::int64_t>& after) noexcept {
  return after[page.packets - kHeaderPackets - 1];
}

/// By how many samples the times are too late (below 0: too early), by the last page that was read; 0: not by
/// many, or the setup is not understood.
std::int64_t lateness(const Stream& stream) {
  const std::vector<std::int64_t> after = samples_after(stream);
  if (after.empty()) return 0;
  const TimedPage& last = stream.pages.back();
  const std::int64_t late = last.page.granule - sound_until(last, after);
  return std::abs(late) < kLeastLateness ? 0 : late;
}

/// Whether the times of all pages are late by as much; that of the last one may say that the end is left out.
bool is_late_throughout(const Stream& stream, std::int64_t late) {
  const std::vector<std::int64_t> after = samples_after(stream);
  for (const TimedPage& each : stream.pages) {
    if (!each.tells_time_of_sound()) continue;
    const std::int64_t expected = sound_until(each, after) + late;
    const bool is_last = &each == &stream.pages.back();
    if (is_last ? each.page.granule > expected : each.page.granule != expected) return false;
  }
  return true;
}

}  // namespace

std::vector<std::byte> with_times_from_zero(std::span<const std::byte> file) {
  Stream stream;
  std::int64_t late = 0;
  for (std::size_t at = 0; at < file.size(); at = stream.pages.back().page.end) {
    const auto page = ogg_page_at(file, at);
    if (!page) return {};
    add_page(*page, stream);
    if (!stream.may_be_vorbis()) return {};
    if (late != 0 || !stream.pages.back().tells_time_of_sound()) continue;
    late = lateness(stream);
    if (late == 0) return {};  // as of nearly all files: the rest need not be read
  }
  if (late == 0 || !is_late_throughout(stream, late)) return {};
  std::vector<std::byte> moved(file.begin(), file.end());
  for (const TimedPage& each : stream.pages) {
    const OggPage& page = each.page;
    if (page.granule <= 0) continue;
    const std::span<std::byte> bytes = std::span(moved).subspan(page.begin, page.end - page.begin);
    const std::int64_t granule = page.granule - late;
    std::memcpy(bytes.data() + OggPage::kGranuleAt, &granule, sizeof granule);
    std::memset(bytes.data() + OggPage::kChecksumAt, 0, 4);
    const std::uint32_t checksum = ogg_checksum(bytes);
    std::memcpy(bytes.data() + OggPage::kChecksumAt, &checksum, sizeof checksum);
  }
  return moved;
}

}  // namespace feedline
