#pragma once

#include "sound_links.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// The links of a chained Ogg file, of each the one stream of sound alone. No links when it is no Ogg. Throws
/// DecodeError when several streams of sound run side by side.
SoundLinks find_ogg_links(std::span<const std::byte> file);

}  // namespace feedline
