#pragma once

#include "sound_links.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// Returns the streams of an MP3 file without the tags around them, each with an Info frame that states its
/// length. Returns no links when the file is not MP3.
SoundLinks find_mp3_links(std::span<const std::byte> file);

}  // namespace feedline
