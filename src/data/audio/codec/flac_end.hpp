#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// Returns the samples of each channel up to the end of the last frame of a FLAC file; 0 when no frame begins
/// near its end, or when the file is not FLAC. The file's header may state fewer samples. RFC 9639, 9.1.
std::uint64_t flac_frames_at_end(std::span<const std::byte> file) noexcept;

}  // namespace feedline
