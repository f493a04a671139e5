#pragma once

#include <cstddef>
#include <span>

namespace feedline {

/// Returns the size of the tag (ID3, APE) at the beginning of `bytes`, at most that of `bytes`; 0 when there
/// is none.
std::size_t mp3_tag_bytes(std::span<const std::byte> bytes) noexcept;

/// Returns the file without the tags (ID3v1, APE, Lyrics3) at its end.
std::span<const std::byte> without_last_tags(std::span<const std::byte> file) noexcept;

}  // namespace feedline
