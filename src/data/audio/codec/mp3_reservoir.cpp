#include "mp3_reservoir.hpp"

#include "mp3_frame.hpp"

#include <algorithm>
#include <cstdint>

namespace feedline {
namespace {

/// No frame needs more of those before it.
constexpr std::size_t kMostBefore = 511;

std::size_t side_at(std::span<const std::byte> frame) noexcept {
  constexpr std::size_t kChecksum = 2;
  const bool has_checksum = (frame[1] & std::byte{1}) == std::byte{0};
  return kMp3Header + (has_checksum ? kChecksum : 0);
}

bool is_mpeg1(std::span<const std::byte> frame) noexcept {
  return (frame[1] & std::byte{0x08}) != std::byte{0};
}

/// Of the bytes of sound before the frame, how many belong to it: nine bits, of MPEG 2 eight.
std::size_t needed_before(std::span<const std::byte> frame) noexcept {
  const std::size_t at = side_at(frame);
  const auto first = std::to_integer<std::size_t>(frame[at]);
  return is_mpeg1(frame) ? first << 1U | std::to_integer<std::size_t>(frame[at + 1] >> 7) : first;
}

/// It goes on to name the bytes that are there: libmpg123 only keeps what a frame names for those behind it.
void silence(std::span<std::byte> frame, std::size_t side_end, std::size_t there) noexcept {
  const std::size_t at = side_at(frame);
  std::fill(frame.begin() + static_cast<std::ptrdiff_t>(at),
            frame.begin() + static_cast<std::ptrdiff_t>(side_end), std::byte{0});
  const std::size_t bits = is_mpeg1(frame) ? there << 7U : there << 8U;
  frame[at] = static_cast<std::byte>(bits >> 8U);
  frame[at + 1] = static_cast<std::byte>(bits & 0xFFU);
}

}  // namespace

std::size_t append_without_orphans(std::vector<std::byte>& out, std::span<const std::byte> frames) {
  std::size_t at = 0, done = 0, sound = 0;
  while (at < frames.size() && sound < kMostBefore) {
    const Mp3Frame frame = parse_mp3_frame(frames.subspan(at)).value();
    const auto bytes = frames.subspan(at, frame.bytes);
    const std::size_t side = side_at(bytes),
                      side_end = std::min<std::size_t>(side + frame.side_bytes, frame.bytes);
    at += frame.bytes;
    if (needed_before(bytes) > sound) {
      const auto all = frames.subspan(done, at - done);
      out.insert(out.end(), all.begin(), all.end());
      silence(std::span(out).last(frame.bytes), side_end, sound);
      done = at;
    }
    sound += frame.bytes - side_end;
  }
  return done;
}

}  // namespace feedline
