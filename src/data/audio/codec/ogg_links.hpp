#pragma once

#include "sound_links.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// Returns the links of a chained Ogg file, reduced to their streams of sound. Returns no links when the file
/// is not Ogg. Throws DecodeError when several streams of sound run in parallel.
SoundLinks find_ogg_links(std::span<const std::byte> file);

}  // namespace feedline
