#pragma once

#include "sound_links.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// AIFF, AU and CAF files, of which libsndfile decodes no more samples than their headers say: where the size
/// of the samples is wrong, behind a header that says the right one. No links of other files, and of good
/// ones. Throws DecodeError when another recording follows.
SoundLinks correct_sample_size(std::span<const std::byte> file);

}  // namespace feedline
