#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace feedline {

/// A page of an Ogg file. RFC 3533, 6.
struct OggPage {
  static constexpr std::size_t kGranuleAt = 6, kChecksumAt = 22;  ///< Offsets of fields in the page

  std::size_t begin = 0, end = 0;  ///< Offsets of the page in the file
  std::int64_t granule = -1;       ///< Time at the end of its last packet; -1 when no packet ends in it
  std::uint32_t serial = 0;        ///< Number of its stream
  bool starts_stream = false;
  std::span<const std::byte> segments;  ///< Sizes of the pieces of the body; a piece below 255 ends a packet
  std::span<const std::byte> body;
};

/// Returns the page that begins at `at`, or std::nullopt when none does, or when it is cut short.
std::optional<OggPage> ogg_page_at(std::span<const std::byte> file, std::size_t at) noexcept;

}  // namespace feedline
