#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace feedline {

inline constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

/// One part of a PNG file. PNG specification, section 5.3.
struct PngChunk {
  std::string_view type;  ///< four letters
  std::span<const std::byte> content;
  std::span<const std::byte> whole;  ///< with length, type and checksum

  /// Whether it is none of the picture but says something about it: texts, colour profiles.
  bool is_metadata() const noexcept;

  /// Whether its checksum is right.
  bool is_intact() const noexcept;
};

/// The chunks of a PNG file, one after the other, up to its end chunk.
class PngChunks {
 public:
  explicit PngChunks(std::span<const std::byte> file) noexcept;

  /// Nothing when the end was reached, or what is left holds no whole chunk.
  std::optional<PngChunk> next() noexcept;

  /// What follows the last chunk.
  std::span<const std::byte> rest() const noexcept { return rest_; }

  bool reached_end() const noexcept { return reached_end_; }

 private:
  std::span<const std::byte> rest_;
  bool reached_end_ = false;
};

}  // namespace feedline
