#pragma once

#include <feedline/data/audio/mel_spec.hpp>

#include <cstdint>
#include <vector>

namespace feedline {

/// Returns the position in a transform where the window begins; the window has win_length samples.
std::uint32_t window_begin(const MelSpec& spec) noexcept;

/// Returns the window in an array as long as the transform, with 0 around the window; computed in double.
std::vector<float> make_window(const MelSpec& spec);

}  // namespace feedline
