#pragma once

#include "png_chunks.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// A PNG file without its metadata, read piece by piece, so that no text or profile makes a picture
/// unreadable, however large or damaged it is.
class PngStream {
 public:
  explicit PngStream(std::span<const std::byte> file) noexcept;

  /// Fills `out` with the next bytes. Returns false when there are fewer.
  bool read(std::span<std::byte> out) noexcept;

  /// Returns whether the end chunk was reached and is whole.
  bool reached_end() const noexcept { return chunks_.reached_end(); }

 private:
  bool is_needed(const PngChunk& chunk) noexcept;
  bool next_part() noexcept;

  PngChunks chunks_;
  std::span<const std::byte> part_;
  bool has_palette_ = false;
  bool in_rest_ = false;
};

}  // namespace feedline
