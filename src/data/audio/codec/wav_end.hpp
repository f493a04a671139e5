#pragma once

#include "wav_header.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// Returns the end of the samples that begin at `body` and whose size is unknown: the begin of the known
/// chunks that end exactly at the end of the file.
std::uint64_t end_of_samples(std::span<const std::byte> file, std::uint64_t body) noexcept;

/// The number of bytes after the samples that `is_wav_end` examines.
constexpr std::size_t kWavEndSeen = 17;

/// Returns whether the bytes after the samples, `bytes_behind` in number and `behind` the first of them, are
/// valid there: none, or a chunk. Otherwise the size of the samples is wrong, or the bytes are not part of
/// the recording.
bool is_wav_end(std::span<const std::byte> behind, std::uint64_t bytes_behind) noexcept;

/// Corrects the size of the samples of a whole file where it is too small: no chunk follows the samples,
/// although the size of the file includes the bytes after them. Throws DecodeError when another recording
/// follows.
void correct_wav_end(std::span<const std::byte> file, WavHeader& header);

}  // namespace feedline
