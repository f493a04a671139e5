#include "mp3_info.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace feedline {
namespace {

constexpr std::uint32_t kHasFrames = 1, kHasBytes = 2, kHasTable = 4, kHasQuality = 8;
constexpr std::size_t kTable = 100;
/// The encoder's tag behind these, of which the last three bytes are the padding.
constexpr std::size_t kEncoderTag = 24, kPaddingAt = 21;
constexpr std::size_t kVbriAt = kMp3Header + 32, kVbriBytesAt = 10, kVbriFramesAt = 14;

std::uint32_t number(std::span<const std::byte> bytes, std::size_t at) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | std::to_integer<std::uint32_t>(bytes[at + i]);
  return value;
}

void put_number(std::span<std::byte> bytes, std::size_t at, std::uint32_t value) noexcept {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::byte>(value >> (24 - 8 * i) & 0xFFU);
}

bool is_named(std::span<const std::byte> bytes, std::size_t at, std::string_view name) noexcept {
  return std::memcmp(bytes.data() + at, name.data(), name.size()) == 0;
}

std::optional<Mp3Padding> padding_of(std::span<const std::byte> tag) noexcept {
  if (tag.size() < kEncoderTag || tag[0] == std::byte{0}) return std::nullopt;
  const std::uint32_t both = number(tag, kPaddingAt - 1) & 0xFFFFFFU;
  return Mp3Padding{both >> 12U, both & 0xFFFU};
}

std::optional<Mp3Info> parse_xing(std::span<const std::byte> rest) noexcept {
  Mp3Info info;
  const std::uint32_t flags = number(rest, 4);
  std::size_t at = 8;
  const auto next = [&](std::uint32_t flag) {
    const bool there = (flags & flag) != 0 && at + 4 <= rest.size();
    const std::uint32_t value = there ? number(rest, at) : 0;
    at += there ? 4 : 0;
    return value;
  };
  info.frames = next(kHasFrames);
  info.bytes = next(kHasBytes);
  if ((flags & kHasTable) != 0) at += kTable;
  next(kHasQuality);
  if (at < rest.size()) info.padding = padding_of(rest.subspan(at));
  return info;
}

/// The header of the smallest frame of this format that holds so many bytes, without a checksum.
Mp3Frame append_frame(std::vector<std::byte>& out, std::span<const std::byte> like, std::size_t least) {
  std::byte header[kMp3Header];
  std::memcpy(header, like.data(), kMp3Header);
  header[1] |= std::byte{1};
  Mp3Frame frame;
  for (unsigned bitrate = 1; bitrate < 15 && frame.bytes < least; ++bitrate) {
    header[2] = static_cast<std::byte>(bitrate << 4U) | (header[2] & std::byte{0x0C});
    frame = parse_mp3_frame(header).value();
  }
  const std::size_t begin = out.size();
  out.resize(begin + frame.bytes);
  std::memcpy(out.data() + begin, header, kMp3Header);
  return frame;
}

}  // namespace

std::optional<Mp3Info> parse_mp3_info(std::span<const std::byte> bytes, const Mp3Frame& frame) noexcept {
  if (!frame.is_layer3) return std::nullopt;
  if (bytes.size() >= kVbriAt + 18 && is_named(bytes, kVbriAt, "VBRI")) {
    Mp3Info info;
    info.is_xing = false;
    info.frames = number(bytes, kVbriAt + kVbriFramesAt);
    info.bytes = number(bytes, kVbriAt + kVbriBytesAt);
    return info;
  }
  const std::size_t at = kMp3Header + frame.side_bytes;
  if (bytes.size() < at + 8 || (!is_named(bytes, at, "Xing") && !is_named(bytes, at, "Info")))
    return std::nullopt;
  // The first two bytes may be a checksum; all else before the name is silence.
  const auto side = bytes.subspan(kMp3Header + 2, frame.side_bytes - 2);
  if (std::any_of(side.begin(), side.end(), [](std::byte byte) { return byte != std::byte{0}; }))
    return std::nullopt;
  return parse_xing(bytes.subspan(at));
}

void append_mp3_info(std::vector<std::byte>& out, std::span<const std::byte> like, const Mp3Info& info) {
  constexpr std::size_t kNameAndNumbers = 12;
  const std::size_t begin = out.size();
  const Mp3Frame format = parse_mp3_frame(like).value();
  const std::size_t at = begin + kMp3Header + format.side_bytes;
  append_frame(out, like, kMp3Header + format.side_bytes + kNameAndNumbers + kEncoderTag + kMp3Header);
  std::memcpy(out.data() + at, "Info", 4);
  put_number(out, at + 4, kHasFrames);
  put_number(out, at + 8, info.frames);
  if (!info.padding) return;
  const std::size_t tag = at + kNameAndNumbers;
  std::memcpy(out.data() + tag, "feedline", 8);
  put_number(out, tag + kPaddingAt - 1, info.padding->before << 12U | info.padding->behind);
}

void append_silent_mp3_frame(std::vector<std::byte>& out, std::span<const std::byte> like) {
  append_frame(out, like, 1);
}

}  // namespace feedline
