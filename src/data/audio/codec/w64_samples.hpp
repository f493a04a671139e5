#pragma once

#include "sound_links.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// A Wave64 file up to the end of its samples: libsndfile decodes all that follows them as sound too. No
/// links of other files. Throws DecodeError when another recording follows.
SoundLinks find_w64_samples(std::span<const std::byte> file);

}  // namespace feedline
