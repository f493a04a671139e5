#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace feedline {

inline constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

/// One chunk of a PNG file. PNG specification, section 5.3.
struct PngChunk {
  std::string_view type;  ///< Four letters
  std::span<const std::byte> content;
  std::span<const std::byte> whole;  ///< Content with length, type and checksum

  /// Returns whether the chunk describes the picture and holds no part of it: texts, colour profiles.
  bool is_metadata() const noexcept;

  /// Returns whether the checksum is correct.
  bool is_intact() const noexcept;
};

/// The chunks of a PNG file, one after the other, up to its end chunk.
class PngChunks {
 public:
  explicit PngChunks(std::span<const std::byte> file) noexcept;

  /// Returns the next chunk, or std::nullopt at the end, and where the rest of the file holds no whole chunk.
  std::optional<PngChunk> next() noexcept;

  /// Returns the bytes after the last chunk.
  std::span<const std::byte> rest() const noexcept { return rest_; }

  bool reached_end() const noexcept { return reached_end_; }

 private:
  std::span<const std::byte> rest_;
  bool reached_end_ = false;
};

}  // namespace feedline
