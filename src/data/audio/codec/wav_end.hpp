#pragma once

#include "wav_header.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// Where the samples end that begin at `body` and whose size is not known: before the known chunks that end
/// exactly where the file does.
std::uint64_t end_of_samples(std::span<const std::byte> file, std::uint64_t body) noexcept;

/// Bytes behind the samples that `is_wav_end` looks at.
constexpr std::size_t kWavEndSeen = 17;

/// Whether the first bytes behind the samples, of `bytes_behind`, are what may follow there: none, or a
/// chunk. If not, the samples' size is wrong, or the bytes are none of the file's.
bool is_wav_end(std::span<const std::byte> behind, std::uint64_t bytes_behind) noexcept;

/// Corrects the size of the samples of a whole file where it is too small: no chunk follows them although the
/// file's own size counts what does. Throws DecodeError when another recording follows.
void correct_wav_end(std::span<const std::byte> file, WavHeader& header);

}  // namespace feedline
