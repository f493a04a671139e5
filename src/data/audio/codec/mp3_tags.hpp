#pragma once

#include <cstddef>
#include <span>

namespace feedline {

/// Bytes of the tag (ID3, APE) at the beginning of `bytes`, no more than there are; 0: there is none.
std::size_t mp3_tag_bytes(std::span<const std::byte> bytes) noexcept;

/// The file without the tags (ID3v1, APE, Lyrics3) at its end.
std::span<const std::byte> without_last_tags(std::span<const std::byte> file) noexcept;

}  // namespace feedline
