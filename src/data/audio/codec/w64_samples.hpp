#pragma once

#include "sound_links.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// Returns a Wave64 file up to the end of its samples, because libsndfile would also decode the bytes after
/// them as sound. Returns no links for other files. Throws DecodeError when another recording follows.
SoundLinks find_w64_samples(std::span<const std::byte> file);

}  // namespace feedline
