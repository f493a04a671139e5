#pragma once

#include "sound_links.hpp"

#include <cstddef>
#include <span>

namespace feedline {

/// Returns an AIFF, AU or CAF file whose header states a wrong size of the samples with a corrected header,
/// because libsndfile decodes no more samples than the header states. Returns no links for other files and
/// for correct ones. Throws DecodeError when another recording follows.
SoundLinks correct_sample_size(std::span<const std::byte> file);

}  // namespace feedline
