#pragma once

#include "sound_links.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// The streams of an MP3 file without the tags around them, each with an Info frame that says how long it is.
/// No links when it is no MP3.
SoundLinks find_mp3_links(std::span<const std::byte> file);

}  // namespace feedline
