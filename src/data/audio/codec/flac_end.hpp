#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// Returns the samples of each channel up to the end of the last frame that begins in `tail`, the end of a
/// FLAC file; 0 when no frame is found there. `head` is the beginning of the file, with its STREAMINFO. RFC
/// 9639, 9.1.
std::uint64_t flac_frames_at_end(std::span<const std::byte> head, std::span<const std::byte> tail) noexcept;

/// Returns whether FLAC file `name` below `folder_fd` holds more samples of each channel than `frames`, by
/// its last frame: a header may state too few. Reads the beginning and the end of the file. False when they
/// cannot be read.
bool is_longer_flac(int folder_fd, const char* name, std::uint64_t frames) noexcept;

}  // namespace feedline
